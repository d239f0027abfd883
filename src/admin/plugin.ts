import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { createClosing } from '../http/closing.ts'
import { parseBodiesAsJson } from '../http/json-body.ts'
import { adminParts, didYouMean } from '../http/meant-path.ts'
import type { TrustsOrigin } from '../http/origins.ts'
import { adminPath } from '../http/paths.ts'
import type { Tokens } from '../http/tokens.ts'
import type { Sandboxes } from '../traffic/sandboxes.ts'
import type { AdminContext } from './context.ts'
import { contractRoutes } from './contract.route.ts'
import { AdminError, handleAdminError } from './errors.ts'
import { faultRoutes } from './faults.route.ts'
import { type AdminAccess, createGuard } from './guard.ts'
import { healthRoutes } from './health.route.ts'
import { journalRoutes } from './journal.route.ts'
import { type LoadMetrics, metricsRoute } from './metrics.route.ts'
import { profilesRoute } from './profiles.route.ts'
import { sandboxesRoute } from './sandboxes.route.ts'
import { stateRoutes } from './state.route.ts'
import { tokensRoute } from './tokens.route.ts'

export type AdminOptions = {
  sandboxes: Sandboxes
  tokens: Tokens
  adminAccess: AdminAccess
  /** When a demo begins anew, in ms since 1970. */
  nextResetAt?: () => number
  /** Largest state document, in bytes. */
  stateLimit?: number
  mostSnapshots?: number
  mostFaults?: number
  trustsOrigin: TrustsOrigin
  bodyLimit: number
  bodySilence?: number
  heartbeat?: number
  /** From 0 up to, not including, 1. */
  random: () => number
  /** It is going to stop: new calls had better go elsewhere. */
  stopping?: AbortSignal
  loadMetrics?: LoadMetrics
}

/** The control plane's scope, /__admin. */
export async function adminPlugin(app: FastifyInstance, options: AdminOptions): Promise<void> {
  const { sandboxes, tokens, adminAccess: access, trustsOrigin } = options
  const closing = createClosing()
  const mount = app.prefix.slice(0, -adminPath.length)
  // Calls that a hook of the host application refuses never come here: its own error handler answers.
  const ours = new WeakSet<FastifyRequest>()
  app.addHook('onRequest', (request, _reply, done) => {
    ours.add(request)
    done()
  })
  app.setErrorHandler((error, request, reply) => {
    if (!ours.has(request)) throw error
    return handleAdminError(error, request, reply)
  })
  app.setNotFoundHandler(({ url }) => {
    throw new AdminError(
      404,
      access.kind === 'disabled'
        ? 'the control plane is switched off by --disable-admin-api; only GET /__admin/health, /health/live and /health/ready are left'
        : `the control plane has ${adminParts.map((part) => `/${part}`).join(', ')}, below ${adminPath}${didYouMean(url.replace(/\?.*$/s, ''), mount)}`,
    )
  })
  app.addHook('preClose', async () => closing.begin())
  parseBodiesAsJson(app, options)
  // A host application may have this already; a second one in its scope would fail.
  if (!app.hasRequestDecorator('cookies')) await app.register(cookie)
  healthRoutes(app, options, () => closing.hasBegun() || options.stopping?.aborted === true)
  // [guard.disabled]
  if (access.kind === 'disabled') return

  const guard = createGuard(access, trustsOrigin)
  const context: AdminContext = {
    sandboxes,
    tokens,
    closing,
    heartbeat: options.heartbeat ?? 10_000,
  }
  await app.register(async (guarded) => {
    guarded.addHook('onRequest', async (request) => guard(request))
    tokensRoute(guarded, context)
    stateRoutes(guarded, context, options)
    profilesRoute(guarded, context)
    journalRoutes(guarded, context)
    faultRoutes(guarded, context, options)
    contractRoutes(guarded, context)
    sandboxesRoute(guarded, context)
    metricsRoute(guarded, context, options.loadMetrics)
  })
}
