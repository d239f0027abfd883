import { randomBytes } from 'node:crypto'
import SerializerSelector from '@fastify/fast-json-stringify-compiler'
import type { FastifyInstance } from 'fastify'
import type { FastifySerializerCompiler } from 'fastify/types/schema.js'
import fp from 'fastify-plugin'
import type { Seed } from '../../schemas/seed.ts'
import type { AdminAccess } from '../admin/guard.ts'
import { createTokens } from '../http/tokens.ts'
import { mockPlugin } from '../mock-server.ts'
import { parseSeed } from '../seed/seed.ts'
import { readSeed } from '../seed/seed-file.ts'
import { type Settings, settingsFrom } from '../settings.ts'
import { openStore } from '../stores/open-store.ts'

/** How the mock behaves inside another Fastify application. Sign-in is always checked there. */
export type MountOptions = Partial<
  Pick<
    Settings,
    | 'jwtSecret'
    | 'vendorRules'
    | 'selfCheck'
    | 'corsOrigin'
    | 'bodyLimit'
    | 'requireSandbox'
    | 'maxSandboxes'
    | 'journalLimit'
    | 'adminApiToken'
    | 'disableAdminApi'
  >
> & {
  /** A seed document, or the path of one. */
  seed?: Seed | string
}

/**
 * The mock as a Fastify plugin: `app.register(enneoMock, { prefix: '/mock' })` answers at /mock/api/mind and
 * /mock/__admin. It lives in a scope of its own and leaves the host's parsers, hooks and errors alone.
 */
export const enneoMock = fp(
  async (
    app: FastifyInstance,
    { seed, prefix: _ofTheHost, ...values }: MountOptions & { prefix?: string },
  ) => {
    const settings = settingsFrom(values)
    // Whom the host lets in is not known here, so no secret that everybody knows is ever used.
    const { jwtSecret = randomBytes(24).toString('base64url') } = settings
    // A host may have changed how answers become text.
    app.setSerializerCompiler(SerializerSelector()({}, {}) as FastifySerializerCompiler<unknown>)
    app.setReplySerializer((answer) => JSON.stringify(answer))
    await mockPlugin(app, {
      ...settings,
      store: await openStore(typeof seed === 'object' ? parseSeed(seed) : await readSeed(seed)),
      tokens: await createTokens(jwtSecret, Date.now),
      adminAccess: accessOf(settings),
      now: Date.now,
      random: Math.random,
    })
  },
  { name: 'enneo-mock', fastify: '5.x', encapsulate: true },
)

/** With a token the control plane is open to who has it; without one to this machine only. */
function accessOf({ disableAdminApi, adminApiToken }: Settings): AdminAccess {
  if (disableAdminApi) return { kind: 'disabled' }
  return adminApiToken === undefined ? { kind: 'loopback' } : { kind: 'token', token: adminApiToken }
}
