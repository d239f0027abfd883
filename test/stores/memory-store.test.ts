import { createMemoryStore } from '../../src/stores/memory-store.ts'
import { storeContract } from './store-contract.ts'

storeContract('the memory store', async (seed) => createMemoryStore(seed))
