import pg from 'pg'
import { StoreAway } from './profile-store.ts'
import type { Query, SqlEngine } from './sql-engine.ts'

/** How long a call waits for a connection, in ms. */
const patience = 5000

/** A PostgreSQL server, or what speaks its protocol. Nothing is connected until the first statement. */
export function connectPostgres(url: string): SqlEngine {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: patience,
    application_name: 'enneo-mock',
  })
  // A connection that breaks while nobody uses it is replaced when somebody does.
  pool.on('error', ignore)
  return {
    query: on(pool),
    transaction: async (run) => {
      const client = await pool.connect().catch(fail)
      client.on('error', ignore)
      const query = on(client)
      try {
        await query('begin isolation level read committed')
        const result = await run(query)
        await query('commit')
        release(client)
        return result
      } catch (error) {
        // A connection in doubt is closed, which ends its transaction as well.
        release(client, true)
        throw error
      }
    },
    close: () => pool.end(),
  }
}

const ignore = () => {}

function release(client: pg.PoolClient, isBroken = false): void {
  client.off('error', ignore)
  client.release(isBroken)
}

const on =
  (client: pg.Pool | pg.PoolClient): Query =>
  async (statement, values = []) =>
    (await client.query(statement, [...values]).catch(fail)).rows

/** Classes of errors that a server sends when it is there but cannot serve: connection, resources, shutdown. */
const awayCodes = /^(08|53|57P|28|3D)/

function fail(error: Error): never {
  const { code, message } = error as NodeJS.ErrnoException
  // A system's error has its address in the message, if it has one at all.
  if (!(error instanceof pg.DatabaseError)) throw new StoreAway(code ?? message)
  throw awayCodes.test(String(code)) ? new StoreAway(message) : error
}
