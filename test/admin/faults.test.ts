import { once } from 'node:events'
import { Agent, request } from 'node:http'
import t, { type Test } from 'tap'
import type { Fault } from '../../schemas/fault.ts'
import { createMock } from '../../src/library/create-mock.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { bearer, signedIn } from '../support/signed-in.ts'

const seed = await readSeed()
const failure = (status: number) =>
  JSON.stringify({
    error: `the mock was asked to answer ${status}`,
    details: 'by a fault, a scenario or the header Prefer',
    txId: '…',
  })
const refusal = (status: number) => ({ success: false, message: `the mock was asked to answer ${status}` })

async function withFaults(t: Test, ...faults: Fault[]) {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  for (const fault of faults) await mock.fault(fault)
  const admin = (method: 'GET' | 'POST' | 'DELETE', path: string, payload?: unknown) =>
    mock.inject({
      method,
      url: `/__admin${path}`,
      ...(payload !== undefined && { payload: JSON.stringify(payload) }),
    })
  return { mock, admin, ...signedIn(mock) }
}

const change = [{ id: 5, lang: 'xx' }]

t.test('POST /faults answers with the armed fault, GET lists them, DELETE removes one or all', async (t) => {
  const { admin } = await withFaults(t)
  const first = { id: 'fault-1', matched: 0, injected: 0, status: 503, match: { userId: 1 } }
  const second = { id: 'fault-2', matched: 0, injected: 0, delay: '1-2', times: 3 }
  const third = { id: 'fault-3', matched: 0, injected: 0, body: null }
  t.strictSame((await admin('GET', '/faults')).json(), { faults: [] })
  t.strictSame((await admin('POST', '/faults', { status: 503, match: { userId: 1 } })).json(), first)
  t.strictSame((await admin('POST', '/faults', { delay: '1-2', times: 3 })).json(), second)
  t.strictSame((await admin('POST', '/faults', { body: null })).json(), third)
  t.strictSame((await admin('GET', '/faults')).json(), { faults: [first, second, third] })
  t.strictSame((await admin('DELETE', '/faults/fault-2')).json(), { status: 'removed' })
  t.strictSame((await admin('GET', '/faults')).json(), { faults: [first, third] })
  const gone = await admin('DELETE', '/faults/fault-2')
  t.equal(gone.statusCode, 404)
  t.match(gone.json(), { message: /there is no fault of that id/ })
  t.strictSame((await admin('DELETE', '/faults')).json(), { status: 'cleared' })
  t.strictSame((await admin('GET', '/faults')).json(), { faults: [] })
})

const bad: [fault: unknown, path: string | undefined][] = [
  [{}, undefined],
  [{ match: { method: 'PATCH' }, times: 1, after: 1, phase: 'after-commit' }, undefined],
  [{ status: 199 }, 'status'],
  [{ status: 600 }, 'status'],
  [{ status: '503' }, 'status'],
  [{ fault: 'RESET' }, 'fault'],
  [{ status: 500, phase: 'later' }, 'phase'],
  [{ status: 500, times: 0 }, 'times'],
  [{ status: 500, after: -1 }, 'after'],
  [{ status: 500, match: { url: '/a' } }, 'match.url'],
  [{ delay: -1 }, 'delay'],
  [{ delay: 60_001 }, 'delay'],
  [{ delay: 'slow' }, 'delay'],
  [{ headers: { 'x-a': 1 } }, 'headers.x-a'],
  [{ headers: { 'x-a': 'a\r\nb: c' } }, 'headers.x-a'],
  [{ headers: { 'x-a': 'ä' } }, 'headers.x-a'],
  [{ headers: { 'x a': 'a' } }, 'headers.x a'],
  [{ staus: 500 }, 'staus'],
  [{ repetition: true }, undefined],
  [{ status: 500, repetition: true }, undefined],
  [[], 'the document'],
  [null, 'the document'],
]

for (const [fault, path] of bad) {
  t.test(`POST /faults ${JSON.stringify(fault)} answers 400 and arms nothing`, async (t) => {
    const { admin } = await withFaults(t)
    const answer = await admin('POST', '/faults', fault)
    t.equal(answer.statusCode, 400)
    t.strictSame(
      answer.json().faults?.map((entry: { path: string }) => entry.path),
      path === undefined ? undefined : [path],
    )
    t.strictSame((await admin('GET', '/faults')).json(), { faults: [] })
  })
}

