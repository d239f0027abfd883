import { PGlite } from '@electric-sql/pglite'
import type { SqlEngine } from './sql-engine.ts'

/** PostgreSQL within this process, its data in a folder; without one in memory. It has one connection. */
export async function openPglite(folder?: string): Promise<SqlEngine> {
  const database = await PGlite.create(folder)
  return {
    query: async (statement, values = []) => (await database.query<Row>(statement, [...values])).rows,
    transaction: (run) =>
      database.transaction((transaction) =>
        run(async (statement, values = []) => (await transaction.query<Row>(statement, [...values])).rows),
      ),
    close: () => database.close(),
  }
}

type Row = Record<string, unknown>
