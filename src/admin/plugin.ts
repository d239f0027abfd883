import cookie from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import { contractVersion } from '../contract/openapi.ts'
import { parseBodiesAsJson } from '../http/json-body.ts'
import type { TrustsOrigin } from '../http/origins.ts'
import type { Tokens } from '../http/tokens.ts'
import type { Sandboxes } from '../traffic/sandboxes.ts'
import { packageInfo } from '../values/package-info.ts'
import type { AdminContext } from './context.ts'
import { contractRoutes } from './contract.route.ts'
import { AdminError, handleAdminError, storeAway } from './errors.ts'
import { faultRoutes } from './faults.route.ts'
import { type AdminAccess, createGuard } from './guard.ts'
import { journalRoutes } from './journal.route.ts'
import { stateRoutes } from './state.route.ts'
import { tokensRoute } from './tokens.route.ts'

export type AdminOptions = {
  sandboxes: Sandboxes
  tokens: Tokens
  adminAccess: AdminAccess
  trustsOrigin: TrustsOrigin
  bodyLimit: number
  /** Milliseconds. */
  now: () => number
}

/** The control plane's scope, /__admin. */
export async function adminPlugin(app: FastifyInstance, options: AdminOptions): Promise<void> {
  const { sandboxes, tokens, adminAccess: access, trustsOrigin, bodyLimit } = options
  const closing = new AbortController()
  app.setErrorHandler(handleAdminError)
  app.setNotFoundHandler(() => {
    throw new AdminError(
      404,
      access.kind === 'disabled'
        ? 'the control plane is switched off by --disable-admin-api; only GET /__admin/health is left'
        : 'the control plane has /health, /tokens, /reset, /state, /snapshots, /requests, /events, /verify, /coverage, /faults, /settings and /scenario, below /__admin',
    )
  })
  app.addHook('preClose', async () => closing.abort())
  parseBodiesAsJson(app, bodyLimit)
  // A host application may have this already; a second one in its scope would fail.
  if (!app.hasRequestDecorator('cookies')) await app.register(cookie)
  healthRoute(app, options)
  // [guard.disabled]
  if (access.kind === 'disabled') return

  const guard = createGuard(access, trustsOrigin)
  const context: AdminContext = { sandboxes, tokens, closing: closing.signal }
  await app.register(async (guarded) => {
    guarded.addHook('onRequest', async (request) => guard(request))
    tokensRoute(guarded, context)
    stateRoutes(guarded, context)
    journalRoutes(guarded, context)
    faultRoutes(guarded, context)
    contractRoutes(guarded, context)
  })
}

/** Always there, for probes: it tells nothing that needs guarding. */
function healthRoute(app: FastifyInstance, { sandboxes, now }: AdminOptions): void {
  const startedAt = now()
  app.get('/health', async (_request, reply) => {
    const reason = await sandboxes.check().then(
      () => undefined,
      (error) => storeAway(error),
    )
    if (reason !== undefined) reply.code(503).header('retry-after', '1')
    return {
      status: reason === undefined ? 'ok' : 'unavailable',
      ...(reason !== undefined && { reason }),
      version: packageInfo.version,
      contract: contractVersion,
      uptimeSeconds: Math.floor((now() - startedAt) / 1000),
    }
  })
}
