import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { readSeed } from '../../src/seed/seed-file.ts'
import { createMemoryStore } from '../../src/stores/memory-store.ts'
import { freshNotes } from '../../src/stores/world-notes.ts'
import { faultsOf } from '../../src/traffic/faults.ts'
import { chooseScenario, createSandboxes } from '../../src/traffic/sandboxes.ts'
import { sandboxName } from '../../src/values/sandbox-name.ts'
import { callRecord } from '../support/call-record.ts'
import { heapInUse } from '../support/heap.ts'
import { createTestMock } from '../support/mock.ts'
import { profileWith, seedWith } from '../support/seeds.ts'
import { bearer, signedIn } from '../support/signed-in.ts'

const seed = seedWith({ personas: { admin: 1 }, profiles: [profileWith(1), profileWith(2)] })
const openSandboxes = (maxSandboxes: number, journalLimit = 1024 * 1024) =>
  createSandboxes(createMemoryStore(seed), { maxSandboxes, journalLimit }, Date.now)

const names: [name: string, isValid: boolean][] = [
  ['a', true],
  ['A-b_c.9', true],
  ['...', true],
  ['.a', true],
  ['.', false],
  ['..', false],
  ['x'.repeat(64), true],
  ['', false],
  ['x'.repeat(65), false],
  ['a b', false],
  ['a/b', false],
  ['ä', false],
  ['a\n', false],
  ['the default world', false],
]

for (const [name, isValid] of names) {
  // [sandbox.name]
  t.test(`${JSON.stringify(name)} ${isValid ? 'names a sandbox' : 'names none'}`, async (t) => {
    t.equal(sandboxName.test(name), isValid)
  })
}

// [sandbox.limit]
t.test('the one used longest ago makes room; looking is no use', async (t) => {
  const sandboxes = await openSandboxes(2)
  const first = await sandboxes.open('a')
  await sandboxes.open('b')
  t.equal(await sandboxes.open('a'), first)
  t.strictSame(await sandboxes.names(), ['b', 'a'])
  t.ok(await sandboxes.find('b'))
  t.strictSame(await sandboxes.names(), ['b', 'a'])
  await sandboxes.open('c')
  t.strictSame(await sandboxes.names(), ['a', 'c'])
  t.notOk(await sandboxes.find('b'))
})

t.test('a sandbox that was dropped begins anew', async (t) => {
  const sandboxes = await openSandboxes(1)
  const first = await sandboxes.open('a')
  await first.world.replace(seedWith())
  await first.world.snapshots.take('s')
  await first.world.notes.change((notes) => {
    notes.delay = 5
    faultsOf(notes).arm({ status: 500 })
  })
  await sandboxes.open('b')
  const again = await sandboxes.open('a')
  t.not(again, first)
  t.strictSame(await again.world.toSeed(), seed)
  t.strictSame([await again.world.snapshots.list(), await again.world.notes.read()], [[], freshNotes()])
})

t.test('calls that open the same name at once share one sandbox', async (t) => {
  const sandboxes = await openSandboxes(3)
  const opened = await Promise.all(Array.from({ length: 50 }, () => sandboxes.open('a')))
  t.equal(new Set(opened).size, 1)
  t.strictSame(await sandboxes.names(), ['a'])
})

t.test('never more than the limit, however many are opened at once', async (t) => {
  const sandboxes = await openSandboxes(3)
  await Promise.all(Array.from({ length: 50 }, (_, n) => sandboxes.open(`n${n}`)))
  t.strictSame(await sandboxes.names(), ['n47', 'n48', 'n49'])
})

