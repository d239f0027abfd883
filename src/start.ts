import { readFile } from 'node:fs/promises'
import timers from 'node:timers'
import { createSecureContext } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import type { Seed } from '../schemas/seed.ts'
import type { AdminAccess } from './admin/guard.ts'
import { keepResetting, lastReset } from './demo/resets.ts'
import { createListen, type Listen } from './http/listen.ts'
import { isLoopbackName } from './http/origins.ts'
import { createTokens, type Tokens } from './http/tokens.ts'
import { createMockServer, type MockOptions } from './mock-server.ts'
import { withFreshDates } from './seed/fresh-dates.ts'
import { readSeed } from './seed/seed-file.ts'
import { seedWarnings } from './seed/seed-warnings.ts'
import { keepInFile } from './seed/state-file.ts'
import { watchSeed } from './seed/watch-seed.ts'
import { type Settings, SettingsError } from './settings.ts'
import { isShared, openStore } from './stores/open-store.ts'
import type { ProfileStore } from './stores/profile-store.ts'
import { openLogStream } from './traffic/log-stream.ts'
import { createSandboxes, type Sandboxes } from './traffic/sandboxes.ts'

// Taken when this is loaded: a test may fake them later.
const { setTimeout, clearTimeout } = timers

/** Known to everybody who reads this, so it signs tokens on loopback only. */
export const developmentSecret = 'enneo-mock development secret, never used beyond loopback'

/** What a start takes from outside, so that tests can decide it. */
export type Surroundings = {
  /** Milliseconds since 1970. */
  now: () => number
  /** From 0 up to, not including, 1. */
  random: () => number
  /** A fresh secret, URL-safe. */
  randomSecret: () => string
}

/**
 * Who can reach a mock: this machine, anybody, or whom the application lets in that it is mounted in. Where that is not
 * known, no secret that everybody knows is used.
 */
type Reach = 'loopback' | 'anybody' | 'host application'

/** What a mock runs on, before it is one. */
export type Preparation = {
  options: MockOptions
  seed: Seed
  /** [store.kept] The store held data already, which was kept instead of the seed. */
  wasKept: boolean
  /** Secrets that were made up and that nobody can know unless they are printed. */
  madeUp: { jwtSecret?: string; adminApiToken?: string }
}

/** A mock that is ready but does not listen. */
export type PreparedMock = Pick<Preparation, 'seed' | 'wasKept' | 'madeUp'> & {
  app: FastifyInstance
  tokens: Tokens
  sandboxes: Sandboxes
  adminAccess: AdminAccess
  listen: Listen
  /** Tells those who ask whether it is ready that it is not any more; calls are still taken. */
  announceStop: () => void
}

export type StartedMock = PreparedMock & {
  /** Origin of the server, such as `http://localhost:8005`. */
  origin: string
}

/**
 * Settings → seed → store, for every way to run a mock. A seed that is handed over takes the place of the settings' file.
 * @throws {SettingsError} with one sentence for the user
 */
export async function prepareOptions(
  settings: Settings,
  { now, random, randomSecret }: Surroundings,
  reach: Reach,
  givenSeed?: Seed,
): Promise<Preparation> {
  // As an option of a plugin the framework would take it for the level of its routes' own lines.
  const { logLevel: _ofTheServer, ...ofTheMock } = settings
  refuseHalfStore(settings)
  const seed = givenSeed ?? (await readSeed(settings.seed))
  const jwtSecret = settings.jwtSecret ?? (reach === 'loopback' ? developmentSecret : randomSecret())
  const tokens = await createTokens(jwtSecret, now)
  const adminAccess = accessOf(settings, reach, randomSecret)
  const { demo } = settings
  const first = demo === undefined ? seed : withFreshDates(seed, lastReset(now(), demo))
  const store = await openState(first, settings)
  const sandboxes = await createSandboxes(store, settings, now)
  return {
    options: { ...ofTheMock, sandboxes, tokens, adminAccess, random, randomSecret },
    seed,
    wasKept: store.wasKept,
    madeUp: {
      ...(settings.jwtSecret === undefined && reach !== 'loopback' && { jwtSecret }),
      ...(settings.adminApiToken === undefined &&
        adminAccess.kind === 'token' && { adminApiToken: adminAccess.token }),
    },
  }
}

