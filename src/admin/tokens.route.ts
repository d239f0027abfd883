import { URL } from 'node:url'
import type {} from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TokenRequest } from '../../schemas/admin.ts'
import { sessionCookie } from '../http/tokens.ts'
import type { Directory } from '../stores/directory.ts'
import { Violations, violationsHeader } from '../traffic/violations.ts'
import { type AdminContext, bodyReader, sandboxOf } from './context.ts'
import { AdminError } from './errors.ts'

/** POST /tokens: signs in without a password; a browser keeps the cookie. DELETE /tokens: signs the browser out. */
export function tokensRoute(app: FastifyInstance, context: AdminContext): void {
  const read = bodyReader(TokenRequest)
  app.post('/tokens', async (request, reply) => {
    const { expiresIn, cookie = true, ...whom } = read(request)
    const sandbox = await sandboxOf(request, context)
    const userId = userIdOf(whom, await sandbox.world.directory())
    const token = context.tokens.sign(userId, expiresIn, context.sandboxes.now(sandbox))
    // [tokens.no-cookie]
    if (cookie) reply.setCookie(sessionCookie, token, cookieOptions)
    const lost = cookie ? lostCookie(request) : undefined
    if (lost !== undefined) {
      const violations = new Violations()
      violations.add({ rule: 'cookie-dropped', message: lost })
      reply.header('x-mock-violations', violationsHeader(violations))
      request.log.warn(lost)
    }
    return { token, cookie: `${sessionCookie}=${token}` }
  })
  // [tokens.sign-out]
  app.delete('/tokens', async (_request, reply) => {
    reply.clearCookie(sessionCookie, cookieOptions)
    return { status: 'signed out' }
  })
}

const cookieOptions = { path: '/', httpOnly: true, sameSite: 'lax' } as const

/**
 * [tokens.one-name] To a browser `localhost` and `127.0.0.1` are two sites, and it drops what one sets for a page of the
 * other. A browser that says itself what is one site is believed.
 */
function lostCookie({ headers }: FastifyRequest): string | undefined {
  const { origin, host, 'sec-fetch-site': site } = headers
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return undefined
  const [page, mock] = [new URL(origin), new URL(`http://${host}`)]
  const isOneSite = site === undefined ? page.hostname === mock.hostname : site !== 'cross-site'
  if (isOneSite) return undefined
  mock.hostname = page.hostname
  return `the browser will drop this cookie: the page is on ${page.hostname} and calls ${host}, which is another site; call the mock as ${mock.host}`
}

function userIdOf({ persona, userId }: TokenRequest, { personas }: Directory): number {
  const known = `personas are ${Object.keys(personas).join(', ')}`
  if ((persona === undefined) === (userId === undefined)) {
    throw new AdminError(400, `send a persona or a userId; ${known}`)
  }
  if (persona === undefined) return userId as number
  const id = Object.hasOwn(personas, persona) ? personas[persona] : undefined
  if (id === undefined) throw new AdminError(400, `there is no persona of that name; ${known}`)
  return id
}
