import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import type { Awaitable } from '../values/awaitable.ts'
import type { Directory } from './directory.ts'
import type { Page, ProfileFilter } from './profile-filter.ts'
import type { WorldNotes } from './world-notes.ts'

/** What a pure rule decided: the profiles to save and the answer to give. */
export type Revision<R> = { changed: readonly StoredProfile[]; result: R }

/**
 * Looks at the current profiles and says what becomes of them. It may be called more than once, by a store that
 * retries, so it must not have effects.
 */
export type Revise<R> = (stored: StoredProfiles, directory: Directory) => Revision<R>

/** Profiles by id: at least those that were asked for. */
export type StoredProfiles = Pick<ReadonlyMap<number, StoredProfile>, 'get'>

/** One world: what one seed document describes. Profiles are immutable values; a change is a new object. */
export type World = {
  /** Another one when a world of that name was dropped and has begun again. */
  id: string | symbol
  directory: () => Awaitable<Directory>
  profile: (id: number) => Awaitable<StoredProfile | undefined>
  /** One page of what matches, ordered by id. */
  find: (filter: ProfileFilter, page: Page) => Promise<StoredProfile[]>
  /** How many profiles have a role as their own, by role id. */
  countByRole: () => Promise<ReadonlyMap<number, number>>
  /**
   * Load, revise and save as one step: nobody else changes these profiles in between, and either all of `changed` is
   * saved or, when `revise` or the saving throws, nothing is. Only profiles of `ids` can be looked at and changed.
   */
  update: <R>(ids: Iterable<number>, revise: Revise<R>) => Awaitable<R>
  /** The world as a seed document, profiles ordered by id. */
  toSeed: () => Promise<Seed>
  /** Another document takes the place of all profiles and the directory, until the next reset. */
  replace: (seed: Seed) => Promise<void>
  /** Back to the store's seed; snapshots stay. Costs the same however large the seed is. */
  reset: () => Promise<void>
  snapshots: Snapshots
  notes: Notes
}

/** As much of a world as signing in takes. */
export type PeopleOfWorld = Pick<World, 'directory' | 'profile'>

/** As much of a world as can be looked at before it exists. */
export type SeedWorld = Pick<World, 'directory' | 'profile' | 'toSeed'>

/** States of one world kept by name. */
export type Snapshots = {
  /** Keeps the state as it is now; an earlier one of that name is replaced. */
  take: (name: string) => Promise<void>
  /** Puts the world back into a kept state. Resolves with whether there was one. */
  restore: (name: string) => Promise<boolean>
  /** Names in order. */
  list: () => Promise<string[]>
  /** Resolves with whether there was one. */
  remove: (name: string) => Promise<boolean>
}

/** What is kept of a world beside its profiles. Neither reset nor replace changes it. */
export type Notes = {
  read: () => Awaitable<Readonly<WorldNotes>>
  /** Reads, changes what is handed over and keeps it, as one step: however many do it at once, nothing is lost. */
  change: <R>(by: (notes: WorldNotes) => R) => Awaitable<R>
}

/** Hands out worlds by name. Every adapter must pass test/stores/store-contract.ts. */
export type ProfileStore = {
  /** It held data before it was opened, and still does. */
  wasKept: boolean
  /**
   * The same name is the same world; an unknown name begins as the seed, without copying it. This counts as its use.
   */
  world: (name: string) => Awaitable<World>
  /** The world of that name if there is one. It does not count as use. */
  find: (name: string) => Awaitable<World | undefined>
  /** Names of all worlds, the one used longest ago first. */
  names: () => Awaitable<string[]>
  /** The seed itself, to look at on behalf of a world that does not exist yet. */
  seedWorld: () => Awaitable<SeedWorld>
  /** Forgets a world and its snapshots; its name begins as the seed again. */
  drop: (name: string) => Promise<void>
  /** From now on worlds begin as this seed, and those that exist are reset to it. */
  reseed: (seed: Seed) => Promise<void>
  /**
   * Begins anew with this seed, no other world and no snapshot left, unless that was done for this time or a later one
   * already, in ms since 1970. However many ask, it is done once. Resolves with whether it was done now.
   */
  renew: (seed: Seed, at: number) => Promise<boolean>
  /** Rejects with the reason when the store cannot be reached. */
  check: () => Promise<void>
  close: () => Promise<void>
}

/** The world of calls that name none. No sandbox can have this name, because names have no spaces. */
export const defaultWorld = 'the default world'

/** The store cannot be reached; the message says why. Nothing is wrong with the call, so it can be sent again. */
export class StoreAway extends Error {}