// [state.reset]
t.test('a reset leaves only the snapshots, and who watches the journal goes on watching', async (t) => {
  const sandboxes = await openSandboxes(1)
  const sandbox = sandboxes.default
  const ids: number[] = []
  sandbox.journal.subscribe(({ id }) => ids.push(id))
  sandbox.journal.add(callRecord())
  const { notes } = sandbox.world
  await chooseScenario(sandbox, 'empty')
  await notes.change((kept) => Object.assign(kept, { delay: 5, scenarioCalls: 3 }))
  await notes.change((kept) => faultsOf(kept).arm({ status: 500 }))
  await sandbox.world.snapshots.take('s')
  await sandboxes.reset(sandbox)
  t.strictSame([sandbox.journal.list(), await notes.read()], [[], freshNotes()])
  t.strictSame([await sandbox.world.toSeed(), await sandbox.world.snapshots.list()], [seed, ['s']])
  sandbox.journal.add(callRecord())
  t.strictSame(ids, [1, 1])
  t.equal((await notes.change((kept) => faultsOf(kept).arm({ status: 500 })))?.id, 'fault-1')
})

t.test(
  'the journals of all sandboxes share one limit, and one that is dropped gives its part back',
  async (t) => {
    const large = callRecord({ bodyText: 'x'.repeat(60 * 1024) })
    const sandboxes = await openSandboxes(2, 300 * 1024)
    const a = await sandboxes.open('a')
    const count = ({ journal }: typeof a) => journal.count({})
    for (let n = 0; n < 10; n += 1) a.journal.add(large)
    const b = await sandboxes.open('b')
    for (let n = 0; n < 10; n += 1) b.journal.add(large)
    t.strictSame([count(a), count(b)], [2, 2])
    const c = await sandboxes.open('c')
    for (let n = 0; n < 2; n += 1) c.journal.add(large)
    t.strictSame([count(a), count(b), count(c)], [0, 2, 2])
    // A call that was still on its way when its sandbox was dropped.
    a.journal.add(large)
    t.equal(count(a), 0)
    await sandboxes.resetAll()
    for (let n = 0; n < 10; n += 1) sandboxes.default.journal.add(large)
    t.equal(count(sandboxes.default), 4)
  },
)

t.test(
  'who watches is told of a sandbox that is there, and of one that is made later, until it stops',
  async (t) => {
    const sandboxes = await openSandboxes(2)
    const { journal } = await sandboxes.open('a')
    const told: string[] = []
    const stops = ['a', 'b'].map((name) => sandboxes.watch(name, ({ id }) => told.push(`${name}${id}`)))
    journal.add(callRecord())
    const later = await sandboxes.open('b')
    later.journal.add(callRecord())
    t.strictSame(told, ['a1', 'b1'])
    for (const stop of stops) stop()
    journal.add(callRecord())
    later.journal.add(callRecord())
    t.strictSame(told, ['a1', 'b1'])
  },
)

t.test('a reset of all leaves neither sandboxes nor snapshots', async (t) => {
  const sandboxes = await openSandboxes(5)
  for (const sandbox of [sandboxes.default, await sandboxes.open('a'), await sandboxes.open('b')]) {
    await sandbox.world.replace(seedWith())
    await sandbox.world.snapshots.take('s')
  }
  await sandboxes.resetAll()
  t.strictSame(await sandboxes.names(), [])
  for (const { world } of [sandboxes.default, await sandboxes.open('a')])
    t.strictSame([await world.toSeed(), await world.snapshots.list()], [seed, []])
})

// [scenario.begin]
t.test('a scenario with a state of its own is put over the seed and taken away again', async (t) => {
  const { default: sandbox } = await openSandboxes(1)
  const ids = async () => (await sandbox.world.toSeed()).profiles.map(({ id }) => id)
  await chooseScenario(sandbox, 'empty')
  t.strictSame(await ids(), [1])
  await chooseScenario(sandbox, 'flaky')
  t.strictSame(await ids(), [1, 2])
})

t.test('a scenario without a state of its own leaves what was written', async (t) => {
  const { default: sandbox } = await openSandboxes(1)
  const other = seedWith({ profiles: [profileWith(9)] })
  await sandbox.world.replace(other)
  await chooseScenario(sandbox, 'flaky')
  await chooseScenario(sandbox, 'happy')
  t.strictSame(await sandbox.world.toSeed(), other)
})

// From here on over the whole mock.

const own = await readSeed()
const langOf = async (app: FastifyInstance, id: number, name?: string) => {
  const headers = name === undefined ? {} : { 'x-mock-sandbox': name }
  return (await app.inject({ url: `/__admin/state/profiles/${id}`, headers })).json().lang
}

