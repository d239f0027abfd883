import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import { createDirectory, type Directory } from './directory.ts'
import { type Page, type ProfileFilter, predicateOf, typeOf } from './profile-filter.ts'

/** A seed made ready for look-up. Neither ids nor types ever change, so its lists hold for every world on it. */
export type Base = {
  seed: Seed
  directory: Directory
  profiles: ReadonlyMap<number, StoredProfile>
  /** Ids in order, of all profiles or of those of the types. */
  ids: (types?: readonly string[]) => readonly number[]
}

export function createBase(seed: Seed): Base {
  const ordered = [...seed.profiles].sort((a, b) => a.id - b.id)
  // No types at all are not the same as any type.
  const lists = new Map<string | undefined, readonly number[]>()
  const listIds = (types: readonly string[] | undefined) =>
    ordered.filter((profile) => types === undefined || types.includes(typeOf(profile))).map(({ id }) => id)
  return {
    seed,
    directory: createDirectory(seed),
    profiles: new Map(ordered.map((profile) => [profile.id, profile])),
    ids: (types) => {
      const key = types?.join()
      const ids = lists.get(key) ?? listIds(types)
      lists.set(key, ids)
      return ids
    },
  }
}

/** A profile as it is now, by an id that the base has. */
export type Existing = (id: number) => StoredProfile

/** Ids that a page shows; `undefined` when that takes a look at the profiles. */
export function idsOfPage(base: Base, filter: ProfileFilter, page: Page): readonly number[] | undefined {
  return predicateOf(filter)
    ? undefined
    : idsByFilter(base, filter).slice(page.offset, page.offset + page.limit)
}

/** Ids and types are looked up; the rest of a filter is tried on one profile after the other until the page is full. */
export function findProfiles(
  base: Base,
  filter: ProfileFilter,
  page: Page,
  existing: Existing,
): StoredProfile[] {
  const { offset, limit } = page
  const matches = predicateOf(filter)
  if (!matches)
    return idsByFilter(base, filter)
      .slice(offset, offset + limit)
      .map(existing)
  const found: StoredProfile[] = []
  let skipped = 0
  for (const id of idsByFilter(base, filter)) {
    if (found.length === limit) break
    const profile = existing(id)
    if (!matches(profile)) continue
    if (skipped < offset) skipped += 1
    else found.push(profile)
  }
  return found
}

const idsByFilter = (base: Base, { ids, types }: ProfileFilter): readonly number[] =>
  ids ? chosenIds(base, ids, types) : base.ids(types)

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

/** How many profiles have a role as their own, by role id. */
export function countByRole(base: Base, existing: Existing): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const id of base.ids()) {
    const { roleId } = existing(id).settings
    if (roleId !== undefined) counts.set(roleId, (counts.get(roleId) ?? 0) + 1)
  }
  return counts
}

/** The seed document that describes a world, profiles ordered by id. */
export const toSeed = (base: Base, existing: Existing): Seed => ({
  ...base.seed,
  profiles: base.ids().map(existing),
})
