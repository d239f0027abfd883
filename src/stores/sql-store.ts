import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import type { ProfileStore } from './profile-store.ts'
import { type Base, toSeed } from './seed-base.ts'
import type { Query, SqlEngine } from './sql-engine.ts'
import { lockTables, migrate } from './sql-schema.ts'
import { createSeeds, type Seeds } from './sql-seeds.ts'
import { lockWorld, release, sweep } from './sql-state.ts'
import { createWorld, type WorldPlace } from './sql-world.ts'
import { createTurns } from './turns.ts'

/**
 * Worlds in a database, shared with every process that opens it. [store.answered] What resolves is written. What is
 * there stays; an empty one, or one that is to begin anew, begins as the seed.
 * @throws {StoreAway} @throws {NewerTables}
 */
export async function openSqlStore(engine: SqlEngine, seed: Seed, beginAnew: boolean): Promise<ProfileStore> {
  const seeds = createSeeds()
  const wasKept = await engine.transaction(async (query) => {
    await lockTables(query)
    await migrate(query)
    const [held] = await query('select 1 from enneo_mock.store')
    if (held && !beginAnew) return true
    await beginAs(query, await seeds.keep(query, seed))
    return false
  })
  return { ...createStore(engine, seeds), wasKept }
}

/** No world, sandbox or snapshot is left. */
async function beginAs(query: Query, hash: string): Promise<void> {
  await query(
    `insert into enneo_mock.store (seed) values ($1)
    on conflict (is_only) do update set seed = excluded.seed`,
    [hash],
  )
  await query('delete from enneo_mock.worlds')
  await query('delete from enneo_mock.uses')
  await sweep(query)
}

function createStore(engine: SqlEngine, seeds: Seeds): Omit<ProfileStore, 'wasKept'> {
  const inTurn = createTurns()
  // The database would let them wait as well, each on a connection that others could use.
  const placeFor = (name: string): WorldPlace => ({
    name,
    query: engine.query,
    transaction: (run) => inTurn(name, () => engine.transaction(run)),
  })
  return {
    world: async (name) => {
      const id =
        (await use(engine.query, name)) ??
        (await placeFor(name).transaction((query) => makeAndUse(query, name)))
      return createWorld(placeFor(name), seeds, String(id))
    },
    find: async (name) => {
      const [world] = await engine.query('select id from enneo_mock.worlds where name = $1', [name])
      return world && createWorld(placeFor(name), seeds, String(world.id))
    },
    names: async () => {
      const rows = await engine.query(
        `select name from enneo_mock.worlds left join enneo_mock.uses on uses.world = worlds.name
        order by used nulls first`,
      )
      return rows.map(({ name }) => String(name))
    },
    seedWorld: async () => {
      const base = await currentBase(engine.query, seeds)
      const current = (id: number) => base.profiles.get(id)
      return {
        directory: () => base.directory,
        profile: current,
        toSeed: async () => toSeed(base, (id) => current(id) as StoredProfile),
      }
    },
    drop: (name) =>
      placeFor(name).transaction(async (query) => {
        const state = await lockWorld(query, name)
        const kept = await query('select state from enneo_mock.snapshots where world = $1', [name])
        await query('delete from enneo_mock.worlds where name = $1', [name])
        await query('delete from enneo_mock.uses where world = $1', [name])
        await release(query, [state, ...kept.map((snapshot) => snapshot.state)])
      }),
    reseed: (seed) =>
      engine.transaction(async (query) => {
        await lockTables(query)
        const hash = await seeds.keep(query, seed)
        await query('update enneo_mock.store set seed = $1', [hash])
        await query('select 1 from enneo_mock.worlds order by name for no key update')
        await query(
          `with fresh as (insert into enneo_mock.states (seed) select $1 from enneo_mock.worlds returning id),
          states as (select id, row_number() over () as number from fresh),
          worlds as (select name, row_number() over () as number from enneo_mock.worlds)
          update enneo_mock.worlds as world set state = states.id
          from states join worlds using (number) where world.name = worlds.name`,
          [hash],
        )
        await sweep(query)
      }),
    renew: (seed, at) =>
      engine.transaction(async (query) => {
        await lockTables(query)
        const [due] = await query(
          'update enneo_mock.store set renewed_at = $1 where renewed_at < $1 returning 1',
          [at],
        )
        if (due) await beginAs(query, await seeds.keep(query, seed))
        return due !== undefined
      }),
    check: async () => {
      await engine.query('select 1')
    },
    close: () => engine.close(),
  }
}

async function currentBase(query: Query, seeds: Seeds): Promise<Base> {
  const [store] = await query('select seed from enneo_mock.store')
  return (await seeds.base(query, String(store?.seed))) ?? currentBase(query, seeds)
}

/** Resolves with the world's id, or with nothing when there is no such world. */
async function use(query: Query, name: string): Promise<unknown> {
  const [world] = await query(
    `with world as (select name, id from enneo_mock.worlds where name = $1)
    insert into enneo_mock.uses (world, used) select name, nextval('enneo_mock.use_order') from world
    on conflict (world) do update set used = excluded.used
    returning (select id from world)`,
    [name],
  )
  return world?.id
}

async function makeAndUse(query: Query, name: string): Promise<unknown> {
  await lockWorld(query, name)
  return use(query, name)
}
