import type { Seed } from '../../schemas/seed.ts'
import type { ProfileStore } from './profile-store.ts'

/** The store that the settings ask for; an adapter is loaded only when it is used. */
export async function openStore(seed: Seed): Promise<ProfileStore> {
  const { createMemoryStore } = await import('./memory-store.ts')
  return createMemoryStore(seed)
}
