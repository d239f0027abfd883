import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { JournalEntry, JournalMatch } from '../../schemas/journal.ts'
import { createMock } from '../../src/library/create-mock.ts'
import type { Given } from '../../src/settings.ts'
import { createTestMock } from '../support/mock.ts'
import { exchange, requestText } from '../support/raw-http.ts'
import { bearer, signedIn } from '../support/signed-in.ts'

async function opened(t: Test, given: Given = {}) {
  const app = await createTestMock(given, { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678) })
  t.teardown(() => app.close())
  const requests = async (): Promise<JournalEntry[]> =>
    (await app.inject('/__admin/requests')).json().requests
  const post = (path: string, match: unknown) =>
    app.inject({ method: 'POST', url: `/__admin/requests${path}`, payload: JSON.stringify(match) })
  return { app, requests, post, ...signedIn(app) }
}

t.test('an entry tells all of a call, newest last', async (t) => {
  const { app, requests, get } = await opened(t)
  const payload = '{"profiles":[{"id":5,"lang":"xx","nonsense":1},{"id":999}]}'
  const headers = { ...bearer(), 'content-type': 'text/plain', 'user-agent': 'a test' }
  await app.inject({ method: 'PATCH', url: '/api/mind/profiles?a=1', headers, payload })
  await get('/roles')
  const [first, second, ...others] = await requests()
  t.strictSame(others, [])
  t.strictSame(first, {
    id: 1,
    at: '2026-01-02T03:04:05.678Z',
    method: 'PATCH',
    path: '/api/mind/profiles',
    query: 'a=1',
    headers: {
      'content-length': String(payload.length),
      'content-type': 'text/plain',
      'user-agent': 'a test',
    },
    body: JSON.parse(payload),
    status: 200,
    userId: 1,
    violations: [
      {
        rule: 'content-type',
        message: 'Content-Type must be application/json (got another type)',
        expected: 'application/json',
        got: 'another type',
      },
      {
        path: 'a',
        rule: 'unknown-parameter',
        message: 'the query parameter a is not documented and was ignored',
        expected: 'a documented parameter',
        got: 'a',
      },
      {
        index: 0,
        id: 5,
        path: 'nonsense',
        rule: 'unknown-key',
        message: 'nonsense is not documented and was ignored',
        expected: 'a documented key',
        got: 'nonsense',
      },
      {
        index: 1,
        id: 999,
        path: 'id',
        rule: 'unknown-profile',
        message: 'there is no profile 999',
        expected: 'the id of a profile',
        got: '999',
      },
    ],
    violationCount: 4,
  })
  t.match(second, { id: 2, method: 'GET', path: '/api/mind/roles', violations: [], violationCount: 0 })
})

type Ask = { method?: 'GET' | 'PATCH'; path?: string; headers?: Record<string, string>; payload?: string }

const calls: [what: string, ask: Ask, entry: object][] = [
  ['no sign-in', { headers: {} }, { status: 401, reason: /sign-in is missing/, userId: undefined }],
  ['a bad token', { headers: { authorization: 'Bearer a.b.c' } }, { status: 401, reason: /malformed/ }],
  [
    'no permission',
    { headers: bearer(3) },
    { status: 403, userId: 3, reason: /does not hold updateSpecific/ },
  ],
  [
    'an enneo user as target',
    { headers: bearer(2), payload: '{"profiles":[{"id":1}]}' },
    {
      status: 403,
      userId: 2,
      reason: /does not hold enneoAdmin/,
    },
  ],
  [
    'a bad item',
    { payload: '{"profiles":[{"id":5,"lang":1}]}' },
    {
      status: 400,
      body: { profiles: [{ id: 5, lang: 1 }] },
      violations: [{ index: 0, id: 5, rule: 'schema', message: /profiles\[0\]\.lang must be a string/ }],
    },
  ],
  ['no JSON', { payload: '{"profiles"' }, { status: 400, body: undefined }],
  ['an empty body', { payload: '' }, { status: 400, body: undefined }],
  ['a body above the limit', { payload: JSON.stringify({ a: 'x'.repeat(2000) }) }, { status: 413 }],
  ['an unknown path', { method: 'GET', path: '/nothing' }, { status: 404, path: '/api/mind/nothing' }],
  ['another method', { path: '/roles' }, { status: 405, method: 'PATCH' }],
  ['an unknown profile', { method: 'GET', path: '/profile/999' }, { status: 404, userId: 1 }],
  ['a bad query', { method: 'GET', path: '/profiles?limit=0' }, { status: 400, query: 'limit=0' }],
  ['a path that cannot be decoded', { method: 'GET', path: '/%zz' }, { status: 404 }],
]

