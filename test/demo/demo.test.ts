import t, { type Test } from 'tap'
import { demoLimits } from '../../src/demo/demo.ts'
import { type CreateMockOptions, createMock, type Mock } from '../../src/library/create-mock.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { until } from '../support/until.ts'

const adminApiToken = 'of-the-operator'
const operator = { authorization: `Bearer ${adminApiToken}` }
const hour = 60 * 60_000

async function demo(t: Test, options: CreateMockOptions = {}, now?: () => number): Promise<Mock> {
  const mock = await createMock({ demo: 60, adminApiToken, listen: false, ...options }, now)
  t.teardown(() => mock.close())
  return mock
}

type Sent = {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  headers?: Record<string, string>
  payload?: object
}

const asOperator = async <T>(mock: Mock, path: string): Promise<T> =>
  (await mock.inject({ url: `/__admin${path}`, headers: operator })).json()
const sandboxes = async (mock: Mock) =>
  (await asOperator<{ sandboxes: object[] }>(mock, '/sandboxes')).sandboxes.length

/** A browser of its own: it keeps the cookies that it gets. */
function visitor(mock: Mock) {
  const cookies = new Map<string, string>()
  const call = async (url: string, { headers, ...more }: Sent = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await mock.inject({ url, ...more, headers: { ...(cookie && { cookie }), ...headers } })
    for (const { name, value } of answer.cookies) cookies.set(name, value)
    return answer
  }
  return {
    cookies,
    call,
    signIn: () => call('/__admin/tokens', { method: 'POST', payload: { persona: 'admin' } }),
    patch: (items: readonly object[]) =>
      call('/api/mind/profiles', { method: 'PATCH', payload: { profiles: items } }),
    lang: async () => (await call('/api/mind/profile/5')).json<{ lang: string }>().lang,
  }
}

// [demo.visitor]
t.test('each visitor signs in and changes a world that no other one sees', async (t) => {
  const mock = await demo(t)
  const [ann, bob] = [visitor(mock), visitor(mock)]
  for (const who of [ann, bob]) t.equal((await who.signIn()).statusCode, 200)
  t.equal((await ann.patch([{ id: 5, lang: 'xx' }])).statusCode, 200)
  t.strictSame([await ann.lang(), await bob.lang()], ['xx', 'de'])
  t.equal((await mock.profile(5)).lang, 'de', 'the default world is nobody’s')
  t.equal((await ann.call('/__admin/state/profiles/5')).json().lang, 'xx')
  t.equal((await ann.call('/__admin/requests')).json().requests.length, 2)
  t.equal((await bob.call('/__admin/requests')).json().requests.length, 1)
  t.equal((await bob.call('/__admin/reset', { method: 'POST' })).statusCode, 200)
  t.equal(await ann.lang(), 'xx')
})

// [demo.cookie]
t.test('the cookie cannot be guessed nor read by a page, and its value is shown nowhere', async (t) => {
  const mock = await demo(t)
  const who = visitor(mock)
  const first = await who.call('/api/mind/profile')
  t.equal(first.statusCode, 401)
  const [cookie] = [first.headers['set-cookie']].flat()
  t.match(cookie, /^enneo-mock-visitor=[A-Za-z0-9_-]{32}; Path=\/; HttpOnly; SameSite=Lax$/)
  const made = new Set<string>()
  for (let n = 0; n < 50; n += 1) {
    const one = visitor(mock)
    await one.call('/__admin/scenario')
    made.add(String(one.cookies.get('enneo-mock-visitor')))
  }
  t.equal(made.size, 50)
  await who.signIn()
  t.equal((await who.call('/api/mind/profile')).headers['set-cookie'], undefined, 'it is kept')
  const secret = String(who.cookies.get('enneo-mock-visitor'))
  const seen = [
    await who.call('/__admin/requests'),
    await mock.inject({ url: '/__admin/sandboxes', headers: operator }),
  ]
  for (const { statusCode, body } of seen) {
    t.equal(statusCode, 200)
    t.notMatch(body, secret)
  }
  const chosen = visitor(mock)
  chosen.cookies.set('enneo-mock-visitor', 'guess')
  await chosen.call('/__admin/scenario')
  t.match(chosen.cookies.get('enneo-mock-visitor'), /^[\w-]{32}$/, 'one that was made up is replaced')
})

