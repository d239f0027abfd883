import { unwatchFile, watchFile } from 'node:fs'
import type { FastifyBaseLogger } from 'fastify'
import type { Seed } from '../../schemas/seed.ts'
import type { ProfileStore } from '../stores/profile-store.ts'

/** Looking at the file now and then also works where it is mounted into a container. */
const interval = 300

/**
 * Begins anew whenever the seed file changes; one that cannot be used leaves everything as it is and is logged. Returns
 * how to stop.
 */
export function watchSeed(
  path: string,
  read: () => Promise<Seed>,
  store: ProfileStore,
  log: FastifyBaseLogger,
): () => void {
  const reload = async () => {
    try {
      await store.reseed(await read())
      log.info({ seed: path }, 'the seed has changed; every world begins anew')
    } catch (error) {
      log.error(
        { seed: path, reason: (error as Error).message },
        'the seed has changed but cannot be used; the last good one stays',
      )
    }
  }
  watchFile(path, { interval, persistent: false }, reload)
  return () => unwatchFile(path, reload)
}
