import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Seed } from '../../schemas/seed.ts'
import { mockPlugin } from '../mock-server.ts'
import { type Settings, settingsFrom } from '../settings.ts'
import { prepareOptions } from '../start.ts'
import { refuseUnknownOptions, seedFrom } from './known-options.ts'
import { surroundingsAt } from './surroundings.ts'

/** Sign-in is always checked there, and the host listens. */
const mountable = [
  'jwtSecret',
  'vendorRules',
  'selfCheck',
  'corsOrigin',
  'bodyLimit',
  'requireSandbox',
  'maxSandboxes',
  'journalLimit',
  'adminApiToken',
  'disableAdminApi',
] as const

/** How the mock behaves inside another Fastify application. Sign-in is always checked there. */
export type MountOptions = Partial<Pick<Settings, (typeof mountable)[number]>> & {
  /** A seed document, of which a copy is kept, or the path of one. */
  seed?: Seed | string
}

/** What Fastify itself takes when a plugin is registered. */
const ofTheHost = ['prefix', 'logLevel', 'logSerializers']

/** `enneoMock` by a clock, in milliseconds since 1970. */
export const mountBy = (now: () => number) =>
  fp(
    async (app: FastifyInstance, given: MountOptions & { prefix?: string }) => {
      const own = Object.entries(given).filter(([name]) => !ofTheHost.includes(name))
      const { seed: givenSeed, ...values }: MountOptions = Object.fromEntries(own)
      refuseUnknownOptions('enneoMock', Object.fromEntries(own), [...mountable, 'seed'])
      const { document, ...seed } = seedFrom(givenSeed)
      const settings = settingsFrom({ ...values, ...seed })
      const { options } = await prepareOptions(settings, surroundingsAt(now), 'host application', document)
      // A host may have changed how answers become text.
      app.setReplySerializer((answer) => JSON.stringify(answer))
      // A framework without a log takes the time of a call only where a hook may ask for it.
      app.addHook('onResponse', (_request, _reply, done) => done())
      await mockPlugin(app, { ...options, isMounted: true })
    },
    { name: 'enneo-mock', fastify: '5.x', encapsulate: true },
  )