// [demo.names]
t.test('a sandbox cannot be named, by header or prefix, and the answer says what to do', async (t) => {
  const mock = await demo(t)
  const headers = { 'x-mock-sandbox': 'a' }
  for (const [url, sent, shape] of [
    ['/api/mind/profile', { headers }, { success: false }],
    ['/__admin/state', { headers }, {}],
    ['/__sandbox/a/api/mind/profile', {}, { success: false }],
    ['/__sandbox/a/__admin/state', {}, {}],
  ] as const) {
    const answer = await visitor(mock).call(url, sent)
    t.equal(answer.statusCode, 400, url)
    t.match(answer.json(), { ...shape, message: /GET \/__demo\/new/ })
  }
  t.equal(await sandboxes(mock), 1, 'none was made')
})

// [demo.control]
t.test('without the admin token the control plane is the own sandbox and health', async (t) => {
  const mock = await demo(t)
  const who = visitor(mock)
  await who.signIn()
  for (const [method, url] of [
    ['GET', '/__admin/sandboxes'],
    ['POST', '/__admin/reset?all=true'],
    ['POST', '/__admin/reset?all=false&all=true'],
    ['GET', '/__admin/metrics'],
  ] as const) {
    const answer = await who.call(url, { method })
    t.ok([403, 404].includes(answer.statusCode), `${url} ${answer.statusCode}`)
  }
  const refused = await who.call('/__admin/sandboxes')
  t.strictSame([refused.statusCode, /admin token/.test(refused.json().message)], [403, true])
  t.equal((await who.call('/__admin/state', { headers: { authorization: 'Bearer wrong' } })).statusCode, 401)
  for (const url of ['state', 'requests', 'faults', 'settings', 'scenario', 'snapshots', 'coverage'])
    t.equal((await who.call(`/__admin/${url}`)).statusCode, 200, url)
  const foreign = { origin: 'https://evil.example' }
  t.equal((await who.call('/__admin/reset', { method: 'POST', headers: foreign })).statusCode, 403)
  const image = { 'sec-fetch-site': 'cross-site' }
  t.equal((await who.call('/__admin/state', { headers: image })).statusCode, 403)
  t.equal(await sandboxes(mock), 2)
  const reset = { method: 'POST', url: '/__admin/reset?all=true', headers: operator } as const
  t.equal((await mock.inject(reset)).statusCode, 200)
  t.equal(await sandboxes(mock), 1)
})

// [demo.items] [demo.caps]
t.test('calls of a visitor are limited in items, bytes and snapshots', async (t) => {
  const mock = await demo(t)
  const who = visitor(mock)
  await who.signIn()
  const items = (count: number) => Array.from({ length: count }, () => ({ id: 5, lang: 'xx' }))
  t.equal((await who.patch(items(demoLimits.items))).statusCode, 200)
  await who.call('/__admin/reset', { method: 'POST' })
  const many = await who.patch(items(demoLimits.items + 1))
  t.equal(many.statusCode, 413)
  t.strictSame(many.json(), { success: false, message: 'a call to this demo takes at most 1000 items' })
  t.equal(await who.lang(), 'de', 'nothing was written')
  const long = { id: 5, rawData: { text: 'x'.repeat(demoLimits.body) } }
  t.equal((await who.patch([long])).statusCode, 413)
  const state = await who.call('/__admin/state', { method: 'PUT', payload: long })
  t.equal(state.statusCode, 413)
  for (let n = 0; n < demoLimits.snapshots; n += 1)
    t.equal((await who.call(`/__admin/snapshots/${n}`, { method: 'POST' })).statusCode, 200)
  t.equal((await who.call('/__admin/snapshots/more', { method: 'POST' })).statusCode, 409)
  const fault = { method: 'POST', payload: { status: 418, after: 99 } } as const
  for (let n = 0; n < demoLimits.faults; n += 1)
    t.equal((await who.call('/__admin/faults', fault)).statusCode, 200)
  const oneMore = await who.call('/__admin/faults', fault)
  t.strictSame(
    [oneMore.statusCode, oneMore.json().message],
    [409, 'there are 10 faults already: DELETE /__admin/faults'],
  )
})

