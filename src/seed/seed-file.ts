import type { Seed } from '../../schemas/seed.ts'
import { readDocument, SettingsError } from '../settings.ts'
import { defaultSeedFile } from '../values/package-info.ts'
import { checkSeed, SeedError } from './seed.ts'

/** The seed document of a file, or the built-in one. @throws {SettingsError} listing every fault by path */
export async function readSeed(path = defaultSeedFile): Promise<Seed> {
  const document = await readDocument(path, 'seed')
  // A test has checked the built-in one; checking it again would compile its schema, some 5 ms of each start.
  if (path === defaultSeedFile) return document as Seed
  const found = checkSeed(document)
  if (found.length === 0) return document as Seed
  const { faults, message } = new SeedError(found)
  const head = found.length > faults.length ? ` (${message})` : ''
  throw new SettingsError(
    [`The seed file ${path} cannot be used${head}:`, ...faults.map((fault) => fault.message)].join('\n  '),
  )
}
