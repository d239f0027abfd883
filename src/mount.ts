import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Seed } from '../schemas/seed.ts'
import { mockPlugin } from './mock-server.ts'
import { parseSeed } from './seed.ts'
import { readSeed } from './seed-file.ts'
import { openStore } from './stores/open-store.ts'
import { createTokens } from './tokens.ts'

/** How the mock behaves inside another Fastify application. Sign-in is always checked there. */
export type MountOptions = {
  /** A seed document, or the path of one. */
  seed?: Seed | string
  /** Signs tokens; made up when absent. POST /__admin/tokens hands out tokens either way. */
  jwtSecret?: string
  vendorRules?: boolean
  /** Origins to trust besides localhost. */
  corsOrigin?: readonly string[]
  /** Bytes. */
  bodyLimit?: number
  requireSandbox?: boolean
  maxSandboxes?: number
  /** With it the control plane is open to who has it; without it to this machine only. */
  adminApiToken?: string
  disableAdminApi?: boolean
}

/**
 * The mock as a Fastify plugin: `app.register(enneoMock, { prefix: '/mock' })` answers at /mock/api/mind and
 * /mock/__admin. It lives in a scope of its own and leaves the host's parsers, hooks and errors alone.
 */
export const enneoMock = fp(
  async (app: FastifyInstance, options: MountOptions) => {
    const { seed, adminApiToken, jwtSecret = randomBytes(24).toString('base64url') } = options
    const document = typeof seed === 'object' ? parseSeed(seed) : await readSeed(seed)
    const store = await openStore(document)
    await mockPlugin(app, {
      store,
      auth: 'strict',
      vendorRules: options.vendorRules ?? false,
      tokens: await createTokens(jwtSecret, Date.now),
      adminAccess: options.disableAdminApi
        ? { kind: 'disabled' }
        : adminApiToken === undefined
          ? { kind: 'loopback' }
          : { kind: 'token', token: adminApiToken },
      corsOrigins: options.corsOrigin ?? [],
      bodyLimit: options.bodyLimit ?? 32 * 1024 * 1024,
      requireSandbox: options.requireSandbox ?? false,
      maxSandboxes: options.maxSandboxes ?? 100,
      now: Date.now,
      random: Math.random,
    })
  },
  { name: 'enneo-mock', fastify: '5.x', encapsulate: true },
)
