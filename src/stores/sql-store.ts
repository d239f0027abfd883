import { createHash } from 'node:crypto'
import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import type { Page, ProfileFilter } from './profile-filter.ts'
import type { Notes, ProfileStore, Revise, Snapshots, World } from './profile-store.ts'
import { type Base, countByRole, createBase, findProfiles, idsOfPage, toSeed } from './seed-base.ts'
import type { Query, SqlEngine } from './sql-engine.ts'
import { lockTables, migrate } from './sql-schema.ts'
import { createTurns } from './turns.ts'
import { freshNotes, type WorldNotes } from './world-notes.ts'

/**
 * Worlds in a database, shared with every process that opens it. What is there stays; an empty one, or one that is to
 * begin anew, begins as the seed.
 * @throws {StoreAway} @throws {NewerTables}
 */
export async function openSqlStore(engine: SqlEngine, seed: Seed, beginAnew: boolean): Promise<ProfileStore> {
  const seeds = createSeeds()
  const wasKept = await engine.transaction(async (query) => {
    await lockTables(query)
    await migrate(query)
    const [held] = await query('select 1 from enneo_mock.store')
    if (held && !beginAnew) return true
    await query(
      `insert into enneo_mock.store (seed) values ($1)
      on conflict (is_only) do update set seed = excluded.seed`,
      [await seeds.keep(query, seed)],
    )
    await query('delete from enneo_mock.worlds')
    await query('delete from enneo_mock.uses')
    await sweep(query)
    return false
  })
  return { ...createStore(engine, seeds), wasKept }
}

/** Where a world is. */
type Place = Pick<SqlEngine, 'query' | 'transaction'> & { name: string }

