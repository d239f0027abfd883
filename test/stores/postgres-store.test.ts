import { createServer } from 'node:net'
import t from 'tap'
import { connectPostgres } from '../../src/stores/postgres-engine.ts'
import { StoreAway } from '../../src/stores/profile-store.ts'
import type { SqlEngine } from '../../src/stores/sql-engine.ts'
import { noPostgres, postgresPrograms, startPostgres } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { begunAnew, ids, renamed, seed, sqlStoreContract } from './sql-contract.ts'
import { storeContract } from './store-contract.ts'

const programs = postgresPrograms()
t.test('PostgreSQL', { skip: programs === undefined && noPostgres }, async (t) => {
  const server = await startPostgres(String(programs))
  const engines = [connectPostgres(server.url), connectPostgres(server.url)] as const
  t.teardown(async () => {
    for (const engine of engines) await engine.close()
    await server.stop()
  })
  const [engine] = engines
  let asked = 0
  await storeContract(t, 'the store on PostgreSQL', begunAnew(engine))
  sqlStoreContract(t, engine, () => engines[asked++ % 2] as SqlEngine)

  // [store.away]
  t.test('a database that goes away is said so, and is used again once it is back', async (t) => {
    const store = await begunAnew(engine)(seed)
    const world = await store.world('one')
    await world.update(ids, renamed('answered'))
    await server.kill()
    for (const use of [() => store.check(), () => world.profile(1), () => world.reset()])
      await t.rejects(async () => use(), { constructor: StoreAway, message: /ECONNREFUSED/ })
    await server.start()
    await until(() =>
      store.check().then(
        () => true,
        () => false,
      ),
    )
    t.equal((await world.profile(1))?.firstName, 'answered')
  })

  t.test('a connection that breaks in a transaction undoes it', async (t) => {
    const store = await begunAnew(engine)(seed)
    const world = await store.world('one')
    const broken = engine.transaction(async (query) => {
      await query("update enneo_mock.worlds set notes = '{}'")
      await query('select pg_terminate_backend(pg_backend_pid())')
    })
    await t.rejects(broken, { constructor: StoreAway, message: /terminat/ })
    t.equal((await world.notes.read()).scenario, 'happy')
  })

  t.test('an error of the statement itself is none of the database being away', async (t) => {
    const error = await engine.query('select nonsense').catch((caught) => caught)
    t.notOk(error instanceof StoreAway)
    t.match(error, { message: /nonsense/ })
  })

  t.test('a server that hangs up is said to be away', async (t) => {
    const hangingUp = createServer((socket) => socket.destroy())
    await new Promise<void>((listening) => hangingUp.listen(0, '127.0.0.1', listening))
    const { port } = hangingUp.address() as { port: number }
    const lost = connectPostgres(`postgres://mock@127.0.0.1:${port}/mock`)
    t.teardown(() => Promise.all([lost.close(), new Promise((closed) => hangingUp.close(closed))]))
    await t.rejects(lost.query('select 1'), { constructor: StoreAway, message: /\S/ })
  })

  t.test('many calls at once wait for one of few connections', async (t) => {
    const store = await begunAnew(engine)(seed)
    const slow = Array.from({ length: 20 }, (_, n) => store.world(`w${n}`))
    const worlds = await Promise.all(slow)
    await Promise.all(worlds.flatMap((world) => [world.update(ids, renamed('x')), world.toSeed()]))
    for (const world of worlds) t.equal((await world.profile(1))?.firstName, 'x')
  })
})
