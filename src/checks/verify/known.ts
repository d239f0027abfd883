import type { Seed } from '../../../schemas/seed.ts'
import type { Json } from './json.ts'

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
