import type { FastifyRequest } from 'fastify'
import { callOf } from './call.ts'

const json = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i

/** Bodies are read as JSON whatever their type says (P), but the client should know that the type is wrong. */
export async function noteContentType(request: FastifyRequest): Promise<void> {
  const type = request.headers['content-type']
  if (type !== undefined && json.test(type)) return
  callOf(request).violations.add({
    rule: 'content-type',
    message: `Content-Type must be application/json (got ${type === undefined ? 'none' : 'another type'})`,
  })
}
