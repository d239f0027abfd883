import type { onRequestHookHandler } from 'fastify'
import { callOf } from './call.ts'

const json = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i

/** [transport.content-type-noted] Bodies are read as JSON whatever their type says, but the client should know. */
export const noteContentType: onRequestHookHandler = (request, _reply, done) => {
  const call = callOf(request)
  const type = call.headers['content-type']
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers
  const hasBody = length !== '0' || encoding !== undefined
  if (type === undefined ? !hasBody : json.test(String(type))) return done()
  const got = type === undefined ? 'none' : 'another type'
  call.violations.add({
    rule: 'content-type',
    message: `Content-Type must be application/json (got ${got})`,
    expected: 'application/json',
    got,
  })
  done()
}
