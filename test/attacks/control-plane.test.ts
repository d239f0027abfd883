import t from 'tap'
import { createMock } from '../../src/library/create-mock.ts'
import { requestText, sendRaw } from '../support/raw-request.ts'

type Foreign = [who: string, headers: string[]]

const foreign: Foreign[] = [
  ['a foreign page', ['Origin: https://evil.example']],
  ['a page whose origin is null', ['Origin: null']],
  ['a page of a name that begins like localhost', ['Origin: http://localhost.evil.example']],
  ['a page of another scheme', ['Origin: file://localhost']],
  ['a page of a bare .localhost', ['Origin: http://.localhost']],
  [
    'an image of a foreign page',
    ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image'],
  ],
  [
    'a script of a foreign page',
    ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: script'],
  ],
  [
    'a form of a foreign page',
    ['Origin: https://evil.example', 'Sec-Fetch-Site: cross-site', 'Content-Type: text/plain'],
  ],
  [
    'a frame of a foreign page',
    ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe'],
  ],
  ['a name that was pointed here', ['Host: evil.example']],
  ['a name that was pointed here, with a port', ['Host: evil.example:8005']],
  [
    'a page of that name',
    ['Host: evil.example', 'Origin: http://evil.example', 'Sec-Fetch-Site: same-origin'],
  ],
  ['a name that was pointed at a proxy', ['X-Forwarded-Host: evil.example']],
  ['one behind two proxies', ['X-Forwarded-Host: localhost, evil.example']],
  ['another machine behind a proxy', ['X-Forwarded-For: 192.0.2.1']],
  ['another machine behind two', ['X-Forwarded-For: 192.0.2.1, 127.0.0.1']],
  ['another machine that says it is this one', ['X-Forwarded-For: 127.0.0.1', 'X-Forwarded-For: 192.0.2.1']],
]

const calls: [method: string, path: string, body?: string][] = [
  ['GET', '/state'],
  ['GET', '/requests'],
  ['GET', '/events'],
  ['POST', '/tokens', '{"persona":"admin"}'],
  ['POST', '/reset', ''],
  ['PUT', '/state', '{"personas":{},"roles":[],"teams":[],"profiles":[]}'],
  ['POST', '/faults', '{"status":500}'],
  ['POST', '/settings', '{"delay":60000}'],
  ['PUT', '/scenario', '{"name":"auth-expired"}'],
  ['DELETE', '/requests'],
]

/** The first Host that a request has counts, and requestText has written one. */
const withHeaders = (text: string, headers: string[]) =>
  headers.some((header) => header.startsWith('Host:')) ? text.replace('Host: localhost\r\n', '') : text

// [guard.forwarded]
t.test('no foreign page, name or machine uses the control plane', async (t) => {
  const mock = await createMock()
  t.teardown(() => mock.close())
  const { origin } = new URL(mock.url)
  const send = (method: string, path: string, headers: string[], body?: string) =>
    sendRaw(origin, withHeaders(requestText(method, path, headers, body), headers))
  await mock.fetch(`${mock.url}/profile`)
  const looks = async () => [await mock.state(), await mock.requests(), await mock.faults()]
  const before = await looks()
  for (const prefix of ['', '/__sandbox/a', `${origin}`, `${origin}/__sandbox/a`]) {
    for (const [who, headers] of foreign) {
      for (const [method, path, body] of calls) {
        const { status, headers: head } = await send(method, `${prefix}/__admin${path}`, headers, body)
        t.equal(status, 403, `${who}: ${method} ${prefix}${path}`)
        t.notMatch(head, /set-cookie/i)
      }
    }
  }
  t.strictSame(await looks(), before)
  const near = ['X-Forwarded-For: 127.0.0.1, ::1', 'X-Forwarded-Host: localhost:5173']
  t.equal((await send('GET', '/__admin/state', near)).status, 200, 'a proxy of this machine does')
})

const spellings = [
  '/__admin/state',
  '//__admin/state',
  '/__admin//state',
  '/__admin/./state',
  '/__admin/../__admin/state',
  '/__admin/health/../state',
  '/__admin/health/%2e%2e/state',
  '/__admin/health%2f..%2fstate',
  '/__admin/health/..;/state',
  '/__admin/health;/state',
  '/__admin;a=b/state',
  '/__admin/state;a=b',
  '/__admin/state/',
  '/__admin/state?/__admin/health',
  '/__admin/state#/__admin/health',
  '/__admin/state%3f',
  '/__admin/state%00',
  '/__ADMIN/state',
  '/__Admin/State',
  '/%5f%5fadmin/state',
  '/%5F%5Fadmin/%73tate',
  '/%255f%255fadmin/state',
  '/__admin%2fstate',
  '\\__admin\\state',
  '/api/mind/../../__admin/state',
  '/api/mind/%2e%2e/%2e%2e/__admin/state',
  '/api/mind/__admin/state',
  '/__sandbox/a/__admin/state',
  '/__sandbox/a//__admin/state',
  '/__sandbox/a/%5f%5fadmin/state',
  '/__sandbox/a/../../__admin/state',
  '/__sandbox/a/__sandbox/b/__admin/state',
  '/__sandbox/%61/__admin/state',
  '/__sandbox/a%2f__admin/__admin/state',
  'http://localhost/__admin/state',
  'http://localhost//__admin/state',
  'http://localhost/%5f%5fadmin/state',
  'https://evil.example/__admin/state',
  '__admin/state',
]

t.test('no spelling of an address gets around the token of the control plane', async (t) => {
  const mock = await createMock({ adminApiToken: 'the-right-one' })
  t.teardown(() => mock.close())
  const { origin } = new URL(mock.url)
  let guarded = 0
  for (const spelling of spellings) {
    for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS']) {
      for (const own of [
        [],
        ['Authorization: Bearer wrong'],
        ['Cookie: token=the-right-one'],
        ['X-Original-URL: /__admin/health'],
      ]) {
        const { status, body } = await sendRaw(origin, requestText(method, spelling, own))
        const isRefused = status >= 400 || (method === 'OPTIONS' && status === 204)
        t.ok(isRefused && !body.includes('personas'), `${method} ${spelling} answers ${status}`)
        if (status === 401) guarded += 1
      }
    }
  }
  t.ok(guarded > 50, 'several of them do lead there')
  const right = requestText('GET', '/__admin/state', ['Authorization: Bearer the-right-one'])
  t.match((await sendRaw(origin, right)).body, 'personas')
})

const vendorSpellings = spellings.map((spelling) =>
  spelling.replace(/__admin|%5f%5fadmin/gi, 'api/mind').replace(/state/i, 'profiles'),
)

t.test('no spelling of an address gets around the sign-in', async (t) => {
  const mock = await createMock()
  t.teardown(() => mock.close())
  const { origin } = new URL(mock.url)
  for (const spelling of [
    ...vendorSpellings,
    '/api/mind/health/../profiles',
    '/api/mind/docs/..;/profiles',
  ]) {
    for (const method of ['GET', 'PATCH']) {
      const { status, body } = await sendRaw(origin, requestText(method, spelling))
      t.ok(status >= 400 && !body.includes('"profiles":['), `${method} ${spelling} answers ${status}`)
    }
  }
})
