import type { FastifyCorsOptions } from '@fastify/cors'
import type { FastifyRequest } from 'fastify'
import type { TrustsOrigin } from './origins.ts'

/** What a page may read of an answer besides its body. */
const exposedHeaders = [
  'X-Mock-Violations',
  'X-Mock-Fault',
  'Preference-Applied',
  'Retry-After',
  'WWW-Authenticate',
  'Allow',
]

/** CORS with credentials: the origin is reflected, requested headers are echoed. */
export function corsOptions(trustsOrigin: TrustsOrigin) {
  return (request: FastifyRequest, decide: (error: null, options: FastifyCorsOptions) => void): void => {
    const isTrusted = trustsOrigin(request.headers.origin, request.headers.host)
    decide(null, {
      // An empty list still answers the preflight, but allows nobody.
      origin: isTrusted ? true : [],
      credentials: isTrusted,
      methods: ['GET', 'HEAD', 'PATCH', 'POST', 'PUT', 'DELETE'],
      exposedHeaders,
      strictPreflight: false,
    })
  }
}
