import type {} from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import { TokenRequest } from '../../schemas/admin.ts'
import { sessionCookie } from '../http/tokens.ts'
import type { Directory } from '../stores/directory.ts'
import { type AdminContext, bodyReader, sandboxOf } from './context.ts'
import { AdminError } from './errors.ts'

/** POST /tokens: signs in without a password; a browser keeps the cookie. */
export function tokensRoute(app: FastifyInstance, context: AdminContext): void {
  const read = bodyReader(TokenRequest)
  app.post('/tokens', async (request, reply) => {
    const { expiresIn, ...whom } = read(request)
    const sandbox = await sandboxOf(request, context)
    const userId = userIdOf(whom, await sandbox.world.directory())
    const token = context.tokens.sign(userId, expiresIn, context.sandboxes.now(sandbox))
    reply.setCookie(sessionCookie, token, { path: '/', httpOnly: true, sameSite: 'lax' })
    return { token, cookie: `${sessionCookie}=${token}` }
  })
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
