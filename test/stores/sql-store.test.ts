import t from 'tap'
import type { Seed } from '../../schemas/seed.ts'
import { openPglite } from '../../src/stores/pglite-engine.ts'
import { connectPostgres } from '../../src/stores/postgres-engine.ts'
import type { SqlEngine } from '../../src/stores/sql-engine.ts'
import { openSqlStore } from '../../src/stores/sql-store.ts'
import { noPostgres, postgresPrograms, startPostgres } from '../support/postgres.ts'
import { storeContract } from './store-contract.ts'

const begunAnew = (engine: SqlEngine) => (seed: Seed) =>
  openSqlStore({ ...engine, close: async () => {} }, seed, true)

const pglite = await openPglite()
t.teardown(() => pglite.close())
storeContract('the store on PGlite', begunAnew(pglite))

const programs = postgresPrograms()
if (programs === undefined) {
  t.test('the store on PostgreSQL', { skip: noPostgres }, async () => {})
} else {
  const server = await startPostgres(programs)
  const engine = connectPostgres(server.url)
  t.teardown(async () => {
    await engine.close()
    await server.stop()
  })
  storeContract('the store on PostgreSQL', begunAnew(engine))
}
