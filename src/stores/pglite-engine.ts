import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { lockFolder } from './folder-lock.ts'
import type { Query, SqlEngine } from './sql-engine.ts'

/**
 * PostgreSQL within this process, its data in a folder that no other process may have open: two would lose rows of each
 * other, silently. Without a folder it is in memory. @throws {FolderInUse}
 */
export async function openPglite(folder?: string): Promise<SqlEngine> {
  if (folder === undefined) return engineOn(await PGlite.create())
  const unlock = await lockFolder(folder)
  const engine = engineOn(await PGlite.create(join(folder, 'postgres')))
  return {
    ...engine,
    close: async () => {
      await engine.close()
      await unlock()
    },
  }
}

/** It has one connection, and lets one transaction wait for the other. */
function engineOn(database: PGlite): SqlEngine {
  return {
    query: on(database),
    transaction: (run) => database.transaction((transaction) => run(on(transaction))),
    close: () => database.close(),
  }
}

const on =
  (database: Pick<PGlite, 'query'>): Query =>
  async (statement, values = []) =>
    (await database.query<Record<string, unknown>>(statement, [...values])).rows