/** The same, as a server. @throws {SettingsError} with one sentence for the user */
export async function prepareMock(
  settings: Settings,
  surroundings: Surroundings,
  givenSeed?: Seed,
): Promise<PreparedMock> {
  const isLoopback = isLoopbackName(settings.host)
  refuseOpenSignIn(settings, isLoopback)
  refuseWatchOfNothing(settings)
  refuseHalfDemo(settings)
  const https = await readCertificate(settings)
  const reach = isLoopback ? 'loopback' : 'anybody'
  const { options, seed, wasKept, madeUp } = await prepareOptions(settings, surroundings, reach, givenSeed)
  const log = await logOf(settings)
  const stopping = new AbortController()
  const { trustedProxy: trustedProxies } = settings
  const app = await createMockServer(
    { ...options, stopping: stopping.signal },
    { ...log, trustedProxies, ...(https && { https }) },
  )
  const wasReset = await resetIfDemo(seed, settings, options.sandboxes, app)
  await warnOfSlips(seed, settings, app)
  followIfAsked(settings, seed, options.sandboxes, app)
  const listen = createListen(app)
  await app.ready()
  const { tokens, sandboxes, adminAccess } = options
  return {
    app,
    seed,
    wasKept: wasKept && !wasReset,
    tokens,
    sandboxes,
    adminAccess,
    madeUp,
    listen,
    announceStop: () => announce(app, stopping),
  }
}

/** The same, and listening. Rejects when it cannot. */
export async function startMock(
  settings: Settings,
  surroundings: Surroundings,
  givenSeed?: Seed,
): Promise<StartedMock> {
  const mock = await prepareMock(settings, surroundings, givenSeed)
  const port = await listen(mock, settings)
  return { ...mock, origin: originOf(settings, port) }
}

/** Nobody is told of slips in the built-in seed: it has none. */
async function warnOfSlips(
  seed: Seed,
  { seed: file, logLevel }: Settings,
  app: FastifyInstance,
): Promise<void> {
  if (logLevel === 'silent') return
  for (const reason of await seedWarnings(seed))
    app.log.warn({ seed: file, reason }, 'the seed may have a slip')
}

/** People see every call; a program that reads the log wants what is remarkable. */
async function logOf({ logLevel, logFormat }: Settings) {
  const logStream = logLevel === 'silent' ? undefined : await openLogStream(logFormat)
  return { logStream, logLevel: logStream && logLevel === 'info' ? 'debug' : logLevel }
}

/** Longer than this a connection that is still open does not hold up the end. */
const patienceMs = 800

/** [health.drain] Who keeps a connection open, such as a balancer, is told to let go of it. */
function announce({ server }: FastifyInstance, stopping: AbortController): void {
  stopping.abort()
  server.prependListener('request', (_request, response) => {
    response.shouldKeepAlive = false
  })
}

/**
 * Resolves when nothing of it is left: calls that run finish first, as long as there is patience, connections that only
 * wait are broken off.
 */
export async function closeMock(app: FastifyInstance, patience = patienceMs): Promise<void> {
  const impatience = setTimeout(() => app.server.closeAllConnections(), Math.max(patience, patienceMs))
  await app.close()
  clearTimeout(impatience)
}

function followIfAsked(
  { watch, seed: path }: Settings,
  first: Seed,
  sandboxes: Sandboxes,
  app: FastifyInstance,
): void {
  if (!watch || path === undefined) return
  const stop = watchSeed(path, first, () => readSeed(path), sandboxes.reseed, app.log)
  app.addHook('onClose', async () => stop())
}

/** Resolves with whether what the store held has given way. */
async function resetIfDemo(
  seed: Seed,
  { demo }: Settings,
  sandboxes: Sandboxes,
  app: FastifyInstance,
): Promise<boolean> {
  if (demo === undefined) return false
  const { wasDue, stop } = await keepResetting(sandboxes, seed, demo, app.log)
  app.addHook('onClose', async () => stop())
  return wasDue
}

