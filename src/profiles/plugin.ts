import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseBodiesAsJson } from '../json-body.ts'
import { defaultWorld, type ProfileStore } from '../stores/profile-store.ts'
import type { Tokens } from '../tokens.ts'
import { violationsHeader } from '../traffic/violations.ts'
import { type AuthMode, createAuthenticate } from './authentication.ts'
import { callOf, openCall } from './call.ts'
import { handleError } from './errors.ts'
import { readDirectoryRoutes } from './read-directory.route.ts'
import { readProfilesRoutes } from './read-profiles.route.ts'
import { serviceRoutes } from './service.route.ts'
import { watchRoutes } from './unknown-route.ts'
import { updateProfileRoute } from './update-profile.route.ts'
import { updateProfilesRoute } from './update-profiles.route.ts'

export type ProfilesOptions = {
  store: ProfileStore
  auth: AuthMode
  vendorRules: boolean
  tokens: Tokens
  bodyLimit: number
}

/** The vendor's scope, /api/mind: a request goes through these hooks in this order (BEHAVIOUR: one request). */
export async function profilesPlugin(app: FastifyInstance, options: ProfilesOptions): Promise<void> {
  const authenticate = createAuthenticate(options.auth, options.tokens)
  const unknownRoute = watchRoutes(app)

  app.decorateRequest('enneoCall', null)
  app.setErrorHandler(handleError)
  // The hooks run for unknown paths too, and answer before this handler would be asked.
  app.setNotFoundHandler(() => {})
  app.addHook('onRequest', async (request) => {
    const call = openCall(request, await options.store.world(defaultWorld))
    if (request.is404) throw unknownRoute(request.method, pathOf(request))
    if (!request.routeOptions.config.isPublic) call.caller = await authenticate(request, call.world)
  })
  parseBodiesAsJson(app, options.bodyLimit)
  app.addHook('onSend', showViolations)
  app.addHook('onResponse', logCall)

  updateProfilesRoute(app, options)
  updateProfileRoute(app, options)
  readProfilesRoutes(app)
  readDirectoryRoutes(app)
  serviceRoutes(app)
}

const pathOf = (request: FastifyRequest) => request.url.split('?', 1)[0] as string

async function showViolations(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { violations } = callOf(request)
  if (violations.count > 0) reply.header('x-mock-violations', violationsHeader(violations))
}

const mostLogged = 5

/** One line per call, without query, headers or bodies: they may hold secrets. */
async function logCall(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { caller, violations, reason } = callOf(request)
  const isRemarkable = reply.statusCode >= 400 || violations.count > 0
  request.log[isRemarkable ? 'info' : 'debug'](
    {
      method: request.method,
      path: pathOf(request),
      status: reply.statusCode,
      userId: caller?.id,
      reason,
      ...(violations.count > 0 && {
        violations: violations.kept.slice(0, mostLogged),
        violationCount: violations.count,
      }),
    },
    'call',
  )
}
