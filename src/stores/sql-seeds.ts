import { createHash } from 'node:crypto'
import type { Seed } from '../../schemas/seed.ts'
import { type Base, createBase } from './seed-base.ts'
import type { Query } from './sql-engine.ts'

/** Seeds by hash. They never change, so the last ones that were used stay in memory. */
export type Seeds = ReturnType<typeof createSeeds>

const mostBases = 32

export function createSeeds() {
  const bases = new Map<string, Base>()
  const remember = (hash: string, base: Base) => {
    bases.delete(hash)
    bases.set(hash, base)
    const [oldest] = bases.keys()
    if (bases.size > mostBases) bases.delete(oldest as string)
    return base
  }
  return {
    /** Undefined when nothing holds that seed any longer. */
    base: async (query: Query, hash: string): Promise<Base | undefined> => {
      const known = bases.get(hash)
      if (known) return remember(hash, known)
      const [row] = await query('select document from enneo_mock.seeds where hash = $1', [hash])
      return row && remember(hash, createBase(JSON.parse(String(row.document))))
    },
    /** Within a transaction that has locked the tables. Resolves with the hash. */
    keep: async (query: Query, seed: Seed): Promise<string> => {
      const document = JSON.stringify(seed)
      const hash = createHash('sha256').update(document).digest('base64url')
      await query(
        'insert into enneo_mock.seeds (hash, document) values ($1, $2) on conflict (hash) do nothing',
        [hash, document],
      )
      return hash
    },
  }
}
