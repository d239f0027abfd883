import type { FastifyInstance, FastifyReply } from 'fastify'
import type { TrustsOrigin } from './origins.ts'
import { adminPath, basePath } from './paths.ts'

/** What a page may read of an answer besides its body. */
const exposedHeaders =
  'X-Mock-Violations, X-Mock-Fault, Preference-Applied, Retry-After, WWW-Authenticate, Allow'

/**
 * CORS with credentials for every answer of a scope, errors included [cors.refusals]: trusted origins are reflected,
 * requested headers are echoed, and preflights are answered at once. Why it is not the well-known plugin: docs/decisions/own-cors.md.
 */
export function answerCors(app: FastifyInstance, trustsOrigin: TrustsOrigin): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { origin, host } = request.headers
    const isTrusted = trustsOrigin(origin, host)
    // [cors.vary]
    reply.header('vary', 'Origin')
    if (isTrusted) {
      if (origin !== undefined) reply.header('access-control-allow-origin', origin)
      reply.header('access-control-allow-credentials', 'true')
      reply.header('access-control-expose-headers', exposedHeaders)
    }
    if (request.method !== 'OPTIONS') done()
    else answerPreflight(reply, request.headers['access-control-request-headers'], isTrusted)
  })
  // Makes the addresses known to OPTIONS; the hook has answered before.
  for (const path of [basePath, adminPath]) app.options(`${path}/*`, (_request, reply) => reply.send())
}

/** [cors.preflight] [cors.preflight-foreign] */
function answerPreflight(reply: FastifyReply, requested: string | undefined, isTrusted: boolean): void {
  if (isTrusted) reply.header('access-control-allow-methods', 'GET, HEAD, PATCH, POST, PUT, DELETE')
  if (isTrusted && requested !== undefined) reply.header('access-control-allow-headers', requested)
  reply
    .header('vary', 'Origin, Access-Control-Request-Headers')
    .header('content-length', '0')
    .code(204)
    .send()
}
