import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { URL } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { mostSeconds } from '../../schemas/admin.ts'
import type { Seed } from '../../schemas/seed.ts'
import { sessionCookie } from '../http/tokens.ts'
import { type Settings, options as settingsByName, settingsFrom } from '../settings.ts'
import { closeMock, prepareMock, type StartedMock, startMock } from '../start.ts'
import { type ControlClient, controlBy, type Send, type TokenOptions, type Who } from './control-client.ts'
import { createInMemoryHttp, type InMemoryHttp } from './in-memory-http.ts'
import { refuseUnknownOptions, seedFrom } from './known-options.ts'
import { createMockFetch } from './mock-fetch.ts'
import { surroundingsAt } from './surroundings.ts'

/** Settings as on the command line, none of them read from the environment or a file. */
export type CreateMockOptions = Partial<Omit<Settings, 'seed'>> & {
  /** A seed document, of which a copy is kept, or the path of one. */
  seed?: Seed | string
  /** False: no socket; call it by `fetch` or `inject` of the mock. */
  listen?: boolean
}

export type Mock = Omit<ControlClient, 'token' | 'cookie'> & {
  /** A token for the header `Authorization: Bearer …`. */
  token: (who: Who, options?: TokenOptions) => string
  /** The value of a `Cookie` header that signs in. */
  cookie: (who: Who, options?: TokenOptions) => string
  /**
   * Calls the mock without a socket, whether or not it listens and whatever host the address names; apart from that it
   * is Node's own `fetch`. It waits for no timer, so faked ones do not stop it.
   */
  fetch: typeof fetch
  /** Fastify's own way to call it without a socket. With a body it waits for `setImmediate`, which a test may fake. */
  inject: FastifyInstance['inject']
  /** Resolves within a second when nothing of it is left, half open connections included; a second time does nothing. */
  close: () => Promise<void>
}

/** A name that reaches no machine: only the mock's own `fetch` knows it. */
const noOrigin = 'http://localhost'

const known = [...Object.keys(settingsByName), 'listen']

/**
 * A mock in this process: by default on a free port of loopback, on the built-in seed, and quiet. Resolves when it
 * listens. `now` is its clock, in milliseconds since 1970. @throws {SettingsError} or {SeedError} for what cannot be
 * used; rejects on a busy port; never ends the process
 */
export async function createMock(
  options: CreateMockOptions = {},
  now: () => number = () => Date.now(),
): Promise<Mock> {
  refuseUnknownOptions('createMock', options, known)
  const { seed: givenSeed, listen = true, ...settings } = options
  const { document, ...seed } = seedFrom(givenSeed)
  const resolved = settingsFrom({ port: 0, logLevel: 'silent', ...settings, ...seed })
  const surroundings = surroundingsAt(now)
  const started = listen
    ? await startMock(resolved, surroundings, document)
    : { ...(await prepareMock(resolved, surroundings, document)), origin: noOrigin }
  return createHandle(started, resolved.adminApiToken)
}

function createHandle(
  { app, origin, seed, tokens, sandboxes, madeUp }: StartedMock,
  givenToken: string | undefined,
): Mock {
  const adminToken = givenToken ?? madeUp.adminApiToken
  const http = createInMemoryHttp(app.server)
  let closing: Promise<void> | undefined
  const token = (who: Who, { expiresIn }: TokenOptions = {}) =>
    tokens.sign(userIdOf(who, seed), secondsFrom(expiresIn), sandboxes.now(sandboxes.default))
  return {
    ...controlBy(sendBy(http), { origin, ...(adminToken !== undefined && { adminToken }) }),
    token,
    cookie: (who, options) => `${sessionCookie}=${token(who, options)}`,
    fetch: createMockFetch(http),
    inject: app.inject.bind(app) as FastifyInstance['inject'],
    close: () => {
      closing ??= http.close(closeMock(app))
      return closing
    },
  }
}

const sendBy =
  (http: InMemoryHttp): Send =>
  (url, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const { host, pathname, search } = new URL(url)
      const call = http.request({ method, path: pathname + search, headers: { host, ...headers } })
      call.once('error', reject)
      call.once('response', (answer: IncomingMessage) => {
        text(answer).then(
          (content) => resolve({ status: answer.statusCode as number, text: content }),
          reject,
        )
      })
      call.end(body)
    })

function userIdOf(who: Who, { personas }: Seed): number {
  if (Number.isInteger(who)) return who as number
  const id = typeof who === 'string' && Object.hasOwn(personas, who) ? personas[who] : undefined
  if (id === undefined)
    throw new Error(
      `There is no persona ${String(who)}; the seed has ${Object.keys(personas).join(', ')}, and a profile id works too.`,
    )
  return id
}

function secondsFrom(expiresIn: unknown): number | undefined {
  if (expiresIn === undefined) return undefined
  if (Number.isInteger(expiresIn) && Math.abs(expiresIn as number) <= mostSeconds) return expiresIn as number
  throw new Error(
    `expiresIn must be a whole number of seconds, at most ${mostSeconds} either way (got ${JSON.stringify(expiresIn)}).`,
  )
}
