import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { contractVersion } from '../contract/openapi.ts'
import type { Directory } from '../stores/directory.ts'
import type { SeedWorld } from '../stores/profile-store.ts'
import type { Sandboxes } from '../traffic/sandboxes.ts'
import { packageInfo } from '../values/package-info.ts'
import { storeAway } from './errors.ts'

export type HealthOptions = {
  sandboxes: Sandboxes
  /** From 0 up to, not including, 1. */
  random: () => number
  /** When a demo begins anew, in ms since 1970. */
  nextResetAt?: () => number
}

/**
 * [health.instance] Always there, for probes and for clients that want to know which mock this is: it tells nothing that needs guarding.
 */
export function healthRoutes(
  app: FastifyInstance,
  { random, sandboxes, nextResetAt }: HealthOptions,
  isStopping: () => boolean,
): void {
  const { now } = sandboxes
  const startedAt = now()
  const instance = `${startedAt.toString(36)}-${Math.floor(random() * 2 ** 52).toString(36)}`
  const identity = { version: packageInfo.version, contract: contractVersion, instance }
  const awayReason = () => sandboxes.check().then(() => undefined, storeAway)

  app.get('/health', async (_request, reply) => {
    const next = nextResetAt && { nextResetAt: new Date(nextResetAt()).toISOString() }
    const uptimeSeconds = Math.floor((now() - startedAt) / 1000)
    const reason = await awayReason()
    if (reason !== undefined) {
      reply.code(503).header('retry-after', '1')
      return { status: 'unavailable', reason, ...identity, uptimeSeconds, ...next }
    }
    const seed = await seedHash(await sandboxes.seedWorld())
    return { status: 'ok', ...identity, uptimeSeconds, seed, ...next }
  })
  // [health.live] Asks nobody: a mock without its database is not made better by a restart.
  app.get('/health/live', async () => ({ status: 'ok' }))
  // [health.ready]
  app.get('/health/ready', async (_request, reply) => {
    const reason = isStopping() ? 'the mock is stopping' : await awayReason()
    if (reason === undefined) return { status: 'ok' }
    reply.code(503).header('retry-after', '1')
    return { status: 'unavailable', reason }
  })
}

/** A new seed has a new directory. */
const seedHashes = new WeakMap<Directory, string>()

async function seedHash(world: SeedWorld): Promise<string> {
  const directory = await world.directory()
  const known = seedHashes.get(directory)
  if (known !== undefined) return known
  const hash = createHash('sha256')
    .update(JSON.stringify(await world.toSeed()))
    .digest('hex')
  seedHashes.set(directory, hash)
  return hash
}