function refuseHalfDemo({ demo, disableAdminApi, watch }: Settings): void {
  if (demo === undefined) return
  if (disableAdminApi)
    throw new SettingsError(
      'Visitors of a --demo sign in through the control plane; leave out --disable-admin-api.',
    )
  if (watch) throw new SettingsError('A --demo begins anew by the clock; leave out --watch.')
}

function refuseHalfStore({ store, persist, jwtSecret }: Settings): void {
  if (store !== undefined && persist !== undefined)
    throw new SettingsError('--persist is for a mock without --store; name one of them.')
  // [store.replicas]
  if (isShared(store) && jwtSecret === undefined) {
    throw new SettingsError(
      'A --store that several mocks share needs a --jwt-secret that they share; set MOCK_JWT_SECRET for all of them.',
    )
  }
}

async function openState(seed: Seed, settings: Settings): Promise<ProfileStore> {
  const store = await openStore(seed, settings).catch((error: Error) => {
    throw new SettingsError(error.message, { cause: error })
  })
  return settings.persist === undefined ? store : keepInFile(store, settings.persist, settings.reseed)
}

function refuseWatchOfNothing({ watch, seed }: Settings): void {
  if (watch && seed === undefined)
    throw new SettingsError('--watch needs a file to watch; name one with --seed.')
}

function refuseOpenSignIn({ auth, host }: Settings, isLoopback: boolean): void {
  if (auth !== 'strict' && !isLoopback) {
    throw new SettingsError(
      `--auth ${auth} lets anybody in, so it cannot listen on ${host}; use --auth strict or a loopback --host.`,
    )
  }
}

/** A given token is always wanted; beyond loopback one is made up. A host application's control plane is this machine's. */
function accessOf(
  { disableAdminApi, adminApiToken, demo }: Settings,
  reach: Reach,
  randomSecret: () => string,
): AdminAccess {
  if (disableAdminApi) return { kind: 'disabled' }
  if (demo !== undefined)
    return { kind: 'token', token: adminApiToken ?? randomSecret(), letsVisitorsIn: true }
  if (adminApiToken !== undefined) return { kind: 'token', token: adminApiToken }
  return reach === 'anybody' ? { kind: 'token', token: randomSecret() } : { kind: 'loopback' }
}

async function readCertificate({ httpsCert, httpsKey }: Settings) {
  if (httpsCert === undefined && httpsKey === undefined) return undefined
  if (httpsCert === undefined || httpsKey === undefined) {
    throw new SettingsError('HTTPS needs both --https-cert and --https-key.')
  }
  const read = (path: string) =>
    readFile(path).catch((error: NodeJS.ErrnoException) => {
      throw new SettingsError(`The file ${path} cannot be read (${error.code}).`)
    })
  const certificate = { cert: await read(httpsCert), key: await read(httpsKey) }
  try {
    createSecureContext(certificate)
  } catch {
    throw new SettingsError(`${httpsCert} and ${httpsKey} are not a certificate and its key in PEM form.`)
  }
  return certificate
}

async function listen(mock: PreparedMock, { host, port }: Settings): Promise<number> {
  const { app } = mock
  const { level } = app.log
  try {
    // The framework would log its addresses; the banner tells them better.
    app.log.level = 'silent'
    const taken = await mock.listen(host, port)
    app.log.level = level
    return taken
  } catch (error) {
    await app.close()
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') {
      throw new SettingsError(
        `Port ${port} is in use; stop what runs there or choose another with --port ${port === 65_535 ? 8006 : port + 1}.`,
      )
    }
    throw new SettingsError(`The mock cannot listen on ${host} port ${port} (${code}).`)
  }
}

function originOf({ host, httpsCert }: Settings, port: number): string {
  // [tokens.one-name] Pages of localhost and 127.0.0.1 are different sites to a browser, and cookies stay within one.
  const isLocal = ['127.0.0.1', '0.0.0.0', '::1', '[::1]', '::', '[::]'].includes(host)
  const name = isLocal ? 'localhost' : host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host
  return `${httpsCert === undefined ? 'http' : 'https'}://${name}:${port}`
}