for (const [what, { method = 'PATCH', path = '/profiles', headers = bearer(), payload }, entry] of calls) {
  // [journal.reason]
  t.test(`a call with ${what} is journaled once, with the reason`, async (t) => {
    const { app, requests } = await opened(t, { bodyLimit: '1000' })
    const body = method === 'PATCH' ? { payload: payload ?? '{"profiles":[{"id":5}]}' } : {}
    await app.inject({
      method,
      url: `/api/mind${path}`,
      headers: { 'content-type': 'application/json', ...headers },
      ...body,
    })
    const found = await requests()
    t.match(found, [{ id: 1, reason: /./, ...entry }])
    t.equal(found.length, 1)
  })
}

// [journal.left-out]
t.test('neither control plane nor preflights nor public paths are journaled', async (t) => {
  const { app, requests, post } = await opened(t)
  for (const url of [
    '/__admin/state',
    '/__admin/health',
    '/__admin/nothing',
    '/',
    '/nothing',
    '/__sandbox/a/nothing',
  ])
    await app.inject(url)
  for (const path of ['/health', '/version', '/docs/open-api']) {
    for (const method of ['GET', 'HEAD'] as const) await app.inject({ method, url: `/api/mind${path}?a=1` })
  }
  await post('/count', {})
  for (const headers of [{}, { origin: 'http://localhost' }, { origin: 'https://evil.example' }]) {
    const asking = { ...headers, 'access-control-request-method': 'PATCH' }
    await app.inject({ method: 'OPTIONS', url: '/api/mind/profiles', headers: asking })
    await app.inject({ method: 'OPTIONS', url: '/api/mind/profiles', headers })
  }
  t.strictSame(await requests(), [])
})

t.test('DELETE /requests forgets the calls and nothing else', async (t) => {
  const { app, requests, patch } = await opened(t)
  await patch([{ id: 5, lang: 'xx' }])
  await app.inject({ method: 'POST', url: '/__admin/faults', payload: { delay: 1 } })
  const answer = await app.inject({ method: 'DELETE', url: '/__admin/requests' })
  t.strictSame([answer.statusCode, answer.json()], [200, { status: 'cleared' }])
  t.strictSame(await requests(), [])
  t.equal((await app.inject('/__admin/state/profiles/5')).json().lang, 'xx')
  t.equal((await app.inject('/__admin/faults')).json().faults.length, 1)
  await patch([])
  t.match(await requests(), [{ id: 1 }])
})

t.test('1,000 entries are kept', async (t) => {
  const { app, requests, post } = await opened(t)
  for (let n = 0; n < 1010; n += 1) await app.inject('/api/mind/nothing')
  const found = await requests()
  t.strictSame([found.length, found.at(0)?.id, found.at(-1)?.id], [1000, 11, 1010])
  t.strictSame((await post('/count', {})).json(), { count: 1000 })
})

const lengths: [what: string, filler: string, isCut: boolean][] = [
  ['of a few characters', 'x', false],
  ['of nearly 64 KiB', 'x'.repeat(65_000), false],
  ['of more than 64 KiB', 'x'.repeat(66_000), true],
  ['of 2 MiB', 'x'.repeat(2 * 1024 * 1024), true],
  ['whose quotes make it longer', '"'.repeat(40_000), true],
]

for (const [what, filler, isCut] of lengths) {
  t.test(`a body ${what} is ${isCut ? 'cut at 64 KiB' : 'kept whole'}`, async (t) => {
    const { app, requests, patch, post } = await opened(t)
    const items = [{ id: 5, rawData: { a: filler } }]
    t.equal((await patch(items)).statusCode, 200)
    const [entry] = await requests()
    t.equal(entry?.bodyIsCut, isCut ? true : undefined)
    const full = JSON.stringify({ profiles: items })
    if (isCut) t.equal(entry?.body, full.slice(0, 64 * 1024))
    else t.strictSame(entry?.body, { profiles: items })
    t.strictSame((await post('/count', { body: { profiles: [] } })).json(), { count: isCut ? 0 : 1 })
    t.equal((await app.inject('/__admin/state/profiles/5')).json().rawData.a.length, filler.length)
  })
}

