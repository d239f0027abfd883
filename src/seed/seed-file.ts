import type { Seed } from '../../schemas/seed.ts'
import { readDocument, SettingsError } from '../settings.ts'
import { defaultSeedFile } from '../values/package-info.ts'
import { mostFaults, SeedError, soundSeed } from './seed.ts'

/** The seed document of a file, or the built-in one. @throws {SettingsError} listing every fault by path */
export async function readSeed(path = defaultSeedFile): Promise<Seed> {
  const document = await readDocument(path, 'seed')
  try {
    return soundSeed(document)
  } catch (error) {
    if (!(error instanceof SeedError)) throw error
    const { faults, message } = error
    const head = faults.length < mostFaults ? '' : ` (${message})`
    throw new SettingsError(
      [`The seed file ${path} cannot be used${head}:`, ...faults.map((fault) => fault.message)].join('\n  '),
    )
  }
}
