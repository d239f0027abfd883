import type { Test } from 'tap'
import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import type { ProfileStore, World } from '../../src/stores/profile-store.ts'
import type { SqlEngine } from '../../src/stores/sql-engine.ts'
import { openSqlStore } from '../../src/stores/sql-store.ts'
import { profileWith, seedWith } from '../support/seeds.ts'

/** How often each of 10 writers writes; `npm run test:stores` races 1,000 rounds. */
const rounds = Number(process.env.ROUNDS ?? 20)

const many = (count: number) => Array.from({ length: count }, (_, index) => profileWith(index + 1))
export const seed = seedWith({ profiles: many(20) })
export const ids = seed.profiles.map(({ id }) => id)

/** The same engine for one store after the other. */
const shared = (engine: SqlEngine): SqlEngine => ({ ...engine, close: async () => {} })
export const begunAnew = (engine: SqlEngine) => (seed: Seed) => openSqlStore(shared(engine), seed, true)

export const renamed = (firstName: string) => (stored: Pick<ReadonlyMap<number, StoredProfile>, 'get'>) => ({
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

/** What the SQL store promises beyond those of every store, on an engine and on another connection to the same database. */
export function sqlStoreContract(t: Test, engine: SqlEngine, another: () => SqlEngine): void {
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
