import t from 'tap'
import { openPglite } from '../../src/stores/pglite-engine.ts'
import { begunAnew, sqlStoreContract } from './sql-contract.ts'
import { storeContract } from './store-contract.ts'

t.test('PGlite', async (t) => {
  const pglite = await openPglite()
  t.teardown(() => pglite.close())
  await storeContract(t, 'the store on PGlite', begunAnew(pglite))
  sqlStoreContract(t, pglite, () => pglite)
})
