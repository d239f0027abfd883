import { instantOf } from '../../schemas/formats.ts'
import type { Seed, StoredProfile } from '../../schemas/seed.ts'

/**
 * [demo.dates] The same seed as if it had been written `at` that time, in ms since 1970: every `lastSeen` moves by as much as the newest one
 * needs to be then. Texts that are no date-time stay.
 */
export function withFreshDates(seed: Seed, at: number): Seed {
  const instants = seed.profiles.map(instantOfProfile).filter(Number.isFinite)
  const shift = at - instants.reduce((newest, instant) => Math.max(newest, instant), Number.NEGATIVE_INFINITY)
  if (!Number.isFinite(shift)) return seed
  return { ...seed, profiles: seed.profiles.map((profile) => moved(profile, shift)) }
}

const instantOfProfile = ({ lastSeen = '' }: StoredProfile) => instantOf(lastSeen)

function moved(profile: StoredProfile, shift: number): StoredProfile {
  const instant = instantOfProfile(profile)
  if (Number.isNaN(instant)) return profile
  return {
    ...profile,
    lastSeen: new Date(instant + shift).toISOString().slice(0, 19).replace('T', ' '),
  }
}
