import type { FastifyRequest } from 'fastify'
import { callOf } from './call.ts'

const json = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i

/** Bodies are read as JSON whatever their type says (P), but the client should know that the type is wrong. */
export async function noteContentType(request: FastifyRequest): Promise<void> {
  const {
    'content-type': type,
    'content-length': length = '0',
    'transfer-encoding': encoding,
  } = request.headers
  const hasBody = length !== '0' || encoding !== undefined
  if (type === undefined && !hasBody) return
  if (type !== undefined && json.test(type)) return
  const got = type === undefined ? 'none' : 'another type'
  callOf(request).violations.add({
    rule: 'content-type',
    message: `Content-Type must be application/json (got ${got})`,
    expected: 'application/json',
    got,
  })
}