const refusals: [what: string, headers: Record<string, string>][] = [
  ['no token', {}],
  ['a bad token', { authorization: 'Bearer a.b.c' }],
  ['a token for nobody', bearer(999)],
  ['a bad cookie', { cookie: 'connect.sid=a.b.c' }],
  ['somebody represented who is nobody', { ...bearer(), 'x-enneo-on-behalf-of': '999' }],
]

for (const [what, headers] of refusals) {
  t.test(`with ${what} calls can neither make, use nor push out a sandbox`, async (t) => {
    const app = await createTestMock({ maxSandboxes: '2' })
    t.teardown(() => app.close())
    for (const name of ['old', 'new']) {
      await signedIn(app, 1, { 'x-mock-sandbox': name }).patch([{ id: 5, lang: name }])
    }
    const ask = (name: string) =>
      app.inject({ url: '/api/mind/profile', headers: { ...headers, 'x-mock-sandbox': name } })
    const strangers = await Promise.all(Array.from({ length: 200 }, (_, n) => ask(`stranger-${n}`)))
    t.ok(strangers.every(({ statusCode }) => statusCode === 401))
    // Were this a use of it, the other one would be dropped next.
    t.equal((await ask('old')).statusCode, 401)
    await signedIn(app, 1, { 'x-mock-sandbox': 'third' }).get('/profile')
    t.equal(await langOf(app, 5, 'new'), 'new')
    t.equal(await langOf(app, 5, 'old'), own.profiles[4]?.lang, 'the one used longest ago was dropped')
  })
}

// [journal.sandbox]
t.test('a refused sign-in is told to the sandbox if there is one, else to the default world', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const headers = { 'x-mock-sandbox': 'a' }
  const journal = async (more = {}) =>
    (await app.inject({ url: '/__admin/requests', headers: more }))
      .json()
      .requests.map(({ status, sandbox }: { status: number; sandbox?: string }) => [status, sandbox])
  await app.inject({ url: '/api/mind/profile', headers })
  t.strictSame(await journal(), [[401, 'a']])
  await signedIn(app).get('/profile', headers)
  await app.inject({ url: '/api/mind/profile', headers })
  t.strictSame(await journal(headers), [
    [200, 'a'],
    [401, 'a'],
  ])
  t.strictSame(await journal(), [[401, 'a']])
})

// [sandbox.sign-in]
t.test('who signs in is decided by the sandbox if it exists, else by the seed', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const headers = { 'x-mock-sandbox': 'a' }
  const ask = async (more = {}) => (await signedIn(app, 5).get('/profile', more)).statusCode
  t.strictSame([await ask(), await ask(headers)], [200, 200])
  const payload = { ...own, profiles: own.profiles.filter(({ id }) => id !== 5) }
  await app.inject({ method: 'PUT', url: '/__admin/state', headers, payload })
  t.strictSame([await ask(), await ask(headers)], [200, 401])
  await app.inject({ method: 'PUT', url: '/__admin/state', payload })
  t.strictSame([await ask(), await ask({ 'x-mock-sandbox': 'b' })], [401, 200])
})

const badNames = ['.', '..', 'a b', 'a/b', 'x'.repeat(65), 'a,b', '%', 'ä', '']
for (const name of badNames) {
  t.test(`X-Mock-Sandbox: ${JSON.stringify(name)} answers 400, signed in or not`, async (t) => {
    const app = await createTestMock()
    t.teardown(() => app.close())
    const message = 'X-Mock-Sandbox must be 1 to 64 letters, digits, dots, underscores or hyphens'
    const headers = { 'x-mock-sandbox': name }
    const update = await signedIn(app).patch([{ id: 5, lang: 'xx' }], headers)
    t.strictSame([update.statusCode, update.json()], [400, { results: [{ success: false, message }] }])
    const anonymous = await app.inject({ url: '/api/mind/profile', headers })
    t.strictSame([anonymous.statusCode, anonymous.json()], [400, { success: false, message }])
    const admin = await app.inject({ url: '/__admin/state', headers })
    t.strictSame([admin.statusCode, admin.json()], [400, { message }])
    // A client that takes addresses apart never sends a dot alone as part of one.
    if (!/^\.*$/.test(name)) {
      const url = `/__sandbox/${encodeURIComponent(name)}/api/mind/profile`
      const path = await app.inject({ url, headers: bearer() })
      t.strictSame([path.statusCode, path.json()], [400, { success: false, message }])
    }
    t.equal(await langOf(app, 5), own.profiles[4]?.lang)
  })
}

