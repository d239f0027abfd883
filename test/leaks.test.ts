import { join } from 'node:path'
import t from 'tap'
import { type CreateMockOptions, createMock } from '../src/library/create-mock.ts'
import { openEventStream } from './support/event-stream.ts'
import { heapInUse } from './support/heap.ts'
import { exchange, requestText } from './support/raw-http.ts'
import { bearer, signedIn } from './support/signed-in.ts'
import { until } from './support/until.ts'

/** What a process holds on to besides memory: open handles by kind, and listeners by event. */
function held(): Record<string, number> {
  const counts: Record<string, number> = {}
  const add = (kind: string, count = 1) => {
    counts[kind] = (counts[kind] ?? 0) + count
  }
  for (const kind of process.getActiveResourcesInfo()) add(kind)
  for (const event of process.eventNames()) add(`on ${String(event)}`, process.listenerCount(event))
  return counts
}

/** Whether no more is held than before; sockets need a turn to end. */
async function isLetGo(before: Record<string, number>): Promise<Record<string, number>> {
  const more = () =>
    Object.fromEntries(Object.entries(held()).filter(([kind, count]) => count > (before[kind] ?? 0)))
  await until(() => Object.keys(more()).length === 0, 2000)
  return more()
}

async function use(options: CreateMockOptions): Promise<void> {
  const mock = await createMock(options)
  await signedIn(mock).patch([{ id: 5, lang: 'xx' }], { 'x-mock-sandbox': 'a' })
  if (options.listen !== false) await exchange(mock.url, requestText('GET', '/api/mind/profile', bearer()))
  await mock.close()
}

const kinds: [what: string, options: CreateMockOptions][] = [
  ['that listen', {}],
  ['without a socket', { listen: false }],
]

for (const [what, options] of kinds) {
  t.test(`100 mocks ${what}, one after the other: no handle, listener or memory is left`, async (t) => {
    for (let n = 0; n < 20; n += 1) await use(options)
    const before = held()
    const early = heapInUse()
    for (let n = 0; n < 80; n += 1) await use(options)
    t.strictSame(await isLetGo(before), {})
    const grown = (heapInUse() - early) / 1e6
    t.ok(grown < 10, `${grown.toFixed(1)} MB`)
  })
}

t.test('20 mocks at once leave nothing either', async (t) => {
  const before = held()
  await Promise.all(Array.from({ length: 20 }, () => use({})))
  t.strictSame(await isLetGo(before), {})
})

t.test('a mock with streams, waits and a watched seed leaves nothing', async (t) => {
  const seed = join(
    t.testdir({ 'seed.json': '{"personas":{},"roles":[],"teams":[],"profiles":[{"id":1,"settings":{}}]}' }),
    'seed.json',
  )
  // The first fetch of a process sets up what stays.
  await fetch('data:,')
  const before = held()
  for (let n = 0; n < 5; n += 1) {
    const mock = await createMock({ seed, watch: true })
    const events = await openEventStream(mock.adminUrl)
    await mock.delay(60_000)
    await mock.fault({ headers: { 'x-seen': 'yes' } })
    const waiting = exchange(mock.url, requestText('GET', '/api/mind/profile', bearer()))
    t.ok(await until(async () => (await mock.faults())[0]?.injected === 1))
    await mock.close()
    t.match((await waiting).received, /^HTTP\/1\.1 200 /)
    t.match(await events.next(), { status: 200 })
    t.equal(await events.next(), undefined)
  }
  t.strictSame(await isLetGo(before), {})
})

t.test('a start that fails leaves nothing', async (t) => {
  const busy = await createMock()
  t.teardown(() => busy.close())
  const before = held()
  for (let n = 0; n < 20; n += 1) {
    await t.rejects(createMock({ port: Number(new URL(busy.url).port) }))
    await t.rejects(createMock({ seed: '/nowhere.json' }))
    await t.rejects(createMock({ watch: true }))
  }
  t.strictSame(await isLetGo(before), {})
})

t.test('4,000 calls of every kind leave no memory beyond the journal', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  const { patch, get } = signedIn(mock)
  await mock.fault({ delay: 1, match: { path: '/api/mind/roles' } })
  const call = async (calls: number) => {
    for (let n = 0; n < calls; n += 50) {
      await Promise.all(
        Array.from({ length: 10 }, (_, at) => [
          patch([{ id: 5 + at, rawData: { n } }]),
          patch([{}]),
          get('/nothing'),
          get('/roles'),
          mock.inject('/api/mind/profile'),
        ]).flat(),
      )
    }
    return heapInUse()
  }
  const early = await call(1500)
  const grown = ((await call(2500)) - early) / 1e6
  t.ok(grown < 10, `${grown.toFixed(1)} MB`)
})
