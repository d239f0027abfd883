import type { FastifyInstance } from 'fastify'
import { TokenRequest } from '../../schemas/admin.ts'
import { contractVersion } from '../contract/openapi.ts'
import { parseBodiesAsJson } from '../json-body.ts'
import type { TrustsOrigin } from '../origins.ts'
import { packageInfo } from '../package-info.ts'
import { defaultWorld, type ProfileStore, type World } from '../stores/profile-store.ts'
import { sessionCookie, type Tokens } from '../tokens.ts'
import { createValidator } from '../validation.ts'
import { AdminError, handleAdminError } from './errors.ts'
import { type AdminAccess, createGuard } from './guard.ts'

export type AdminOptions = {
  store: ProfileStore
  tokens: Tokens
  access: AdminAccess
  trustsOrigin: TrustsOrigin
  bodyLimit: number
  /** Milliseconds. */
  now: () => number
}

/** The control plane's scope, /__admin. */
export async function adminPlugin(app: FastifyInstance, options: AdminOptions): Promise<void> {
  const { access, trustsOrigin, bodyLimit, now } = options
  app.setErrorHandler(handleAdminError)
  app.setNotFoundHandler(() => {
    throw new AdminError(
      404,
      'the control plane has GET /health, POST /tokens, POST /reset and GET /state, below /__admin',
    )
  })
  parseBodiesAsJson(app, bodyLimit)
  healthRoute(app, now)
  if (access.kind === 'disabled') return

  const guard = createGuard(access, trustsOrigin)
  await app.register(async (guarded) => {
    guarded.addHook('onRequest', async (request) => guard(request))
    tokensRoute(guarded, options)
    resetRoute(guarded, options.store)
    stateRoute(guarded, options.store)
  })
}

/** Always there, for probes: it tells nothing that needs guarding. */
function healthRoute(app: FastifyInstance, now: () => number): void {
  const startedAt = now()
  app.get('/health', async () => ({
    status: 'ok',
    version: packageInfo.version,
    contract: contractVersion,
    uptimeSeconds: Math.floor((now() - startedAt) / 1000),
  }))
}

function tokensRoute(app: FastifyInstance, { store, tokens }: AdminOptions): void {
  const validator = createValidator(TokenRequest)
  app.post('/tokens', async (request, reply) => {
    const faults = [...validator.faults(request.body ?? {}, '')]
    if (faults.length > 0)
      throw new AdminError(400, faults.map(({ message }) => message).join('; '), {}, faults)
    const { expiresIn, ...whom } = (request.body ?? {}) as TokenRequest
    const token = tokens.sign(await userIdOf(whom, await store.world(defaultWorld)), expiresIn)
    reply.setCookie(sessionCookie, token, { path: '/', httpOnly: true, sameSite: 'lax' })
    return { token, cookie: `${sessionCookie}=${token}` }
  })
}

async function userIdOf({ persona, userId }: TokenRequest, world: World): Promise<number> {
  const { personas } = await world.directory()
  const known = `personas are ${Object.keys(personas).join(', ')}`
  if ((persona === undefined) === (userId === undefined))
    throw new AdminError(400, `send a persona or a userId; ${known}`)
  const id = userId ?? (Object.hasOwn(personas, persona as string) ? personas[persona as string] : undefined)
  if (id === undefined) throw new AdminError(400, `there is no persona of that name; ${known}`)
  return id
}

function resetRoute(app: FastifyInstance, store: ProfileStore): void {
  app.post('/reset', async () => {
    await (await store.world(defaultWorld)).reset()
    return { status: 'reset' }
  })
  app.get('/reset', async () => {
    throw new AdminError(405, 'a reset changes state: send POST /__admin/reset', { allow: 'POST' })
  })
}

function stateRoute(app: FastifyInstance, store: ProfileStore): void {
  app.get('/state', async () => (await store.world(defaultWorld)).toSeed())
}
