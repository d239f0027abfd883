import { createServer } from 'node:net'
import t, { type Test } from 'tap'
import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import { openPglite } from '../../src/stores/pglite-engine.ts'
import { connectPostgres } from '../../src/stores/postgres-engine.ts'
import { type ProfileStore, StoreAway, type World } from '../../src/stores/profile-store.ts'
import type { SqlEngine } from '../../src/stores/sql-engine.ts'
import { openSqlStore } from '../../src/stores/sql-store.ts'
import { noPostgres, postgresPrograms, startPostgres } from '../support/postgres.ts'
import { profileWith, seedWith } from '../support/seeds.ts'
import { until } from '../support/until.ts'
import { storeContract } from './store-contract.ts'

/** How often each of 10 writers writes; `npm run test:stores` races 1,000 rounds. */
const rounds = Number(process.env.ROUNDS ?? 20)

const many = (count: number) => Array.from({ length: count }, (_, index) => profileWith(index + 1))
const seed = seedWith({ profiles: many(20) })
const ids = seed.profiles.map(({ id }) => id)

/** The same engine for one store after the other. */
const shared = (engine: SqlEngine): SqlEngine => ({ ...engine, close: async () => {} })
const begunAnew = (engine: SqlEngine) => (seed: Seed) => openSqlStore(shared(engine), seed, true)

const renamed = (firstName: string) => (stored: Pick<ReadonlyMap<number, StoredProfile>, 'get'>) => ({
  changed: ids.map((id) => ({ ...(stored.get(id) as StoredProfile), firstName })),
  result: undefined,
})