t.test('around 64 KiB every length of a body can be shown', async (t) => {
  const { app, requests } = await opened(t)
  for (let length = 65_536 - 40; length <= 65_536; length += 1) {
    const payload = `{"a":"${'x'.repeat(length)}","profiles":[],"b":[{}]}`
    await app.inject({ method: 'PATCH', url: '/api/mind/profiles', headers: bearer(), payload })
    await setImmediate()
  }
  const found = await requests()
  t.equal(found?.length, 41)
  t.ok(found?.every(({ body, bodyIsCut }) => (typeof body === 'string') === (bodyIsCut === true)))
})

t.test('large and hostile bodies fill at most 16 MiB and some', async (t) => {
  const { app } = await opened(t)
  const item = { id: 'x', firstName: 1, lastName: 2, email: 3, phone: 4, lang: 5, isSsoOnly: 'x', type: 6 }
  const payload = JSON.stringify({ profiles: Array(1000).fill(item) })
  for (let n = 0; n < 30; n += 1)
    await app.inject({ method: 'PATCH', url: '/api/mind/profiles', headers: bearer(), payload })
  const size = (await app.inject('/__admin/requests')).rawPayload.length / 1024 / 1024
  t.ok(size < 18, `${size.toFixed(1)} MiB`)
})

const finds: [match: JournalMatch, ids: number[]][] = [
  [{}, [1, 2, 3, 4, 5]],
  [{ method: 'PATCH' }, [1, 2, 4]],
  [{ method: 'GET', status: 200 }, [3]],
  [{ path: '/api/mind/roles' }, [3]],
  [{ status: 400 }, [2]],
  [{ status: 401 }, [5]],
  [{ userId: 3 }, [3, 4]],
  [{ violation: 'schema' }, [2]],
  [{ violation: 'unknown-key' }, [1]],
  [{ violation: 'nothing' }, []],
  [{ body: { profiles: [{ id: 5 }] } }, [1, 2, 4]],
  [{ body: { profiles: [{ id: 5, lang: 'xx' }] } }, [1]],
  [{ body: { profiles: [{ rawData: { a: { b: [2] } } }] } }, [1]],
  [{ body: { profiles: [{ password: '[redacted]' }] } }, [1]],
  [{ method: 'PATCH', status: 403, userId: 3, body: { profiles: [] } }, [4]],
]

// [journal.match]
t.test('POST /requests/find and /count match on every criterion, and on all that are named', async (t) => {
  const { app, post, patch } = await opened(t)
  await patch([{ id: 6 }, { id: 5, lang: 'xx', rawData: { a: { b: [1, 2] } }, password: 'x', nonsense: 1 }])
  await patch([{ id: 5, lang: 1 }])
  await signedIn(app, 3).get('/roles')
  await signedIn(app, 3).patch([{ id: 5 }])
  await app.inject('/api/mind/profile')
  for (const [match, ids] of finds) {
    const { requests } = (await post('/find', match)).json()
    const about = JSON.stringify(match)
    t.strictSame(
      requests.map(({ id }: JournalEntry) => id),
      // What permission refuses is never read, so its body is not known.
      match.body === undefined ? ids : ids.filter((id) => id !== 4),
      about,
    )
    t.strictSame((await post('/count', match)).json(), { count: requests.length }, about)
  }
})

for (const match of [{ url: '/a' }, { status: '200' }, { method: 1 }, { userId: 1.5 }, [], null, 1]) {
  t.test(`POST /requests/count and /find ${JSON.stringify(match)} answer 400`, async (t) => {
    const { post } = await opened(t)
    for (const path of ['/count', '/find']) {
      const answer = await post(path, match)
      t.equal(answer.statusCode, 400)
      t.ok(answer.json().faults.length > 0)
    }
  })
}

// [journal.exact]
t.test('1,000 calls, each followed at once by a count: it is never behind', async (t) => {
  const { app, patch, get } = await opened(t)
  const behind: unknown[] = []
  for (let n = 1; n <= 1000; n += 1) {
    const answer = n % 3 === 0 ? await get('/nothing') : n % 3 === 1 ? await patch([]) : await patch([{}])
    const { count } = (
      await app.inject({ method: 'POST', url: '/__admin/requests/count', payload: {} })
    ).json()
    if (count !== n) behind.push([answer.statusCode, n, count])
  }
  t.strictSame(behind, [])
})

