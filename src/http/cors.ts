import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { TrustsOrigin } from './origins.ts'
import { adminPath, basePath } from './paths.ts'

/** What a page may read of an answer besides its body. */
const exposedHeaders =
  'X-Mock-Violations, X-Mock-Fault, Preference-Applied, Retry-After, WWW-Authenticate, Allow'

/** What lets a page read an answer: none of it where its origin is not trusted. */
export function corsHeaders(
  { origin, host }: IncomingHttpHeaders,
  trustsOrigin: TrustsOrigin,
): Readonly<Record<string, string>> {
  if (!trustsOrigin(origin, host)) return ofForeign
  return origin === undefined ? ofTrusted : { ...ofTrusted, 'access-control-allow-origin': origin }
}

// [cors.vary]
const ofForeign = { vary: 'Origin' }
const ofTrusted = {
  vary: 'Origin',
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': exposedHeaders,
}

/**
 * CORS with credentials for every answer of a scope, errors included [cors.refusals]: trusted origins are reflected,
 * requested headers are echoed, and preflights are answered at once. Why it is not the well-known plugin: docs/decisions/own-cors.md.
 */
export function answerCors(app: FastifyInstance, trustsOrigin: TrustsOrigin): void {
  app.addHook('onRequest', (request, reply, done) => {
    const headers = corsHeaders(request.headers, trustsOrigin)
    reply.headers(headers)
    if (request.method !== 'OPTIONS') done()
    else {
      const isTrusted = 'access-control-allow-credentials' in headers
      answerPreflight(reply, request.headers['access-control-request-headers'], isTrusted)
    }
  })
  // Makes the addresses known to OPTIONS; the hook has answered before.
  for (const path of [basePath, adminPath]) app.options(`${path}/*`, () => undefined)
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