/** Each writer owns a key of `rawData`, and writes its number of the round into all profiles. */
async function race(stores: readonly ProfileStore[], writers: number, rounds: number): Promise<World> {
  const worlds = await Promise.all(stores.map((store) => store.world('one')))
  const write = async (writer: number) => {
    const world = worlds[writer % worlds.length] as World
    // Each begins elsewhere, so that locks are asked for in every order.
    const order = [...ids.slice(writer), ...ids.slice(0, writer)]
    for (let round = 1; round <= rounds; round += 1) {
      await world.update(order, (stored) => ({
        changed: order.map((id) => {
          const profile = stored.get(id) as StoredProfile
          const { total = 0 } = (profile.rawData ?? {}) as { total?: number }
          return { ...profile, rawData: { ...profile.rawData, [`writer${writer}`]: round, total: total + 1 } }
        }),
        result: undefined,
      }))
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  return worlds[0] as World
}

function sqlStoreTests(t: Test, engine: SqlEngine, another: () => SqlEngine): void {
  t.test('what is there stays, whatever seed is given beside it, until it is to begin anew', async (t) => {
    const first = await begunAnew(engine)(seed)
    t.equal(first.wasKept, false)
    await (await first.world('one')).update(ids, renamed('changed'))
    const other = seedWith({ profiles: [profileWith(1)] })
    const kept = await openSqlStore(shared(engine), other, false)
    t.equal(kept.wasKept, true)
    const world = await kept.world('one')
    t.equal((await world.profile(20))?.firstName, 'changed')
    await world.reset()
    t.strictSame((await world.toSeed()).profiles, seed.profiles)
    const anew = await openSqlStore(shared(engine), other, true)
    t.strictSame([anew.wasKept, await anew.names()], [false, []])
    t.strictSame((await (await anew.world('one')).toSeed()).profiles, other.profiles)
    await anew.close()
  })

  t.test('seeds and states that nothing holds are not kept', async (t) => {
    const store = await begunAnew(engine)(seed)
    const world = await store.world('one')
    for (let n = 1; n <= 3; n += 1) {
      await world.replace(seedWith({ profiles: [profileWith(n)] }))
      await world.snapshots.take('s')
    }
    await store.world('two')
    await store.reseed(seedWith())
    await world.snapshots.remove('s')
    await world.replace(seedWith())
    const count = async (table: string) =>
      Number((await engine.query(`select count(*) as n from enneo_mock.${table}`))[0]?.n)
    t.strictSame([await count('seeds'), await count('states')], [1, 2])
    await store.drop('two')
    await store.drop('one')
    t.equal(await count('states'), 0)
  })

  t.test('a bulk takes a handful of statements, however many items it has', async (t) => {
    const statements: string[] = []
    const counted: SqlEngine = {
      ...shared(engine),
      transaction: (run) =>
        engine.transaction((query) =>
          run((statement, values) => {
            statements.push(statement)
            return query(statement, values)
          }),
        ),
    }
    const profiles = many(5000)
    const world = await (await openSqlStore(counted, seedWith({ profiles }), true)).world('one')
    await world.profile(1)
    statements.length = 0
    await world.update(
      profiles.map(({ id }) => id),
      () => ({ changed: profiles.map((profile) => ({ ...profile, firstName: 'x' })), result: undefined }),
    )
    t.equal(statements.length, 3, statements.join('\n'))
    t.equal((await world.find({ text: 'x' }, { offset: 4999, limit: 2 }))[0]?.id, 5000)
  })

  t.test('a page loads the profiles that it shows, also when the seed changes meanwhile', async (t) => {
    const store = await begunAnew(engine)(seed)
    const world = await store.world('one')
    await world.update(ids, renamed('changed'))
    const page = await world.find({}, { offset: 3, limit: 2 })
    t.strictSame(
      page.map(({ id, firstName }) => [id, firstName]),
      [
        [4, 'changed'],
        [5, 'changed'],
      ],
    )
    let queries = Number.NEGATIVE_INFINITY
    const replacing: SqlEngine = {
      ...shared(engine),
      query: async (statement, values) => {
        queries += 1
        if (queries === 2) await world.replace(seedWith({ profiles: [profileWith(8), profileWith(9)] }))
        return engine.query(statement, values)
      },
    }
    const late = await (await openSqlStore(replacing, seed, false)).world('one')
    queries = 0
    t.strictSame(await late.find({}, { offset: 0, limit: 1 }), [profileWith(8)])
  })

  t.test('a seed that gives way while it is read is looked for again', async (t) => {
    const store = await begunAnew(engine)(seed)
    const world = await store.world('one')
    const other = seedWith({ profiles: [profileWith(9)] })
    let replace: undefined | (() => Promise<void>)
    const replacing: SqlEngine = {
      ...shared(engine),
      query: async (statement, values) => {
        const begin = /from enneo_mock.seeds/.test(statement) ? replace : undefined
        if (begin) replace = undefined
        await begin?.()
        return engine.query(statement, values)
      },
    }
    await world.replace(seedWith({ profiles: [profileWith(8)] }))
    const late = await openSqlStore(replacing, seed, false)
    replace = () => world.replace(other)
    t.strictSame((await (await late.world('one')).toSeed()).profiles, other.profiles)
    replace = () => store.reseed(other)
    t.strictSame((await (await late.seedWorld()).toSeed()).profiles, other.profiles)
  })

  t.test('a world that somebody else has dropped begins as the seed', async (t) => {
    const store = await begunAnew(engine)(seed)
    const world = await store.world('one')
    for (const use of [() => world.toSeed(), () => world.update(ids, renamed('changed'))]) {
      await world.update(ids, renamed('lost'))
      await store.drop('one')
      await use()
      t.strictSame(await store.names(), ['one'])
    }
    t.equal((await world.profile(1))?.firstName, 'changed')
  })

  t.test('more seeds than are kept in memory are read again', async (t) => {
    const store = await begunAnew(engine)(seed)
    for (const round of ['made', 'read again']) {
      for (let n = 1; n <= 40; n += 1) {
        const world = await store.world(`w${n}`)
        if (round === 'made') await world.replace(seedWith({ profiles: [profileWith(n)] }))
        t.strictSame(await world.profile(n), profileWith(n), `${round} ${n}`)
      }
    }
  })

  t.test('tables of a newer version are left alone', async (t) => {
    await begunAnew(engine)(seed)
    await engine.query('insert into enneo_mock.migrations (version) values (999)')
    await t.rejects(openSqlStore(shared(engine), seed, false), { message: /newer version/ })
    await engine.query('delete from enneo_mock.migrations where version = 999')
  })

  t.test('two stores that open an empty database at once prepare it once', async (t) => {
    await engine.query('drop schema enneo_mock cascade')
    const engines = [shared(another()), shared(another())]
    const stores = await Promise.all(engines.map((engine) => openSqlStore(engine, seed, false)))
    t.strictSame(stores.map(({ wasKept }) => wasKept).sort(), [false, true])
  })

  t.test('writers race for the same 20 profiles: no key is lost, every increment counts', async (t) => {
    await begunAnew(engine)(seed)
    const stores = await Promise.all(
      [another(), another()].map((one) => openSqlStore(shared(one), seed, false)),
    )
    const world = await race(stores, 10, rounds)
    for (const { rawData } of (await world.toSeed()).profiles) {
      t.strictSame(rawData, {
        ...Object.fromEntries(Array.from({ length: 10 }, (_, writer) => [`writer${writer}`, rounds])),
        total: 10 * rounds,
      })
    }
  })
}

t.test('PGlite', async (t) => {
  const pglite = await openPglite()
  t.teardown(() => pglite.close())
  await storeContract(t, 'the store on PGlite', begunAnew(pglite))
  sqlStoreTests(t, pglite, () => pglite)
})

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
  sqlStoreTests(t, engine, () => engines[asked++ % 2] as SqlEngine)

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
