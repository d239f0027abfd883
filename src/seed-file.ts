import type { Seed } from '../schemas/seed.ts'
import { defaultSeedFile } from './package-info.ts'
import { parseSeed, SeedError } from './seed.ts'
import { readDocument, SettingsError } from './settings.ts'

/** The seed document of a file, or the built-in one. @throws {SettingsError} listing every fault by path */
export async function readSeed(path = defaultSeedFile): Promise<Seed> {
  const document = await readDocument(path, 'seed')
  try {
    return parseSeed(document)
  } catch (error) {
    if (!(error instanceof SeedError)) throw error
    const faults = error.faults.map(({ message }) => message)
    throw new SettingsError([`The seed file ${path} cannot be used:`, ...faults].join('\n  '))
  }
}
