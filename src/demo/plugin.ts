import { URL } from 'node:url'
import { fastifyCookie } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { failure } from '../http/failure.ts'
import type { TrustsOrigin } from '../http/origins.ts'
import { adminPath, basePath } from '../http/paths.ts'
import { demoLimits, isVisitor, sandboxOfVisitor, visitorCookie } from './demo.ts'

type DemoOptions = {
  trustsOrigin: TrustsOrigin
  /** A fresh secret, URL-safe. */
  randomSecret: () => string
}

/**
 * [demo.visitor] Gives every call of a visitor the sandbox of that visitor's cookie, as if it had named it. Whoever sends a credential to the
 * control plane is the operator, or is refused there.
 */
export async function demoPlugin(
  app: FastifyInstance,
  { trustsOrigin, randomSecret }: DemoOptions,
): Promise<void> {
  const beginVisit = createBeginVisit(randomSecret)
  await limitCalls(app)
  app.addHook('onRequest', (request, reply, done) => {
    const { headers, url } = request
    // [demo.spelling] What is called is what the router found: an address can be spelled in many ways.
    const path = request.routeOptions.url ?? url
    const isControl = isBelow(path, adminPath)
    if (isControl && headers.authorization !== undefined) return done()
    if (headers['x-mock-sandbox'] !== undefined || url.startsWith('/__sandbox/')) {
      refuse(request, reply, 400, noNames)
      return
    }
    if (!isControl && !isBelow(path, basePath)) return done()
    request.raw.headers['x-mock-sandbox'] = isHealth(path)
      ? undefined
      : sandboxOfVisitor(visitorOf(request) ?? beginVisit(request, reply))
    done()
  })
  linkRoute(app, trustsOrigin, beginVisit)
}

/** [demo.names] */
const noNames =
  'this demo gives each visitor a sandbox by cookie: leave out X-Mock-Sandbox and /__sandbox, and open another one with GET /__demo/new'

const isBelow = (url: string, path: string) => new RegExp(`^${path}(?:[/?]|$)`).test(url)
const isHealth = (url: string) => isBelow(url, `${adminPath}/health`)

/** [demo.rate] */
async function limitCalls(app: FastifyInstance): Promise<void> {
  const { default: rateLimit } = await import('@fastify/rate-limit')
  await app.register(rateLimit, { global: false })
  const count = app.createRateLimit({ max: demoLimits.calls, timeWindow: 60_000 })
  app.addHook('onRequest', async (request, reply) => {
    if (isHealth(String(request.routeOptions.url))) return
    const limit = await count(request)
    if (limit.isAllowed || !limit.isExceeded) return
    reply.header('retry-after', String(limit.ttlInSeconds))
    return refuse(
      request,
      reply,
      429,
      `this demo takes ${demoLimits.calls} calls a minute from one address; go on in ${limit.ttlInSeconds} s`,
    )
  })
}

/** In the vendor's shape, except for the control plane. */
const refuse = ({ url }: FastifyRequest, reply: FastifyReply, status: number, message: string) =>
  reply.code(status).send(isBelow(url, adminPath) ? { message } : failure(message))

function visitorOf({ headers }: FastifyRequest): string | undefined {
  const known = fastifyCookie.parse(headers.cookie ?? '')[visitorCookie]
  return known !== undefined && isVisitor(known) ? known : undefined
}

/** Sets a fresh cookie. */
type BeginVisit = (request: FastifyRequest, reply: FastifyReply) => string

const createBeginVisit =
  (randomSecret: () => string): BeginVisit =>
  ({ protocol }, reply) => {
    const visitor = randomSecret()
    const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure: protocol === 'https' } as const
    reply.header('set-cookie', fastifyCookie.serialize(visitorCookie, visitor, attributes))
    return visitor
  }

/** [demo.link] GET /__demo/new: a sandbox that nobody has used, and on to the app, or to the console. */
function linkRoute(app: FastifyInstance, trustsOrigin: TrustsOrigin, beginVisit: BeginVisit): void {
  app.get<{ Querystring: { to?: string | string[] } }>('/__demo/new', (request, reply) => {
    const { to } = request.query
    const target = to === undefined ? `${adminPath}/` : trustedAddress(to, request, trustsOrigin)
    if (target === undefined) return refuse(request, reply, 400, notTrusted)
    beginVisit(request, reply)
    return reply.header('cache-control', 'no-store').redirect(target)
  })
}

const notTrusted =
  'to must be the whole http or https address of an app whose origin this demo trusts; add its origin with --cors-origin'

/** [demo.link-target] Only what is read as the same address by everybody, and whose origin is trusted. */
function trustedAddress(
  to: string | string[],
  { headers }: FastifyRequest,
  trustsOrigin: TrustsOrigin,
): string | undefined {
  if (typeof to !== 'string' || !/^https?:\/\/[^/\\]/.test(to) || /[\s\\\p{Cc}]/u.test(to)) return undefined
  if (!URL.canParse(to)) return undefined
  const { href, origin, username, password } = new URL(to)
  return username === '' && password === '' && trustsOrigin(origin, headers.host) ? href : undefined
}
