import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import { defaultWorld, type ProfileStore, type World } from './profile-store.ts'
import { type Base, countByRole, createBase, findProfiles, toSeed } from './seed-base.ts'
import { freshNotes } from './world-notes.ts'

/** Worlds in this process's memory: one shared seed, and per world only what differs from it. */
export function createMemoryStore(seed: Seed): ProfileStore {
  let base = createBase(seed)
  // A map keeps the order of insertion, and every use inserts anew: the first one was used longest ago.
  const worlds = new Map<string, World>()
  let renewedAt = 0
  return {
    wasKept: false,
    world: (name) => {
      const world = worlds.get(name) ?? createWorld(() => base)
      worlds.delete(name)
      worlds.set(name, world)
      return world
    },
    find: (name) => worlds.get(name),
    names: () => [...worlds.keys()],
    seedWorld: () => createWorld(() => base),
    drop: async (name) => {
      worlds.delete(name)
    },
    reseed: async (next) => {
      base = createBase(next)
      for (const world of worlds.values()) await world.reset()
    },
    renew: async (next, at) => {
      if (at <= renewedAt) return false
      renewedAt = at
      base = createBase(next)
      const main = worlds.get(defaultWorld)
      worlds.clear()
      if (!main) return true
      // It is never dropped: those who have it keep it.
      worlds.set(defaultWorld, main)
      await main.reset()
      await main.notes.change((notes) => Object.assign(notes, freshNotes()))
      for (const name of await main.snapshots.list()) await main.snapshots.remove(name)
      return true
    },
    check: async () => {},
    close: async () => worlds.clear(),
  }
}

/** A seed and what differs from it. Snapshots hold it as it is; once one does, the next change begins a copy. */
type State = { base: Base; changes: Map<number, StoredProfile>; isShared: boolean }

function createWorld(seedBase: () => Base): World {
  let state: State = { base: seedBase(), changes: new Map(), isShared: false }
  const snapshots = new Map<string, State>()
  const notes = freshNotes()
  const current = (id: number) => state.changes.get(id) ?? state.base.profiles.get(id)
  const stored = { get: current }
  const existing = (id: number) => current(id) as StoredProfile
  return {
    id: Symbol(),
    directory: () => state.base.directory,
    profile: (id) => current(id),
    find: async (filter, page) => findProfiles(state.base, filter, page, existing),
    countByRole: async () => countByRole(state.base, existing),
    update: (_ids, revise) => {
      const { changed, result } = revise(stored, state.base.directory)
      if (state.isShared && changed.length > 0) {
        state = { base: state.base, changes: new Map(state.changes), isShared: false }
      }
      for (const profile of changed) state.changes.set(profile.id, profile)
      return result
    },
    toSeed: async () => toSeed(state.base, existing),
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
    notes: { read: () => notes, change: (by) => by(notes) },
  }
}
