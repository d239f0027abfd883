import { createHash } from 'node:crypto'
import { unwatchFile, watchFile } from 'node:fs'
import type { FastifyBaseLogger } from 'fastify'
import type { Seed } from '../../schemas/seed.ts'

/** Looking at the file now and then also works where it is mounted into a container. */
const interval = 300

/**
 * [state.watch] Hands over the seed whenever the document in the file has become another one. What cannot be used is
 * logged and handed over to nobody. Returns how to stop.
 */
export function watchSeed(
  path: string,
  first: Seed,
  read: () => Promise<Seed>,
  beginAnew: (seed: Seed) => Promise<void>,
  log: FastifyBaseLogger,
): () => void {
  let inForce = contentOf(first)
  let problem: string | undefined
  const reload = async () => {
    try {
      const seed = await read()
      const content = contentOf(seed)
      if (content !== inForce) {
        await beginAnew(seed)
        log.info({ seed: path }, 'the seed has changed; every world begins anew')
      } else if (problem !== undefined) {
        log.info({ seed: path }, 'the seed is again as it was; nothing begins anew')
      }
      inForce = content
      problem = undefined
    } catch (error) {
      const reason = (error as Error).message
      if (reason === problem) return
      problem = reason
      log.error({ seed: path, reason }, 'the seed has changed but cannot be used; the last good one stays')
    }
  }
  watchFile(path, { interval, persistent: false }, reload)
  return () => unwatchFile(path, reload)
}

/** Times and permissions of a file change without its document, and the order of profiles means nothing. */
function contentOf(seed: Seed): string {
  const profiles = [...seed.profiles].sort((a, b) => a.id - b.id)
  return createHash('sha256')
    .update(JSON.stringify({ ...seed, profiles }))
    .digest('base64')
}
