import t from 'tap'
import { createMock } from '../../src/library/create-mock.ts'
import { requestText, sendRaw } from '../support/raw-request.ts'

/** As much as the head of a request may have, and a body far beyond. */
const head = 60_000
const body = 2_000_000

const long = (part: string, length: number, end = '') => part.repeat(length / part.length) + end

type Costly = [what: string, request: (token: string) => string]
const get = (path: string, headers: string[] = []) => requestText('GET', path, headers)
const patch = (token: string, text: string) =>
  requestText('PATCH', '/api/mind/profiles', [`Authorization: Bearer ${token}`], text)

/** What makes an expression that goes back and forth take longer than anybody waits. */
const costly: Costly[] = [
  ...[
    `Authorization: Bearer ${long(' ', head)}`,
    `Authorization: Bearer ${long('a ', head)}`,
    `Authorization: Bearer ${long('a.', head)}`,
    `Prefer: ${long('code=', head, '!')}`,
    `Prefer: code${long(' ', head)}=`,
    `Prefer: code=${long(' ', head, '!')}`,
    `Cookie: connect.sid=${long('"', head)}`,
    `Cookie: ${long('connect.sid=a;', head)}`,
    `Content-Type: application/${long('a+', head, '!')}`,
    `Content-Type: application/json${long(' ', head, '!')}`,
    `Content-Type: a; ${long('token', head, '!')}`,
    `Content-Type: ${long('a=', head)}`,
    `Content-Type: a; b${long(' ', head)}`,
    `User-Agent: ${long('ey', head)}`,
    `User-Agent: ${long('eyaaaaaaaa.', head)}`,
    `User-Agent: eyaaaaaaaa.${long('a', head)}`,
    `Origin: http://${long('a.', head)}localhos`,
    `Origin: http://${long('localhost.', head)}`,
    `Host: ${long('a.', head)}localhos`,
    `X-Mock-Sandbox: ${long('a', head, '!')}`,
    `X-Forwarded-For: ${long(' ', head, '!')}`,
    `X-Forwarded-For: ${long(', ', head)}`,
    `X-Enneo-On-Behalf-Of: ${long('1', head, '!')}`,
  ].map(
    (header): Costly => [
      header.slice(0, 50).replaceAll('  ', ''),
      (token) =>
        get('/api/mind/profile', [
          ...(header.startsWith('Auth') ? [] : [`Authorization: Bearer ${token}`]),
          header,
        ]),
    ],
  ),
  ...['/', '%2f', 'a/', '..;/', '/api/mind', '?', '%', '*/'].map(
    (part): Costly => [`a path of ${part}`, () => get(`/api/mind/${long(part, head)}`)],
  ),
  ...['password', 'p-a-s-s-', 'a[', '[]', '&', '=', 'q=ey', 'limit=1&'].map(
    (part): Costly => [
      `a query of ${part}`,
      (token) => get(`/api/mind/profiles?${long(part, head)}`, [`Authorization: Bearer ${token}`]),
    ],
  ),
  ...['p-', 'pass_word', 'c o o k i e ', 'ey', 'eyaaaaaaaa.', '[', '-_. ', '1e', '\\u0070'].map(
    (part): Costly => [
      `rawData with a key and a text of ${part}`,
      (token) =>
        patch(token, `{"profiles":[{"id":5,"rawData":{"${long(part, body)}":"${long(part, body)}"}}]}`),
    ],
  ),
  [
    'an image that is nearly base64',
    (token) => patch(token, `{"profiles":[{"id":5,"image":"${long('A', body, '!')}"}]}`),
  ],
  [
    'a number of many digits',
    (token) => patch(token, `{"profiles":[{"id":5,"rawData":{"a":${long('1', body)}}}]}`),
  ],
  [
    'a date of many digits',
    (token) => patch(token, `{"profiles":[{"id":5,"lastSeen":"${long('2022-', body)}"}]}`),
  ],
  ...['*/', '{a}/', '{', '(a+)+', '.*', '[^/]+'].map(
    (part): Costly => [
      `a match by a path of ${part}`,
      () => requestText('POST', '/__admin/requests/count', [], `{"path":"/api/mind/${long(part, head)}"}`),
    ],
  ),
]

// Twenty times what the slowest of them takes, and nothing beside what an exponential one would.
const patience = 2000

t.setTimeout(120_000)

t.test('no text makes a pattern take long', async (t) => {
  const mock = await createMock({ bodyLimit: 8 * body })
  t.teardown(() => mock.close())
  const { origin } = new URL(mock.url)
  const token = mock.token('admin')
  await mock.fetch(`${mock.url}/${long('a/', head)}`)
  for (const [what, request] of costly) {
    const begun = performance.now()
    const { status } = await sendRaw(origin, request(token))
    t.ok(performance.now() - begun < patience, what)
    t.ok(status > 0 && status < 500, `${what} answers ${status}`)
  }
})
