import t, { type Test } from 'tap'
import { createMock, type Mock } from '../../src/library/create-mock.ts'
import { developmentSecret } from '../../src/start.ts'
import { noPostgres, type PostgresServer, postgresPrograms, startPostgres } from '../support/postgres.ts'
import { signedIn } from '../support/signed-in.ts'
import { until } from '../support/until.ts'

const programs = postgresPrograms()

async function replicas(t: Test, server: PostgresServer): Promise<[Mock, Mock]> {
  const open = (reseed: boolean) =>
    createMock({ store: server.url, jwtSecret: developmentSecret, maxSandboxes: 3, reseed, selfCheck: true })
  const mocks: [Mock, Mock] = [await open(true), await open(false)]
  t.teardown(() => Promise.all(mocks.map((mock) => mock.close())))
  return mocks
}

t.test('mocks on one database behave as one', { skip: programs === undefined && noPostgres }, async (t) => {
  const server = await startPostgres(programs as string)
  t.teardown(() => server.stop())

  // [store.replicas]
  t.test('a change through one is seen through the other, by the same token', async (t) => {
    const [one, two] = await replicas(t, server)
    const headers = { authorization: `Bearer ${one.token('admin')}` }
    const send = (mock: Mock, lang: string) =>
      mock.fetch(`${mock.url}/profiles`, {
        method: 'PATCH',
        headers,
        body: JSON.stringify({ profiles: [{ id: 5, lang }] }),
      })
    t.equal((await send(one, 'xx')).status, 200)
    t.equal((await two.profile(5)).lang, 'xx')
    t.equal((await send(two, 'yy')).status, 200)
    t.equal((await one.profile(5)).lang, 'yy')
    await one.reset()
    t.equal((await two.profile(5)).lang, 'de')
  })

  t.test('snapshots, delay and scenario are theirs together', async (t) => {
    const [one, two] = await replicas(t, server)
    await signedIn(one).patch([{ id: 5, lang: 'xx' }])
    await one.snapshot('s')
    await two.reset()
    await two.restore('s')
    t.equal((await one.profile(5)).lang, 'xx')
    await one.scenario('flaky')
    const statuses: number[] = []
    for (let n = 0; n < 6; n += 1)
      statuses.push((await signedIn(n % 2 ? one : two).get('/profile')).statusCode)
    t.strictSame(statuses, [200, 200, 503, 200, 200, 503])
  })

  // [fault.times]
  t.test('a fault is injected exactly as often as it says, whoever is called', async (t) => {
    const [one, two] = await replicas(t, server)
    await one.fault({ status: 418, times: 7, after: 11 })
    const statuses = await Promise.all(
      Array.from(
        { length: 60 },
        async (_, n) => (await signedIn(n % 2 ? one : two).get('/profile')).statusCode,
      ),
    )
    t.equal(statuses.filter((status) => status === 418).length, 7)
    t.match(await two.faults(), [{ id: 'fault-1', injected: 7, matched: 18 }])
  })

  // [sandbox.limit]
  t.test('sandboxes make room for each other wherever they were used', async (t) => {
    const [one, two] = await replicas(t, server)
    const within = (mock: Mock, name: string) => signedIn(mock, 1, { 'x-mock-sandbox': name })
    const change = (mock: Mock, name: string) => within(mock, name).patch([{ id: 5, lang: name }])
    const lang = async (mock: Mock, name: string) =>
      (await within(mock, name).get('/profile/5')).json<{ lang: string }>().lang
    await change(one, 'a')
    await change(two, 'b')
    t.strictSame([await lang(two, 'a'), await lang(one, 'b')], ['a', 'b'])
    await change(one, 'c')
    await change(two, 'a')
    await change(two, 'd')
    t.strictSame([await lang(one, 'a'), await lang(one, 'c')], ['a', 'c'])
    t.equal(await lang(one, 'b'), 'de', 'b was used longest ago')
  })

  // [demo.reset]
  t.test(
    'a demo begins anew once, a visitor is known everywhere, and a restart makes up for a reset',
    async (t) => {
      const hour = 60 * 60_000
      const due = Math.ceil(Date.now() / hour) * hour
      let at = due - 200
      const open = (reseed: boolean, now: () => number) =>
        createMock(
          { store: server.url, jwtSecret: developmentSecret, adminApiToken: 'operator', demo: 60, reseed },
          now,
        )
      const now = () => at
      const mocks = [await open(true, now), await open(false, now)] as [Mock, Mock]
      t.teardown(() => Promise.all(mocks.map((mock) => mock.close())))
      const [one, two] = mocks
      const headers = { cookie: `enneo-mock-visitor=${'v'.repeat(32)}` }
      const within = (mock: Mock) => signedIn(mock, 1, headers)
      const lang = async (mock: Mock) => (await within(mock).get('/profile/5')).json<{ lang: string }>().lang
      const next = async (mock: Mock) =>
        (await mock.inject('/__admin/health')).json<{ nextResetAt: string }>().nextResetAt
      await within(one).patch([{ id: 5, lang: 'xx' }])
      t.equal(await lang(two), 'xx')
      t.strictSame(
        [await next(one), await next(two)],
        [due, due].map((at) => new Date(at).toISOString()),
      )
      at = due
      t.ok(await until(async () => (await lang(two)) === 'de'))
      await within(two).patch([{ id: 5, lang: 'yy' }])
      // Whoever comes late must not take away what was done since.
      t.ok(await until(async () => (await next(one)) === new Date(due + hour).toISOString()))
      t.equal(await lang(one), 'yy')
      const again = await open(false, now)
      t.equal(await lang(again), 'yy', 'a restart resets nothing')
      await again.close()
      const late = await open(false, () => now() + hour)
      t.teardown(() => late.close())
      t.equal(await lang(late), 'de', 'a reset that was missed is made up for')
    },
  )

  // [store.away]
  t.test('without the database calls get 503 and health says why, until it is back', async (t) => {
    const [one] = await replicas(t, server)
    t.equal((await signedIn(one).patch([{ id: 5, lang: 'xx' }])).statusCode, 200)
    const origin = new URL(one.url).origin
    await server.kill()
    const refused = await signedIn(one).patch([{ id: 5, lang: 'yy' }])
    t.strictSame([refused.statusCode, refused.headers['retry-after']], [503, '1'])
    t.match(refused.body, 'the store of the mock cannot be reached; try again')
    const state = await fetch(`${origin}/__admin/state`)
    t.strictSame([state.status, state.headers.get('retry-after')], [503, '1'])
    t.match(await state.text(), /the store cannot be reached: .*ECONNREFUSED/)
    const health = await fetch(`${origin}/__admin/health`)
    t.equal(health.status, 503)
    t.match(await health.json(), { status: 'unavailable', reason: /ECONNREFUSED/ })
    await server.start()
    t.ok(await until(async () => (await fetch(`${origin}/__admin/health`)).ok))
    t.equal((await one.profile(5)).lang, 'xx')
    t.equal((await signedIn(one).patch([{ id: 5, lang: 'yy' }])).statusCode, 200)
  })
})