t.test('over a socket, too, a count that is sent when the answer comes is never behind', async (t) => {
  const mock = await createMock()
  t.teardown(() => mock.close())
  const behind: unknown[] = []
  const headers = { ...bearer(), 'content-type': 'application/json' }
  for (let n = 1; n <= 200; n += 1) {
    const { status } = await fetch(`${mock.url}/profiles`, {
      method: 'PATCH',
      headers,
      body: '{"profiles":[]}',
    })
    const answer = await fetch(`${mock.adminUrl}/requests/count`, { method: 'POST', body: '{"status":200}' })
    const { count } = (await answer.json()) as { count: number }
    if (count !== n) behind.push([status, n, count])
  }
  t.strictSame(behind, [])
})

t.test('two calls in one packet are journaled in their order', async (t) => {
  const mock = await createMock()
  t.teardown(() => mock.close())
  const first = requestText('PATCH', '/api/mind/profiles', { ...bearer(), Connection: 'keep-alive' }, '{}')
  const { received } = await exchange(mock.url, first + requestText('GET', '/api/mind/profile', bearer()))
  t.strictSame(received.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 400', 'HTTP/1.1 200'])
  t.match(await mock.requests(), [{ status: 400 }, { status: 200 }])
})

t.test('100 calls at once are all there, each once, with its own body and answer', async (t) => {
  const { requests, patch } = await opened(t)
  await Promise.all(Array.from({ length: 100 }, (_, n) => patch([{ id: n < 50 ? 5 : 999, rawData: { n } }])))
  const found = await requests()
  const seen = found.map(
    ({ body }) => (body as { profiles: [{ rawData: { n: number } }] }).profiles[0].rawData.n,
  )
  t.strictSame(new Set(seen).size, 100)
  t.ok(found.every(({ violationCount }, index) => violationCount === ((seen[index] ?? 0) < 50 ? 0 : 1)))
})

// X-Mock-Violations says to the caller what the journal says to everybody.

const hostile = 'a → "b" \\ 😀 \r\nSet-Cookie: c=d\u0000\u2028'
const bodies: [what: string, items: unknown[]][] = [
  ['unknown keys of any characters', [{ id: 5, [hostile]: 1 }]],
  [
    '10,000 unknown keys',
    [{ id: 5, ...Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`k${n}→`, n])) }],
  ],
  ['an unknown key of 100,000 characters', [{ id: 5, ['→'.repeat(100_000)]: 1 }]],
  ['an unknown key in settings', [{ id: 5, settings: { [hostile]: hostile } }]],
  ['10,000 items for nobody', Array.from({ length: 10_000 }, (_, n) => ({ id: 1000 + n }))],
  ['a bad status of any characters', [{ id: 5, settings: { status: hostile } }]],
  ['bad items', Array.from({ length: 3000 }, () => ({ id: 5, lang: 1, firstName: {}, [hostile]: [] }))],
  ['items that are none', [null, 1, hostile, [], {}]],
  ['an id of any characters', [{ id: hostile }]],
]

for (const [what, items] of bodies) {
  t.test(`X-Mock-Violations with ${what}: ASCII JSON of at most 4 KiB that fits the journal`, async (t) => {
    const mock = await createMock()
    t.teardown(() => mock.close())
    const answer = await fetch(`${mock.url}/profiles`, {
      method: 'PATCH',
      headers: { ...bearer(), 'content-type': 'application/json' },
      body: JSON.stringify({ profiles: items }),
    })
    t.ok([200, 400].includes(answer.status), `answered ${answer.status}`)
    await answer.json()
    const header = answer.headers.get('x-mock-violations') ?? ''
    t.match(header, /^\[[\x20-\x7e]*\]$/)
    t.ok(header.length <= 4096, `${header.length} bytes`)
    t.notOk(answer.headers.has('set-cookie'))
    const shown = JSON.parse(header)
    t.ok(shown.length > 0)
    const [entry] = await mock.requests()
    const marker = shown.findIndex(({ rule }: { rule: string }) => rule === 'truncated')
    const whole = marker === -1 ? shown : shown.slice(0, marker)
    const told = entry?.violations.map(({ expected, got, misfits, ...violation }) => violation)
    t.strictSame(whole, told?.slice(0, whole.length))
    const left = (entry?.violationCount ?? 0) - whole.length
    t.strictSame(
      shown.slice(whole.length),
      left === 0 ? [] : [{ rule: 'truncated', message: `${left} more` }],
    )
    t.ok((entry?.violations.length ?? 0) <= 1000)
  })
}

t.test('a call without violations has no such header', async (t) => {
  const { patch } = await opened(t)
  t.notOk('x-mock-violations' in (await patch([{ id: 5, lang: 'xx' }])).headers)
})