t.test('two X-Mock-Sandbox headers answer 400', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const headers = { ...bearer(), 'x-mock-sandbox': ['a', 'b'] }
  t.equal((await app.inject({ url: '/api/mind/profile', headers })).statusCode, 400)
})

// [sandbox.required]
t.test('--require-sandbox refuses calls of the API that name none, and nothing else', async (t) => {
  const app = await createTestMock({ requireSandbox: 'true' })
  t.teardown(() => app.close())
  const message = 'this mock wants a sandbox: send the header X-Mock-Sandbox'
  const update = await signedIn(app).patch([{ id: 5 }])
  t.strictSame([update.statusCode, update.json()], [400, { results: [{ success: false, message }] }])
  const read = await signedIn(app).get('/profile')
  t.strictSame([read.statusCode, read.json()], [400, { success: false, message }])
  for (const [url, status] of [
    ['/api/mind/health', 200],
    ['/api/mind/version', 200],
    ['/api/mind/docs/open-api', 200],
    ['/api/mind/nothing', 404],
    ['/__admin/state', 200],
    ['/__sandbox/a/api/mind/profile', 200],
  ] as const) {
    t.equal((await app.inject({ url, headers: bearer() })).statusCode, status, url)
  }
  t.equal((await signedIn(app).patch([{ id: 5 }], { 'x-mock-sandbox': 'a' })).statusCode, 200)
})

t.test('10,000 sandboxes one after the other: no more than the limit is kept in memory', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const lang = 'x'.repeat(2000)
  const { patch } = signedIn(app)
  const use = async (from: number, to: number) => {
    for (let n = from; n < to; n += 1) {
      const { statusCode } = await patch([{ id: 5, lang }], { 'x-mock-sandbox': `n${n}` })
      if (statusCode !== 200) t.fail(`${n} answered ${statusCode}`)
    }
    return heapInUse()
  }
  const early = await use(0, 2000)
  const late = await use(2000, 10_000)
  // What 8,000 more would take if they were kept is many times this.
  t.ok(late < early * 1.5, `${(early / 1e6).toFixed(1)} MB, then ${(late / 1e6).toFixed(1)} MB`)
  const kept: string[] = []
  for (const n of [9999, 9950, 9900, 0, 9898, 9899]) {
    const { requests } = (
      await app.inject({ url: '/__admin/requests', headers: { 'x-mock-sandbox': `n${n}` } })
    ).json()
    if (requests.length > 0) kept.push(`n${n}`)
  }
  t.strictSame(kept, ['n9999', 'n9950', 'n9900'])
})

t.test('who watches a sandbox that is there hears of its calls until that is stopped', async (t) => {
  const sandboxes = await openSandboxes(5)
  const sandbox = await sandboxes.open('a')
  const ids: number[] = []
  const stop = sandboxes.watch('a', ({ id }) => ids.push(id))
  const other = sandboxes.watch('a', () => {})
  sandbox.journal.add(callRecord())
  stop()
  sandbox.journal.add(callRecord())
  other()
  sandboxes.watch('nobody', () => {})()
  t.strictSame(ids, [1])
})

t.test('a sandbox that another copy has dropped is forgotten when the next one is opened', async (t) => {
  const store = createMemoryStore(seed)
  const sandboxes = await createSandboxes(store, { maxSandboxes: 5, journalLimit: 1024 * 1024 }, Date.now)
  await sandboxes.open('a')
  await store.drop('a')
  await sandboxes.open('b')
  t.strictSame(await sandboxes.names(), ['b'])
})