// [fault.reserved-headers]
t.test('headers that HTTP reserves for how a message is sent are refused', async (t) => {
  const { admin, get } = await withFaults(t)
  const names =
    'Trailer, Transfer-Encoding, Content-Length, Connection, Keep-Alive, TE, Upgrade, Proxy-Connection'
  for (const name of names.split(', ')) {
    for (const form of [name, name.toLowerCase(), name.toUpperCase()]) {
      const answer = await admin('POST', '/faults', { status: 500, headers: { [form]: 'a' } })
      t.equal(answer.statusCode, 400, form)
      t.match(answer.json().message, form)
    }
  }
  t.equal((await get('/profile')).statusCode, 200)
  for (const name of ['X-Trailer', 'Tea', 'Retry-After', 'Connection-Id'])
    t.equal((await admin('POST', '/faults', { times: 1, headers: { [name]: 'a' } })).statusCode, 200, name)
})

// [fault.spent]
t.test('faults that are spent make room for others', async (t) => {
  const { admin, get } = await withFaults(t)
  for (let n = 0; n < 1000; n += 1) await admin('POST', '/faults', { status: 500, times: 1 })
  t.equal((await admin('POST', '/faults', { status: 501 })).statusCode, 409)
  for (let n = 0; n < 3; n += 1) t.equal((await get('/profile')).statusCode, 500)
  t.equal((await admin('POST', '/faults', { status: 501 })).statusCode, 200)
  t.equal((await admin('GET', '/faults')).json().faults.length, 998)
})

// [fault.repetition]
t.test('what a browser sends again of a broken call is broken as well, and not counted', async (t) => {
  const mock = await createMock()
  t.teardown(() => mock.close())
  const admin = (method: 'DELETE' | 'POST', path: string, payload?: object) =>
    mock.inject({ method, url: `/__admin${path}`, ...(payload && { payload }) })
  for (const fault of ['CONNECTION_RESET_BY_PEER', 'EMPTY_RESPONSE'] as const) {
    for (const repetition of [true, false]) {
      await admin('DELETE', '/faults')
      const armed = await admin('POST', '/faults', { fault, times: 1, ...(repetition && { repetition }) })
      t.equal(/browser/.test(armed.json().note ?? ''), !repetition)
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      const send = (path: string) => {
        const call = request(mock.url + path, { agent, headers: bearer() }).end()
        return once(call, 'response').then(
          ([answer]) => {
            answer.resume()
            return once(answer, 'end').then(() => answer.statusCode)
          },
          () => 'broken',
        )
      }
      t.equal(await send('/health'), 200, 'a connection that is kept')
      t.equal(await send('/profile'), 'broken')
      t.equal(
        await send('/profile'),
        repetition ? 'broken' : 200,
        'as a browser does it, on a new connection',
      )
      t.equal(await send('/profile'), 200)
      t.match(await mock.faults(), [{ injected: 1 }])
      agent.destroy()
    }
  }
})

t.test('no more than 1,000 faults can be armed', async (t) => {
  const { admin } = await withFaults(t)
  for (let n = 0; n < 1000; n += 1) await admin('POST', '/faults', { status: 500 })
  const answer = await admin('POST', '/faults', { status: 500 })
  t.equal(answer.statusCode, 409)
  t.match(answer.json(), { message: /there are 1000 faults already: DELETE/ })
})

