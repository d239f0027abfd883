import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import type { Directory } from './directory.ts'
import type { Page, ProfileFilter } from './profile-filter.ts'

/** What a pure rule decided: the profiles to save and the answer to give. */
export type Revision<R> = { changed: readonly StoredProfile[]; result: R }

/**
 * Looks at the current profiles (those of the asked ids that exist) and says what becomes of them. It may be called
 * more than once, by a store that retries, so it must not have effects.
 */
export type Revise<R> = (stored: ReadonlyMap<number, StoredProfile>, directory: Directory) => Revision<R>

/** One world: what one seed document describes. Profiles are immutable values; a change is a new object. */
export type World = {
  directory: () => Promise<Directory>
  profile: (id: number) => Promise<StoredProfile | undefined>
  /** One page of what matches, ordered by id. */
  find: (filter: ProfileFilter, page: Page) => Promise<StoredProfile[]>
  /** How many profiles have a role as their own, by role id. */
  countByRole: () => Promise<ReadonlyMap<number, number>>
  /**
   * Load, revise and save as one step: nobody else changes these profiles in between, and either all of `changed` is
   * saved or, when `revise` or the saving throws, nothing is.
   */
  update: <R>(ids: Iterable<number>, revise: Revise<R>) => Promise<R>
  /** The world as a seed document, profiles ordered by id. */
  toSeed: () => Promise<Seed>
  /** Back to the seed; costs the same however large the seed is. */
  reset: () => Promise<void>
}

/** Hands out worlds by name. Every adapter must pass test/stores/store-contract.ts. */
export type ProfileStore = {
  /** The same name is the same world; an unknown name begins as the seed, without copying it. */
  world: (name: string) => Promise<World>
  close: () => Promise<void>
}

/** The world of calls that name none. */
export const defaultWorld = 'default'
