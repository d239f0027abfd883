import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import { createDirectory, type Directory } from './directory.ts'
import type { ProfileStore, World } from './profile-store.ts'

/** Worlds in this process's memory: one shared seed, and per world only what differs from it. */
export function createMemoryStore(seed: Seed): ProfileStore {
  const base = {
    seed,
    directory: createDirectory(seed),
    profiles: new Map(seed.profiles.map((profile) => [profile.id, profile])),
  }
  const worlds = new Map<string, World>()
  return {
    world: async (name) => {
      const world = worlds.get(name) ?? createWorld(base)
      worlds.set(name, world)
      return world
    },
    close: async () => worlds.clear(),
  }
}

type Base = { seed: Seed; directory: Directory; profiles: ReadonlyMap<number, StoredProfile> }

function createWorld(base: Base): World {
  let changes = new Map<number, StoredProfile>()
  const current = (id: number) => changes.get(id) ?? base.profiles.get(id)
  return {
    directory: async () => base.directory,
    profile: async (id) => current(id),
    // No await between load and save: this is what makes it one step.
    update: async (ids, revise) => {
      const stored = new Map<number, StoredProfile>()
      for (const id of ids) {
        const profile = current(id)
        if (profile) stored.set(id, profile)
      }
      const { changed, result } = revise(stored, base.directory)
      for (const profile of changed) changes.set(profile.id, profile)
      return result
    },
    toSeed: async () => ({
      ...base.seed,
      profiles: [...base.profiles.keys()].sort((a, b) => a - b).map((id) => current(id) as StoredProfile),
    }),
    reset: async () => {
      changes = new Map()
    },
  }
}
