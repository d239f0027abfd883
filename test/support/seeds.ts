import type { Role, Seed, StoredProfile, Team } from '../../schemas/seed.ts'

/** A small valid seed; whole lists can be replaced. */
export function seedWith(changes: Partial<Seed> = {}): Seed {
  return { personas: {}, roles: [], teams: [], profiles: [], ...changes }
}

export const profileWith = (id: number, changes: Partial<StoredProfile> = {}): StoredProfile => ({
  id,
  settings: {},
  ...changes,
})

export const roleWith = (id: number, permissions: string[] = [], name = `role ${id}`): Role => ({
  id,
  name,
  permissions,
})

export const teamWith = (
  id: number,
  parent: number | null = null,
  settings: Team['settings'] = {},
): Team => ({
  id,
  name: `team ${id}`,
  parent,
  settings,
})

/** The value, every object in it frozen: whoever writes to it throws. */
export function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const entry of Object.values(value)) deepFrozen(entry)
    Object.freeze(value)
  }
  return value
}
