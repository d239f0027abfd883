import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import { createDirectory, type Directory } from './directory.ts'
import { type Page, type ProfileFilter, predicateOf, typeOf } from './profile-filter.ts'
import type { ProfileStore, World } from './profile-store.ts'

/** Worlds in this process's memory: one shared seed, and per world only what differs from it. */
export function createMemoryStore(seed: Seed): ProfileStore {
  let base = createBase(seed)
  const worlds = new Map<string, World>()
  return {
    world: async (name) => {
      const world = worlds.get(name) ?? createWorld(() => base)
      worlds.set(name, world)
      return world
    },
    seedWorld: () => createWorld(() => base),
    drop: async (name) => {
      worlds.delete(name)
    },
    reseed: async (next) => {
      base = createBase(next)
      for (const world of worlds.values()) await world.reset()
    },
    close: async () => worlds.clear(),
  }
}

/** A seed made ready for look-up. Neither ids nor types ever change, so its lists hold for every world on it. */
type Base = {
  seed: Seed
  directory: Directory
  profiles: ReadonlyMap<number, StoredProfile>
  /** Ids in order, of all profiles or of those of the types. */
  ids: (types?: readonly string[]) => readonly number[]
}

function createBase(seed: Seed): Base {
  const ordered = [...seed.profiles].sort((a, b) => a.id - b.id)
  const lists = new Map<string, readonly number[]>()
  const listIds = (types: readonly string[] | undefined) =>
    ordered.filter((profile) => types === undefined || types.includes(typeOf(profile))).map(({ id }) => id)
  return {
    seed,
    directory: createDirectory(seed),
    profiles: new Map(ordered.map((profile) => [profile.id, profile])),
    ids: (types) => {
      const key = types?.join() ?? ''
      const ids = lists.get(key) ?? listIds(types)
      lists.set(key, ids)
      return ids
    },
  }
}

/** A seed and what differs from it. Snapshots hold it as it is; once one does, the next change begins a copy. */
type State = { base: Base; changes: Map<number, StoredProfile>; isShared: boolean }

function createWorld(seedBase: () => Base): World {
  let state: State = { base: seedBase(), changes: new Map(), isShared: false }
  const snapshots = new Map<string, State>()
  const current = (id: number) => state.changes.get(id) ?? state.base.profiles.get(id)
  const stored = { get: current }
  const existing = (id: number) => current(id) as StoredProfile
  return {
    directory: () => state.base.directory,
    profile: (id) => current(id),
    find: async (filter, page) => findProfiles(state.base, filter, page, existing),
    countByRole: async () => {
      const counts = new Map<number, number>()
      for (const id of state.base.ids()) {
        const { roleId } = existing(id).settings
        if (roleId !== undefined) counts.set(roleId, (counts.get(roleId) ?? 0) + 1)
      }
      return counts
    },
    update: (_ids, revise) => {
      const { changed, result } = revise(stored, state.base.directory)
      if (state.isShared && changed.length > 0) {
        state = { base: state.base, changes: new Map(state.changes), isShared: false }
      }
      for (const profile of changed) state.changes.set(profile.id, profile)
      return result
    },
    toSeed: async () => ({ ...state.base.seed, profiles: state.base.ids().map(existing) }),
    replace: async (seed) => {
      state = { base: createBase(seed), changes: new Map(), isShared: false }
    },
    reset: async () => {
      state = { base: seedBase(), changes: new Map(), isShared: false }
    },
    snapshots: {
      take: async (name) => {
        state.isShared = true
        snapshots.set(name, state)
      },
      restore: async (name) => {
        const kept = snapshots.get(name)
        if (kept) state = kept
        return kept !== undefined
      },
      list: async () => [...snapshots.keys()].sort(),
      remove: async (name) => snapshots.delete(name),
    },
  }
}

/** Ids and types are looked up; the rest of a filter is tried on one profile after the other until the page is full. */
function findProfiles(
  base: Base,
  filter: ProfileFilter,
  page: Page,
  existing: (id: number) => StoredProfile,
): StoredProfile[] {
  const { offset, limit } = page
  const candidates = filter.ids ? chosenIds(base, filter.ids, filter.types) : base.ids(filter.types)
  const matches = predicateOf(filter)
  if (!matches) return candidates.slice(offset, offset + limit).map(existing)
  const found: StoredProfile[] = []
  let skipped = 0
  for (const id of candidates) {
    if (found.length === limit) break
    const profile = existing(id)
    if (!matches(profile)) continue
    if (skipped < offset) skipped += 1
    else found.push(profile)
  }
  return found
}

function chosenIds(
  { profiles }: Base,
  ids: readonly number[],
  types: readonly string[] | undefined,
): number[] {
  return [...new Set(ids)]
    .filter((id) => {
      const profile = profiles.get(id)
      return profile !== undefined && (types === undefined || types.includes(typeOf(profile)))
    })
    .sort((a, b) => a - b)
}
