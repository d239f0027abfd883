import type { Seed } from '../../schemas/seed.ts'
import { isNotInstalled } from '../values/package-info.ts'
import { FolderInUse } from './folder-lock.ts'
import { type ProfileStore, StoreAway } from './profile-store.ts'
import type { SqlEngine } from './sql-engine.ts'
import { NewerTables } from './sql-schema.ts'

/** Where state is kept, and whether what is there already gives way to the seed. */
export type StoreSettings = { store?: string; reseed?: boolean }

/** A store that cannot be opened; the message is one sentence that says what to do. */
export class StoreProblem extends Error {}

/** `--store` of a database that several processes can share. */
export const isShared = (store = '') => /^postgres(ql)?:/.test(store)

/** The store that the settings ask for; an adapter is loaded only when it is used. @throws {StoreProblem} */
export async function openStore(
  seed: Seed,
  { store, reseed = false }: StoreSettings = {},
  engines: Engines = installed,
): Promise<ProfileStore> {
  if (store === undefined) {
    const { createMemoryStore } = await import('./memory-store.ts')
    return createMemoryStore(seed)
  }
  const { openSqlStore } = await import('./sql-store.ts')
  const place = placeOf(store)
  try {
    const engine = await open(store, engines)
    return await openSqlStore(engine, seed, reseed).catch(async (error) => {
      await engine.close()
      throw error
    })
  } catch (error) {
    throw problemOf(error as Error, place)
  }
}

/** How the engines are loaded, each with a package that not everybody has. */
type Engines = {
  postgres: () => Promise<typeof import('./postgres-engine.ts')>
  pglite: () => Promise<typeof import('./pglite-engine.ts')>
}

const installed: Engines = {
  postgres: () => import('./postgres-engine.ts'),
  pglite: () => import('./pglite-engine.ts'),
}

async function open(store: string, { postgres, pglite }: Engines): Promise<SqlEngine> {
  if (isShared(store)) return (await postgres().catch(missing('pg'))).connectPostgres(store)
  const { openPglite } = await pglite().catch(missing('@electric-sql/pglite'))
  return openPglite(folderOf(store))
}

/** Optional packages are installed by whom needs them. */
const missing = (name: string) => (error: NodeJS.ErrnoException) => {
  if (!isNotInstalled(error)) throw error
  throw new StoreProblem(`This --store needs a package that is missing; install it with npm install ${name}.`)
}

const folderOf = (store: string) => store.replace(/^pglite:/, '')

/** Without what a password may be in. */
function placeOf(store: string): string {
  if (!isShared(store)) return folderOf(store)
  const { host, pathname } = new URL(store)
  return host + pathname
}

function problemOf(error: Error, place: string): Error {
  if (error instanceof FolderInUse)
    return new StoreProblem(`${place} is in use by another process; stop that one, or choose another folder.`)
  if (error instanceof StoreAway)
    return new StoreProblem(
      `The database ${place} cannot be used (${error.message}); start it, or look at --store.`,
    )
  if (error instanceof NewerTables) return new StoreProblem(`The store ${place} ${error.message}.`)
  return error
}
