import type { Seed } from '../../../schemas/seed.ts'
import type { Json } from './put-back.ts'

/** Somebody who can sign in at the target, standing for a persona of the cases. */
export type Caller = { token?: string; cookie?: string; id?: number; permissions?: readonly string[] }

/** What is known of the service under test before the cases are run. */
export type Known = {
  /** The default seed, which the cases speak of. */
  seed: Seed
  callers: ReadonlyMap<string, Caller>
  /** The secret that the target's tokens are signed with. */
  secret?: string
  /** Ids that exist there; undefined where they could not be read. */
  roleIds?: ReadonlySet<number>
  teamIds?: ReadonlySet<number>
  /** The profile that may be written, as it is shown. */
  profile?: { id: number; view: Json }
}

/** A case cannot be run on this target, and why not. */
export type NotApplicable = { reason: string }

/** No service gives out an id like this, and every one can read it. */
export const nobodysId = 2_147_483_647

/** The id at the target of a persona of the seed, or of nobody; undefined for any other profile of the seed. */
export function idAtTarget(seedId: number, { seed, callers }: Known): number | undefined {
  const persona = personaOf(seedId, seed)
  if (persona !== undefined) return callers.get(persona)?.id
  return seed.profiles.some(({ id }) => id === seedId) ? undefined : nobodysId
}

export const personaOf = (seedId: number, { personas }: Seed): string | undefined =>
  Object.keys(personas).find((name) => personas[name] === seedId)