function createStore(engine: SqlEngine, seeds: Seeds): Omit<ProfileStore, 'wasKept'> {
  const inTurn = createTurns()
  // The database would let them wait as well, each on a connection that others could use.
  const placeFor = (name: string): Place => ({
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
      const [store] = await engine.query('select seed from enneo_mock.store')
      const base = await seeds.base(engine.query, String(store?.seed))
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
    check: async () => {
      await engine.query('select 1')
    },
    close: () => engine.close(),
  }
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

/** Seeds by hash. They never change, so the last ones that were used stay in memory. */
type Seeds = ReturnType<typeof createSeeds>

const mostBases = 32

function createSeeds() {
  const bases = new Map<string, Base>()
  const remember = (hash: string, base: Base) => {
    bases.delete(hash)
    bases.set(hash, base)
    const [oldest] = bases.keys()
    if (bases.size > mostBases) bases.delete(oldest as string)
    return base
  }
  return {
    base: async (query: Query, hash: string): Promise<Base> => {
      const known = bases.get(hash)
      if (known) return remember(hash, known)
      const [row] = await query('select document from enneo_mock.seeds where hash = $1', [hash])
      return remember(hash, createBase(JSON.parse(String(row?.document))))
    },
    /** Within a transaction that has locked the tables. Resolves with the hash. */
    keep: async (query: Query, seed: Seed): Promise<string> => {
      const document = JSON.stringify(seed)
      const hash = createHash('sha256').update(document).digest('base64url')
      await query(
        'insert into enneo_mock.seeds (hash, document) values ($1, $2) on conflict (hash) do nothing',
        [hash, document],
      )
      return hash
    },
  }
}

function createWorld(place: Place, seeds: Seeds, id: string): World {
  const { name } = place
  /** What the world is at one moment: its seed and those of the profiles that differ from it; without ids all of them. */
  const look = async (ids?: readonly number[]) => {
    const state = await readWorld(place, ids)
    return viewOf(await seeds.base(place.query, state.seed), state.changed)
  }
  const become = async (query: Query, seed: string) => {
    const state = await lockWorld(query, name)
    await pointTo(query, name, await newState(query, '$1', seed))
    await release(query, [state])
  }
  return {
    id,
    directory: async () => (await look([])).base.directory,
    profile: async (id) => (await look([id])).current(id),
    find: async (filter, page) => {
      const { base, existing } = await lookForPage(look, filter, page)
      return findProfiles(base, filter, page, existing)
    },
    countByRole: async () => {
      const { base, existing } = await look()
      return countByRole(base, existing)
    },
    update: (ids, revise) => place.transaction((query) => update(query, seeds, name, ids, revise)),
    toSeed: async () => {
      const { base, existing } = await look()
      return toSeed(base, existing)
    },
    replace: (seed) =>
      place.transaction(async (query) => {
        await lockTables(query)
        const hash = await seeds.keep(query, seed)
        await become(query, hash)
        await sweep(query)
      }),
    reset: () =>
      place.transaction(async (query) => {
        // The order in which locks are taken is everywhere the same: tables, store, world.
        const [store] = await query('select seed from enneo_mock.store for share')
        await become(query, String(store?.seed))
      }),
    snapshots: createSnapshots(place),
    notes: createNotes(place),
  }
}

type View = ReturnType<typeof viewOf>

function viewOf(base: Base, changed: readonly StoredProfile[]) {
  const changes = new Map(changed.map((profile) => [profile.id, profile]))
  const current = (id: number) => changes.get(id) ?? base.profiles.get(id)
  return { base, current, existing: (id: number) => current(id) as StoredProfile }
}

/** Of a page whose ids are known only those are loaded, unless the world got another seed meanwhile. */
async function lookForPage(
  look: (ids?: readonly number[]) => Promise<View>,
  filter: ProfileFilter,
  page: Page,
): Promise<View> {
  const { base } = await look([])
  const ids = idsOfPage(base, filter, page)
  const view = await look(ids)
  return ids === undefined || view.base === base ? view : look()
}

/** In one statement, so that state and profiles belong together. */
async function readWorld({ name, query, transaction }: Place, ids?: readonly number[]) {
  const read = () =>
    query(
      `select states.seed, profiles.document from enneo_mock.worlds
      join enneo_mock.states on states.id = worlds.state
      left join enneo_mock.profiles on profiles.state = states.id
        and ($2::bigint[] is null or profiles.id = any ($2))
      where worlds.name = $1`,
      [name, ids?.filter(Number.isSafeInteger) ?? null],
    )
  let rows = await read()
  if (rows.length === 0) {
    await transaction((query) => lockWorld(query, name))
    rows = await read()
  }
  return { seed: String(rows[0]?.seed), changed: documentsOf(rows) }
}

const documentsOf = (rows: readonly Readonly<Record<string, unknown>>[]): StoredProfile[] =>
  rows.flatMap(({ document }) => (document === null ? [] : JSON.parse(String(document))))

/**
 * The state of a world, which nobody else changes until the end of the transaction. A world that is not there, or that
 * another process has dropped, begins as the seed.
 */
async function lockWorld(query: Query, name: string): Promise<unknown> {
  const lock = () => query('select state from enneo_mock.worlds where name = $1 for no key update', [name])
  let [world] = await lock()
  while (!world) {
    await query(
      `with store as (select seed from enneo_mock.store for share),
      state as (insert into enneo_mock.states (seed) select seed from store returning id)
      insert into enneo_mock.worlds (name, state) select $1, id from state on conflict (name) do nothing`,
      [name],
    )
    ;[world] = await lock()
  }
  return world.state
}

async function update<R>(
  query: Query,
  seeds: Seeds,
  name: string,
  ids: Iterable<number>,
  revise: Revise<R>,
): Promise<R> {
  const asked = new Set([...ids].filter(Number.isSafeInteger))
  const state = await lockWorld(query, name)
  const rows = await query(
    `select states.seed, states.is_shared, profiles.document from enneo_mock.states
    left join enneo_mock.profiles on profiles.state = states.id and profiles.id = any ($2::bigint[])
    where states.id = $1`,
    [state, [...asked]],
  )
  const { base, current } = viewOf(await seeds.base(query, String(rows[0]?.seed)), documentsOf(rows))
  const stored = { get: (id: number) => (asked.has(id) ? current(id) : undefined) }
  const { changed, result } = revise(stored, base.directory)
  if (changed.length > 0) {
    await save(query, rows[0]?.is_shared ? await copyOf(query, name, state) : state, changed)
  }
  return result
}

async function save(query: Query, state: unknown, changed: readonly StoredProfile[]): Promise<void> {
  const documents = new Map(changed.map((profile) => [profile.id, JSON.stringify(profile)]))
  await query(
    `insert into enneo_mock.profiles (state, id, document)
    select $1, * from unnest($2::bigint[], $3::text[])
    on conflict (state, id) do update set document = excluded.document`,
    [state, [...documents.keys()], [...documents.values()]],
  )
}

/** Leaves a state to the snapshots that hold it. */
async function copyOf(query: Query, name: string, state: unknown): Promise<unknown> {
  const copy = await newState(query, '(select seed from enneo_mock.states where id = $1)', state)
  await query(
    `insert into enneo_mock.profiles (state, id, document)
    select $2, id, document from enneo_mock.profiles where state = $1`,
    [state, copy],
  )
  await pointTo(query, name, copy)
  return copy
}

async function newState(query: Query, seed: string, value: unknown): Promise<unknown> {
  const [state] = await query(`insert into enneo_mock.states (seed) values (${seed}) returning id`, [value])
  return state?.id
}

const pointTo = (query: Query, name: string, state: unknown) =>
  query('update enneo_mock.worlds set state = $2 where name = $1', [name, state])

const isUnused = `not exists (select 1 from enneo_mock.worlds where state = states.id)
  and not exists (select 1 from enneo_mock.snapshots where state = states.id)`

/** Forgets states that nothing holds any longer. */
const release = (query: Query, states: readonly unknown[]) =>
  query(`delete from enneo_mock.states where id = any ($1::bigint[]) and ${isUnused}`, [states])

/** Forgets all states and seeds that nothing holds. Within a transaction that has locked the tables. */
async function sweep(query: Query): Promise<void> {
  await query(`delete from enneo_mock.states where ${isUnused}`)
  await query(
    `delete from enneo_mock.seeds where hash not in (select seed from enneo_mock.states)
    and hash not in (select seed from enneo_mock.store)`,
  )
}

function createSnapshots({ name: world, ...place }: Place): Snapshots {
  const stateOf = async (query: Query, name: string) => {
    const [kept] = await query('select state from enneo_mock.snapshots where world = $1 and name = $2', [
      world,
      name,
    ])
    return kept?.state
  }
  return {
    take: (name) =>
      place.transaction(async (query) => {
        const state = await lockWorld(query, world)
        const earlier = await stateOf(query, name)
        await query('update enneo_mock.states set is_shared = true where id = $1', [state])
        await query(
          `insert into enneo_mock.snapshots (world, name, state) values ($1, $2, $3)
          on conflict (world, name) do update set state = excluded.state`,
          [world, name, state],
        )
        if (earlier !== undefined) await release(query, [earlier])
      }),
    restore: (name) =>
      place.transaction(async (query) => {
        const state = await lockWorld(query, world)
        const kept = await stateOf(query, name)
        if (kept === undefined) return false
        await pointTo(query, world, kept)
        await release(query, [state])
        return true
      }),
    list: async () => {
      const rows = await place.query(
        'select name from enneo_mock.snapshots where world = $1 order by name collate "C"',
        [world],
      )
      return rows.map(({ name }) => String(name))
    },
    remove: (name) =>
      place.transaction(async (query) => {
        await lockWorld(query, world)
        const kept = await stateOf(query, name)
        if (kept === undefined) return false
        await query('delete from enneo_mock.snapshots where world = $1 and name = $2', [world, name])
        await release(query, [kept])
        return true
      }),
  }
}

function createNotes({ name: world, ...place }: Place): Notes {
  const read = async (query: Query) => {
    const [row] = await query('select notes from enneo_mock.worlds where name = $1', [world])
    return row?.notes ? String(row.notes) : undefined
  }
  const parsed = (text: string | undefined): WorldNotes => ({ ...freshNotes(), ...JSON.parse(text ?? '{}') })
  return {
    read: async () => parsed(await read(place.query)),
    change: (by) =>
      place.transaction(async (query) => {
        await lockWorld(query, world)
        const before = await read(query)
        const notes = parsed(before)
        const result = by(notes)
        const after = JSON.stringify(notes)
        if (after !== before)
          await query('update enneo_mock.worlds set notes = $2 where name = $1', [world, after])
        return result
      }),
  }
}
