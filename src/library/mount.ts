import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Seed } from '../../schemas/seed.ts'
import { mockPlugin } from '../mock-server.ts'
import { parseSeed } from '../seed/seed.ts'
import { type Settings, settingsFrom } from '../settings.ts'
import { prepareOptions } from '../start.ts'

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
    const settings = settingsFrom({ ...values, ...(typeof seed === 'string' && { seed }) })
    const surroundings = {
      now: Date.now,
      random: Math.random,
      randomSecret: () => randomBytes(24).toString('base64url'),
    }
    const document = typeof seed === 'object' ? parseSeed(seed) : undefined
    const { options } = await prepareOptions(settings, surroundings, 'host application', document)
    // A host may have changed how answers become text.
    app.setReplySerializer((answer) => JSON.stringify(answer))
    await mockPlugin(app, options)
  },
  { name: 'enneo-mock', fastify: '5.x', encapsulate: true },
)
