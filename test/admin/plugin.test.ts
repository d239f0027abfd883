import t from 'tap'
import { createMemoryStore } from '../../src/stores/memory-store.ts'
import { packageInfo } from '../../src/values/package-info.ts'
import { createTestMock } from '../support/mock.ts'
import { profileWith, seedWith } from '../support/seeds.ts'

t.test('GET /health tells status, version, contract and whole seconds of uptime', async (t) => {
  let now = 5000
  const app = await createTestMock({}, { now: () => now })
  t.teardown(() => app.close())
  await app.ready()
  const health = async () => (await app.inject('/__admin/health')).json()
  const { instance, seed, ...told } = await health()
  t.strictSame(told, { status: 'ok', version: packageInfo.version, contract: '1', uptimeSeconds: 0 })
  t.match([instance, seed], [/^\w+-\w+$/, /^[0-9a-f]{64}$/])
  now = 67_999
  t.equal((await health()).uptimeSeconds, 62)
})

// [health.instance]
t.test('health tells one start from another, and one seed from another, whatever was changed', async (t) => {
  const health = async (store?: ReturnType<typeof createMemoryStore>) => {
    const app = await createTestMock({}, store && { store })
    t.teardown(() => app.close())
    const ask = async () => (await app.inject('/__admin/health')).json()
    const first = await ask()
    await app.inject({ method: 'POST', url: '/__admin/settings', payload: { delay: 1 } })
    await app.inject({
      method: 'PUT',
      url: '/__admin/state',
      payload: seedWith({ profiles: [profileWith(7)] }),
    })
    t.match(await ask(), { instance: first.instance, seed: first.seed })
    return first
  }
  const own = createMemoryStore(seedWith({ personas: {}, profiles: [profileWith(1)] }))
  const [one, two, other] = [await health(), await health(), await health(own)]
  t.not(one.instance, two.instance)
  t.equal(one.seed, two.seed)
  t.not(one.seed, other.seed)
  await own.reseed(seedWith({ personas: {}, profiles: [profileWith(2)] }))
  t.not((await health(own)).seed, other.seed, 'a seed that was read anew')
})

t.test('an unknown path of the control plane answers 404 and tells what there is', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['DELETE', '/state'],
    ['POST', '/health'],
  ] as const) {
    const answer = await app.inject({ method, url: `/__admin${path}` })
    t.equal(answer.statusCode, 404)
    t.match(answer.json(), { message: /the control plane has .*\/health, .*\/tokens, .*\/reset.*\/state/ })
  }
})

t.test('a body above the limit answers 413', async (t) => {
  const app = await createTestMock({ bodyLimit: '20' })
  t.teardown(() => app.close())
  const payload = JSON.stringify({ persona: 'x'.repeat(20) })
  const answer = await app.inject({ method: 'POST', url: '/__admin/tokens', payload })
  t.equal(answer.statusCode, 413)
  t.strictSame(Object.keys(answer.json()), ['message'])
})

// [answer.failure]
t.test('an error that nobody foresaw answers 500 and tells nothing of its cause', async (t) => {
  const broken = async () => {
    throw new Error('the cause')
  }
  const store = createMemoryStore(seedWith({ profiles: [profileWith(1, { settings: { roleId: 1 } })] }))
  const world = { ...(await store.world('any')), toSeed: broken, update: broken, find: broken }
  const app = await createTestMock({ auth: 'off' }, { store: { ...store, world: async () => world } })
  t.teardown(() => app.close())
  const message = 'the mock failed; its log says why'

  const state = await app.inject('/__admin/state')
  t.strictSame([state.statusCode, state.json()], [500, { message }])
  const search = await app.inject('/api/mind/profiles')
  const { txId, ...body } = search.json()
  const details = 'the log of the mock has the cause beside this txId'
  t.strictSame([search.statusCode, body], [500, { error: 'the mock failed', details }])
  t.match(txId, /^[0-9a-f]{10}$/)
  t.not((await app.inject('/api/mind/profiles')).json().txId, txId)
})
