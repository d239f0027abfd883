import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Seed } from '../../schemas/seed.ts'
import { sessionCookie } from '../http/tokens.ts'
import { parseSeed } from '../seed/seed.ts'
import { type Settings, settingsFrom } from '../settings.ts'
import { prepareMock, startMock } from '../start.ts'
import { type ControlClient, createControlClient, type TokenOptions, type Who } from './control-client.ts'
import { createInjectFetch } from './inject-fetch.ts'

/** Settings as on the command line, none of them read from the environment or a file. */
export type CreateMockOptions = Partial<Omit<Settings, 'seed'>> & {
  /** A seed document, or the path of one. */
  seed?: Seed | string
  /** False: no socket; call it by `fetch` or `inject` of the mock. */
  listen?: boolean
}

export type Mock = Omit<ControlClient, 'token' | 'cookie'> & {
  /** A token for the header `Authorization: Bearer …`. */
  token: (who: Who, options?: TokenOptions) => string
  /** The value of a `Cookie` header that signs in. */
  cookie: (who: Who, options?: TokenOptions) => string
  /** Calls the mock without a socket, whether or not it listens. It takes addresses of the mock. */
  fetch: typeof fetch
  /** Fastify's own way to call it without a socket. */
  inject: FastifyInstance['inject']
  /** Resolves when nothing of it is left; a second time does nothing. */
  close: () => Promise<void>
}

/** A name that reaches no machine: only the mock's own `fetch` knows it. */
const noOrigin = 'http://localhost'

/**
 * A mock in this process: by default on a free port of loopback, on the built-in seed, and quiet. Resolves when it
 * listens. @throws {SettingsError} or {SeedError} for what cannot be used; rejects on a busy port; never ends the process
 */
export async function createMock(options: CreateMockOptions = {}): Promise<Mock> {
  const { seed, listen = true, ...settings } = options
  const resolved = settingsFrom({
    port: 0,
    logLevel: 'silent',
    ...settings,
    ...(typeof seed === 'string' && { seed }),
  })
  const document = typeof seed === 'object' ? parseSeed(seed) : undefined
  const surroundings = {
    now: Date.now,
    random: Math.random,
    randomSecret: () => randomBytes(24).toString('base64url'),
  }
  const started = listen
    ? await startMock(resolved, surroundings, document)
    : { ...(await prepareMock(resolved, surroundings, document)), origin: noOrigin }
  return createHandle(started, resolved.adminApiToken)
}

type Started = Awaited<ReturnType<typeof startMock>>

function createHandle({ app, origin, seed, tokens, madeUp }: Started, givenToken: string | undefined): Mock {
  const adminToken = givenToken ?? madeUp.adminApiToken
  const injectFetch = createInjectFetch(app)
  const control = createControlClient({
    origin,
    fetch: injectFetch,
    ...(adminToken !== undefined && { adminToken }),
  })
  const token = (who: Who, { expiresIn }: TokenOptions = {}) => tokens.sign(userIdOf(who, seed), expiresIn)
  return {
    ...control,
    token,
    cookie: (who, options) => `${sessionCookie}=${token(who, options)}`,
    fetch: injectFetch,
    inject: app.inject.bind(app) as FastifyInstance['inject'],
    close: () => app.close(),
  }
}

function userIdOf(who: Who, { personas }: Seed): number {
  if (typeof who === 'number') return who
  const id = Object.hasOwn(personas, who) ? personas[who] : undefined
  if (id === undefined)
    throw new Error(`There is no persona ${who}; the seed has ${Object.keys(personas).join(', ')}.`)
  return id
}