// [demo.caps]
t.test('the sandbox used longest ago makes room for a new visitor', async (t) => {
  const mock = await demo(t, { maxSandboxes: 2 })
  const visitors = [visitor(mock), visitor(mock), visitor(mock)]
  for (const who of visitors) {
    await who.signIn()
    await who.patch([{ id: 5, lang: 'xx' }])
  }
  t.equal(await sandboxes(mock), 3)
  t.equal(await visitors[2]?.lang(), 'xx')
  t.equal(await visitors[0]?.lang(), 'de')
})

// [demo.rate]
t.test('one address has so many calls a minute, and others theirs', async (t) => {
  const mock = await demo(t)
  const call = (url: string, remoteAddress: string, headers = {}) =>
    mock.inject({ url, remoteAddress, headers })
  for (let n = 0; n < demoLimits.calls; n += 1) await call('/__nowhere', '192.0.2.1')
  for (const [url, shape] of [
    ['/api/mind/profile', { success: false }],
    ['/__admin/state', {}],
    ['/__demo/new', { success: false }],
  ] as const) {
    const forwarded = { 'x-forwarded-for': '192.0.2.99' }
    const refused = await call(url, '192.0.2.1', forwarded)
    t.equal(refused.statusCode, 429, url)
    t.match(refused.json(), { ...shape, message: /600 calls a minute/ })
    const wait = Number(refused.headers['retry-after'])
    t.ok(wait >= 1 && wait <= 60)
  }
  t.equal((await call('/__admin/health', '192.0.2.1')).statusCode, 200, 'probes are not counted')
  t.equal((await call('/api/mind/profile', '192.0.2.2')).statusCode, 401)
})

// [demo.rate]
t.test('behind a trusted proxy each forwarded address counts for itself', async (t) => {
  const mock = await demo(t, { trustedProxy: ['192.0.2.0/24'] })
  const call = (forwarded: string) =>
    mock.inject({
      url: '/api/mind/profile',
      remoteAddress: '192.0.2.1',
      headers: { 'x-forwarded-for': forwarded },
    })
  for (let n = 0; n < demoLimits.calls; n += 1) await call('198.51.100.1')
  t.equal((await call('198.51.100.1')).statusCode, 429)
  t.equal(
    (await call('203.0.113.9, 198.51.100.1')).statusCode,
    429,
    'what a client says of itself is not believed',
  )
  t.equal((await call('198.51.100.2')).statusCode, 401)
})

