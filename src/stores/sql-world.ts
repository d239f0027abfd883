import type { StoredProfile } from '../../schemas/seed.ts'
import type { Page, ProfileFilter } from './profile-filter.ts'
import type { Notes, Revise, Snapshots, World } from './profile-store.ts'
import { type Base, countByRole, findProfiles, idsOfPage, toSeed } from './seed-base.ts'
import type { Query, Row, SqlEngine } from './sql-engine.ts'
import { lockTables } from './sql-schema.ts'
import type { Seeds } from './sql-seeds.ts'
import { copyOf, lockWorld, newState, pointTo, release, save, sweep } from './sql-state.ts'
import { freshNotes, type WorldNotes } from './world-notes.ts'

/** Where a world is. */
export type WorldPlace = Pick<SqlEngine, 'query' | 'transaction'> & { name: string }

export function createWorld(place: WorldPlace, seeds: Seeds, id: string): World {
  const { name } = place
  /** What the world is at one moment: its seed and those of the profiles that differ from it; without ids all of them. */
  const look = async (ids?: readonly number[]): Promise<View> => {
    const state = await readWorld(place, ids)
    const base = await seeds.base(place.query, state.seed)
    // Another one may have taken its place meanwhile.
    return base ? viewOf(base, state.changed) : look(ids)
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
async function readWorld({ name, query, transaction }: WorldPlace, ids?: readonly number[]) {
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

const documentsOf = (rows: readonly Row[]): StoredProfile[] =>
  rows.flatMap(({ document }) => (document === null ? [] : JSON.parse(String(document))))

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
  const base = (await seeds.base(query, String(rows[0]?.seed))) as Base
  const { current } = viewOf(base, documentsOf(rows))
  const stored = { get: (id: number) => (asked.has(id) ? current(id) : undefined) }
  const { changed, result } = revise(stored, base.directory)
  if (changed.length > 0) {
    await save(query, rows[0]?.is_shared ? await copyOf(query, name, state) : state, changed)
  }
  return result
}

function createSnapshots({ name: world, ...place }: WorldPlace): Snapshots {
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

function createNotes({ name: world, ...place }: WorldPlace): Notes {
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
