import type { Seed } from '../../schemas/seed.ts'
import { readDocument, SettingsError } from '../settings.ts'
import { defaultSeedFile } from '../values/package-info.ts'
import { checkSeed } from './seed.ts'

/** The seed document of a file, or the built-in one. @throws {SettingsError} listing every fault by path */
export async function readSeed(path = defaultSeedFile): Promise<Seed> {
  const document = await readDocument(path, 'seed')
  const faults = checkSeed(document).map(({ message }) => message)
  if (faults.length > 0)
    throw new SettingsError([`The seed file ${path} cannot be used:`, ...faults].join('\n  '))
  return document as Seed
}