// [demo.link] [demo.link-target]
t.test('a link opens a fresh sandbox and leads to a trusted app, and nowhere else', async (t) => {
  const mock = await demo(t, { corsOrigin: ['https://app.example'] })
  const follow = (to: string) => visitor(mock).call(`/__demo/new?to=${encodeURIComponent(to)}`)
  const who = visitor(mock)
  await who.signIn()
  await who.patch([{ id: 5, lang: 'xx' }])
  const fresh = await who.call('/__demo/new')
  t.match([fresh.statusCode, fresh.headers.location], [302, '/__admin/'])
  t.equal(await who.lang(), 'de')
  for (const to of ['https://app.example/start?a=1#b', 'http://localhost:5173/']) {
    const answer = await follow(to)
    t.match([answer.statusCode, answer.headers.location, answer.cookies.length], [302, to, 1])
  }
  for (const to of [
    '//evil.example',
    '\\\\evil.example',
    '/\\evil.example',
    'https:\\\\evil.example',
    'https:evil.example',
    'https:///evil.example',
    'https://app.example\\@evil.example',
    'https://app.example@evil.example',
    'https://user:secret@app.example/',
    'https://app.example:8443/',
    'http://app.example/',
    'https://app.example.evil.example/',
    'https://evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://app.example/\r\nSet-Cookie: a=b',
    'https://app.example/\tx',
    ' https://app.example/',
    'https://[/',
    '/__admin/',
    '',
    'null',
  ]) {
    const answer = await follow(to)
    t.strictSame([answer.statusCode, answer.headers.location, answer.cookies], [400, undefined, []], to)
    t.match(answer.json().message, /--cors-origin/)
  }
  const twice = await visitor(mock).call('/__demo/new?to=https://app.example/&to=https://evil.example/')
  t.equal(twice.statusCode, 400)
})

// [demo.reset] [demo.aligned] [demo.dates]
t.test('everything begins anew at whole multiples of the minutes, and its dates are fresh', async (t) => {
  const due = Math.ceil(Date.now() / hour) * hour
  let at = due - 200
  const mock = await demo(t, {}, () => at)
  const who = visitor(mock)
  await who.signIn()
  await who.patch([{ id: 5, lang: 'xx' }])
  await visitor(mock).signIn()
  t.equal(await sandboxes(mock), 3)
  await mock.snapshot('kept')
  await mock.scenario('empty')
  const health = async () => (await who.call('/__admin/health')).json()
  const newest = async () =>
    (await mock.state()).profiles
      .map(({ lastSeen = '' }) => lastSeen)
      .sort()
      .at(-1)
  t.equal((await health()).nextResetAt, new Date(due).toISOString())
  t.equal(await who.lang(), 'xx')
  at = due
  t.ok(await until(async () => (await who.lang()) === 'de'))
  t.equal((await health()).nextResetAt, new Date(due + hour).toISOString())
  t.equal(await newest(), new Date(due).toISOString().slice(0, 19).replace('T', ' '))
  t.strictSame(await asOperator(mock, '/snapshots'), { snapshots: [] })
  t.equal(await sandboxes(mock), 2, 'the visitor who came back, and the default world')
  t.ok((await mock.state()).profiles.length > 0, 'no scenario is left')
})

t.test('the dates of a seed move together, and what is no date stays', async (t) => {
  const { withFreshDates } = await import('../../src/seed/fresh-dates.ts')
  const seed = await readSeed()
  const [one, two, ...rest] = seed.profiles
  if (!one || !two) throw new Error('the seed has profiles')
  const profiles = [
    { ...one, lastSeen: '2020-01-01 10:00:00' },
    { ...two, lastSeen: '2020-01-01 09:30:00' },
    { ...two, id: 900, lastSeen: 'never' },
  ]
  const fresh = withFreshDates({ ...seed, profiles }, Date.parse('2030-05-05T12:00:00Z'))
  t.strictSame(
    fresh.profiles.map(({ lastSeen }) => lastSeen),
    ['2030-05-05 12:00:00', '2030-05-05 11:30:00', 'never'],
  )
  const without = { ...seed, profiles: rest.map(({ lastSeen: _, ...profile }) => profile) }
  t.equal(withFreshDates(without, 0), without)
})

t.test('a demo that could not work is refused with a sentence', async (t) => {
  await t.rejects(createMock({ demo: 60, disableAdminApi: true }), {
    message: 'Visitors of a --demo sign in through the control plane; leave out --disable-admin-api.',
  })
  await t.rejects(createMock({ demo: 60, watch: true, seed: 'fixtures/default-seed.json' }), {
    message: 'A --demo begins anew by the clock; leave out --watch.',
  })
})
