import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import type { Seed } from '../schemas/seed.ts'
import type { AdminAccess } from './admin/guard.ts'
import { createMockServer } from './mock-server.ts'
import { isLoopbackName } from './origins.ts'
import { defaultSeedFile } from './package-info.ts'
import { parseSeed, SeedError } from './seed.ts'
import { readDocument, type Settings, SettingsError } from './settings.ts'
import { openStore } from './stores/open-store.ts'
import { createTokens, type Tokens } from './tokens.ts'

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

export type StartedMock = {
  app: FastifyInstance
  /** Origin of the server, such as `http://localhost:8005`. */
  origin: string
  seed: Seed
  /** Secrets that were made up and that nobody can know unless they are printed. */
  madeUp: { jwtSecret?: string; adminApiToken?: string }
  tokens: Tokens
}

/** Settings → seed → store → server → listening. @throws {SettingsError} with one sentence for the user */
export async function startMock(
  settings: Settings,
  { now, random, randomSecret }: Surroundings,
): Promise<StartedMock> {
  const isLoopback = isLoopbackName(settings.host)
  refuseOpenSignIn(settings, isLoopback)
  const https = await readCertificate(settings)
  const seed = await readSeed(settings.seed)

  const jwtSecret = settings.jwtSecret ?? (isLoopback ? developmentSecret : randomSecret())
  const tokens = await createTokens(jwtSecret, now)
  const adminApiToken = settings.adminApiToken ?? randomSecret()
  const adminAccess = accessOf(settings, isLoopback, adminApiToken)
  const app = await createMockServer(
    {
      store: await openStore(seed),
      auth: settings.auth,
      vendorRules: settings.vendorRules,
      tokens,
      adminAccess,
      corsOrigins: settings.corsOrigin,
      bodyLimit: settings.bodyLimit,
      requireSandbox: settings.requireSandbox,
      maxSandboxes: settings.maxSandboxes,
      now,
      random,
    },
    { logLevel: settings.logLevel, ...(https && { https }) },
  )
  await listen(app, settings)
  return {
    app,
    origin: originOf(app, settings),
    seed,
    tokens,
    madeUp: {
      ...(settings.jwtSecret === undefined && !isLoopback && { jwtSecret }),
      ...(settings.adminApiToken === undefined && adminAccess.kind === 'token' && { adminApiToken }),
    },
  }
}

function refuseOpenSignIn({ auth, host }: Settings, isLoopback: boolean): void {
  if (auth !== 'strict' && !isLoopback) {
    throw new SettingsError(
      `--auth ${auth} lets anybody in, so it cannot listen on ${host}; use --auth strict or a loopback --host.`,
    )
  }
}

function accessOf({ disableAdminApi }: Settings, isLoopback: boolean, token: string): AdminAccess {
  if (disableAdminApi) return { kind: 'disabled' }
  return isLoopback ? { kind: 'loopback' } : { kind: 'token', token }
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

/** The seed document of a file, or the built-in one. @throws {SettingsError} listing every fault by path */
export async function readSeed(path = defaultSeedFile): Promise<Seed> {
  const document = await readDocument(path, 'seed')
  try {
    return parseSeed(document)
  } catch (error) {
    if (!(error instanceof SeedError)) throw error
    throw new SettingsError(
      [`The seed file ${path} cannot be used:`, ...error.faults.map((fault) => fault.message)].join('\n  '),
    )
  }
}

async function listen(app: FastifyInstance, { host, port, logLevel }: Settings): Promise<void> {
  try {
    // The framework would log its addresses; the banner tells them better.
    app.log.level = 'silent'
    await app.listen({ host, port })
    app.log.level = logLevel
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

function originOf(app: FastifyInstance, { host, httpsCert }: Settings): string {
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const name =
    host === '127.0.0.1' || host === '0.0.0.0' || host === '::'
      ? 'localhost'
      : host.includes(':')
        ? `[${host}]`
        : host
  return `${httpsCert === undefined ? 'http' : 'https'}://${name}:${port}`
}
