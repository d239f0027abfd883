import t from 'tap'
import { readSeed } from '../../src/seed/seed-file.ts'
import { openStore } from '../../src/stores/open-store.ts'
import { StoreAway } from '../../src/stores/profile-store.ts'
import { createTestMock } from '../support/mock.ts'

const statusOf = { live: '/__admin/health/live', ready: '/__admin/health/ready' }

// [health.live] [health.ready]
t.test('a mock is live and ready, for anybody who asks, also with --disable-admin-api', async (t) => {
  for (const adminAccess of [{ kind: 'disabled' }, { kind: 'token', token: 'a-token' }] as const) {
    const app = await createTestMock({}, { adminAccess })
    for (const url of Object.values(statusOf)) {
      const answer = await app.inject({ url, headers: { host: 'foreign.example' } })
      t.strictSame([answer.statusCode, answer.json()], [200, { status: 'ok' }])
    }
    await app.close()
  }
})

// [health.ready]
t.test('without its database a mock is live and not ready, until it is back', async (t) => {
  const store = await openStore(await readSeed(undefined))
  let isAway = true
  const check = async () => {
    if (isAway) throw new StoreAway('ECONNREFUSED')
  }
  const app = await createTestMock({}, { store: { ...store, check } })
  t.teardown(() => app.close())
  t.equal((await app.inject(statusOf.live)).statusCode, 200)
  const refused = await app.inject(statusOf.ready)
  t.strictSame([refused.statusCode, refused.headers['retry-after']], [503, '1'])
  t.strictSame(refused.json(), {
    status: 'unavailable',
    reason: 'the store cannot be reached: ECONNREFUSED',
  })
  const health = await app.inject('/__admin/health')
  t.strictSame([health.statusCode, health.headers['retry-after']], [503, '1'])
  t.match(health.json(), { status: 'unavailable', reason: refused.json().reason, uptimeSeconds: 0 })
  isAway = false
  t.equal((await app.inject(statusOf.ready)).statusCode, 200)
})

// [health.ready]
t.test('a mock that is going to stop is live and not ready', async (t) => {
  const stopping = new AbortController()
  const app = await createTestMock({}, { stopping: stopping.signal })
  t.teardown(() => app.close())
  t.equal((await app.inject(statusOf.ready)).statusCode, 200)
  stopping.abort()
  t.equal((await app.inject(statusOf.live)).statusCode, 200)
  const refused = await app.inject(statusOf.ready)
  t.equal(refused.statusCode, 503)
  t.strictSame(refused.json(), { status: 'unavailable', reason: 'the mock is stopping' })
})