t.test('a fault whose body is nested deeper than can be sent is refused, or listed and sent', async (t) => {
  const { admin, get, mock } = await withFaults(t)
  const payload = `{"body":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
  const arming = await mock.inject({ method: 'POST', url: '/__admin/faults', payload })
  const armed = arming.statusCode === 200 ? 1 : 0
  t.ok([200, 400].includes(arming.statusCode), `answered ${arming.statusCode}`)
  t.equal((await admin('GET', '/faults')).json().faults?.length, armed)
  t.equal((await get('/profile')).statusCode, 200)
})

const answers: [what: string, fault: Fault, status: number, headers: Record<string, string>, body: string][] =
  [
    ['a status', { status: 503 }, 503, {}, failure(503)],
    ['403', { status: 403 }, 403, {}, '{"success":false}'],
    ['400', { status: 400 }, 400, {}, JSON.stringify({ results: [refusal(400)] })],
    ['200', { status: 200 }, 200, {}, '{"results":[]}'],
    ['a status nobody has', { status: 599 }, 599, {}, failure(599)],
    ['204', { status: 204 }, 204, {}, ''],
    ['a body', { body: { a: [1] } }, 200, { 'content-type': 'application/json; charset=utf-8' }, '{"a":[1]}'],
    ['a text', { status: 500, body: '<p>' }, 500, {}, '<p>'],
    ['null', { body: null }, 200, {}, 'null'],
    [
      'headers and a text',
      { status: 502, body: '<p>', headers: { 'Content-Type': 'text/html', 'X-A': 'b' } },
      502,
      { 'content-type': 'text/html', 'x-a': 'b' },
      '<p>',
    ],
    ['401', { status: 401 }, 401, { 'www-authenticate': 'Bearer' }, JSON.stringify(refusal(401))],
    ['429', { status: 429 }, 429, { 'retry-after': '1' }, JSON.stringify(refusal(429))],
    ['503', { status: 503 }, 503, { 'retry-after': '1' }, failure(503)],
    [
      'an own Retry-After',
      { status: 503, headers: { 'Retry-After': '7' } },
      503,
      { 'retry-after': '7' },
      failure(503),
    ],
  ]

const origin = 'http://localhost:5173'
const phases = ['before-commit', 'after-commit'] as const

for (const phase of phases) {
  for (const [what, fault, status, headers, body] of answers) {
    // [fault.marked]
    t.test(`a fault with ${what}, ${phase}: that is the answer, marked`, async (t) => {
      const { mock, patch } = await withFaults(t, { ...fault, phase })
      const answer = await patch(change, { origin })
      const text = answer.body.replace(/(?<="txId":")[0-9a-f]{10}(?="})/, '…')
      t.strictSame([answer.statusCode, text], [status, body])
      t.match(answer.headers, { ...headers, 'x-mock-fault': 'fault-1' })
      t.match(answer.headers, {
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': /X-Mock-Fault.*Retry-After/,
        vary: 'Origin',
      })
      const lang = phase === 'after-commit' ? 'xx' : seed.profiles[4]?.lang
      t.equal((await mock.profile(5)).lang, lang)
      t.match(await mock.requests(), [{ status, fault: 'fault-1' }])
    })
  }

  t.test(`headers alone, ${phase}, are added to the true answer, which is marked`, async (t) => {
    const { mock, patch } = await withFaults(t, { headers: { 'X-A': 'b' }, phase })
    const answer = await patch(change)
    t.strictSame(answer.json(), { results: [{ id: 5, success: true }] })
    t.match(answer.headers, { 'x-a': 'b', 'x-mock-fault': 'fault-1' })
    t.equal((await mock.profile(5)).lang, 'xx')
  })

  t.test(`a delay alone, ${phase}, comes before the true answer, which is marked`, async (t) => {
    const { patch } = await withFaults(t, { delay: 40, phase })
    const start = performance.now()
    const answer = await patch(change)
    t.ok(performance.now() - start >= 39)
    t.strictSame(answer.json(), { results: [{ id: 5, success: true }] })
    t.equal(answer.headers['x-mock-fault'], 'fault-1')
  })
}

t.test('a fault before the commit leaves the state as it was', async (t) => {
  const { mock, patch } = await withFaults(t, { status: 500 })
  for (let n = 0; n < 3; n += 1) await patch(change)
  t.strictSame(await mock.state(), seed)
})

t.test(
  'a fault after the commit: the batch was applied once, whole, and the answer is another',
  async (t) => {
    const { mock, patch } = await withFaults(t, { status: 500, phase: 'after-commit', times: 1 })
    const items = [
      { id: 5, lang: 'a', settings: { teamIds: [2] } },
      { id: 6, rawData: { n: 1 } },
      { id: 5, lang: 'b' },
      { id: 999, lang: 'c' },
    ]
    t.equal((await patch(items)).statusCode, 500)
    const expected = structuredClone(seed) as unknown as { profiles: Record<string, unknown>[] }
    const [five, six] = [expected.profiles[4], expected.profiles[5]]
    Object.assign(five ?? {}, { lang: 'b', settings: { ...(five?.settings as object), teamIds: [2] } })
    Object.assign(six ?? {}, { rawData: { n: 1 } })
    t.strictSame(await mock.state(), expected)
    t.match(await mock.requests(), [{ status: 500, fault: 'fault-1' }])
  },
)

// [fault.phase]
t.test('a fault after the commit counts neither refused calls nor those that changed nothing', async (t) => {
  const { mock, patch, get } = await withFaults(t, { status: 500, phase: 'after-commit', after: 1, times: 1 })
  const uncounted: [what: string, answer: { statusCode: number }, status: number][] = [
    ['without permission', await signedIn(mock, 3).patch(change), 403],
    ['for an enneo user', await signedIn(mock, 2).patch([{ id: 1, lang: 'xx' }]), 403],
    ['with a bad item', await patch([{ id: 5, lang: 1 }]), 400],
    ['with a failed item only', await patch([{ id: 999, lang: 'xx' }]), 200],
    ['with no item', await patch([]), 200],
    ['to read', await get('/profile'), 200],
  ]
  for (const [what, { statusCode }, status] of uncounted) t.equal(statusCode, status, `a call ${what}`)
  t.match(await mock.faults(), [{ matched: 0, injected: 0 }])
  const statuses = [await patch(change), await patch([{ id: 999 }, { id: 5 }]), await patch(change)]
  t.strictSame(
    statuses.map(({ statusCode }) => statusCode),
    [200, 500, 200],
  )
  t.match(await mock.faults(), [{ matched: 2, injected: 1 }])
})

t.test('PATCH /profile/{id} counts as committed when it has changed something', async (t) => {
  const { mock } = await withFaults(t, { status: 500, phase: 'after-commit' })
  const patch = (id: number, payload: string) =>
    mock.inject({ method: 'PATCH', url: `/api/mind/profile/${id}`, headers: bearer(), payload })
  t.equal((await patch(999, '{"lang":"xx"}')).statusCode, 404)
  t.equal((await patch(5, '{"settings":{"roleId":999}}')).statusCode, 400)
  t.equal((await patch(5, '{"lang":"xx"}')).statusCode, 500)
  t.equal((await mock.profile(5)).lang, 'xx')
})

t.test('match tells by method, path and who has signed in', async (t) => {
  const path = '/api/mind/profiles'
  const { mock, admin } = await withFaults(
    t,
    { status: 501, match: { method: 'PATCH', path, userId: 2 } },
    { status: 502, match: { method: 'get', path } },
    { status: 503, match: { path: '/api/mind/profile' } },
  )
  const admins = signedIn(mock)
  t.equal((await admins.patch(change)).statusCode, 200)
  t.equal((await signedIn(mock, 2).patch(change)).statusCode, 501)
  t.equal((await admins.get('/profiles?limit=1')).statusCode, 502)
  t.equal((await admins.get('/profile')).statusCode, 503)
  t.equal((await admins.get('/profile/1')).statusCode, 200)
  const counts = (await admin('GET', '/faults')).json().faults
  t.match(counts, [{ injected: 1 }, { injected: 1 }, { injected: 1 }])
})

t.test('a fault answers before permission and body are looked at, but after sign-in', async (t) => {
  const { mock } = await withFaults(t, { status: 418 })
  const ask = (headers: Record<string, string>, payload: string) =>
    mock.inject({ method: 'PATCH', url: '/api/mind/profiles', headers, payload })
  t.equal((await ask(bearer(3), '{')).statusCode, 418)
  t.equal((await ask({}, '{}')).statusCode, 401)
  t.match(await mock.faults(), [{ matched: 1 }])
})

t.test(
  'neither the control plane nor public paths nor preflights nor unknown paths are faulted',
  async (t) => {
    const { mock, get, admin } = await withFaults(t, { status: 418 })
    for (const path of ['/health', '/version', '/docs/open-api'])
      t.equal((await get(path)).statusCode, 200, path)
    t.equal((await get('/nothing')).statusCode, 404)
    t.equal((await admin('GET', '/state')).statusCode, 200)
    const headers = { origin, 'access-control-request-method': 'PATCH' }
    t.equal((await mock.inject({ method: 'OPTIONS', url: '/api/mind/profiles', headers })).statusCode, 204)
    t.match(await mock.faults(), [{ matched: 0 }])
  },
)

t.test(
  'times: 2 among 100 calls after the commit: all commit, exactly two are answered otherwise',
  async (t) => {
    const { mock, patch } = await withFaults(t, { status: 500, phase: 'after-commit', times: 2, after: 10 })
    const calls = Array.from({ length: 100 }, (_, n) => patch([{ id: 5, rawData: { [`n${n}`]: n } }]))
    const statuses = (await Promise.all(calls)).map(({ statusCode }) => statusCode)
    t.strictSame(
      [
        statuses.filter((status) => status === 500).length,
        statuses.filter((status) => status === 200).length,
      ],
      [2, 98],
    )
    t.equal(Object.keys((await mock.profile(5)).rawData ?? {}).length, 100)
  },
)

const delays: [payload: unknown, delay: unknown][] = [
  [{ delay: 0 }, 0],
  [{ delay: 500 }, 500],
  [{ delay: '200-800' }, '200-800'],
]

for (const [payload, delay] of delays) {
  t.test(`POST /settings ${JSON.stringify(payload)} sets the delay that GET shows`, async (t) => {
    const { admin } = await withFaults(t)
    t.strictSame((await admin('GET', '/settings')).json(), { delay: 0, now: null })
    t.strictSame((await admin('POST', '/settings', payload)).json(), { delay, now: null })
    t.strictSame((await admin('GET', '/settings')).json(), { delay, now: null })
  })
}

for (const payload of [{}, { delay: '5' }, { delay: 1.5 }, { delay: -1 }, { delay: 1e9 }, { wait: 5 }, []]) {
  t.test(`POST /settings ${JSON.stringify(payload)} answers 400, and the delay stays`, async (t) => {
    const { admin } = await withFaults(t)
    await admin('POST', '/settings', { delay: 7 })
    t.equal((await admin('POST', '/settings', payload)).statusCode, 400)
    t.strictSame((await admin('GET', '/settings')).json(), { delay: 7, now: null })
  })
}
