import type { Seed } from '../../schemas/seed.ts'
import { parseSeed } from '../seed/seed.ts'
import { SettingsError } from '../settings.ts'
import { nearest } from '../values/nearest.ts'

/** Refuses what is misspelt, or what there is elsewhere only. @throws {SettingsError} that names what was meant */
export function refuseUnknownOptions(of: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new SettingsError(`${of} takes an object of options.`)
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const meant = nearest(unknown, known)
  const advice = meant === undefined ? `there are ${known.join(', ')}.` : `did you mean ${meant}?`
  throw new SettingsError(`${of} has no option ${unknown}; ${advice}`)
}

/**
 * A seed as it is given to the library: a document of its own, whatever happens to the given one, or the path of one.
 * @throws {SettingsError} or {SeedError}
 */
export function seedFrom(given: unknown): { seed?: string; document?: Seed } {
  if (given === undefined) return {}
  if (typeof given === 'string') return { seed: given }
  if (typeof given !== 'object') throw new SettingsError('seed must be a seed document or the path of one.')
  return { document: JSON.parse(JSON.stringify(parseSeed(given))) }
}
