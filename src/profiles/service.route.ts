import type { FastifyInstance, FastifyRequest } from 'fastify'
import { documentOperation, healthOperation, versionOperation } from '../../schemas/service.ts'
import { openApiDocument } from '../contract/openapi.ts'
import { basePath, reachedBelow } from '../http/paths.ts'
import { packageInfo } from '../values/package-info.ts'
import { addOperation } from './operation-route.ts'

/** GET /health, /version and /docs/open-api (P), without sign-in. */
export function serviceRoutes(app: FastifyInstance): void {
  // [get-health.answer] [get-version.answer]
  addOperation(app, healthOperation, { handler: async () => ({ success: true }) })
  addOperation(app, versionOperation, {
    handler: async () => ({ success: true, version: `enneo-mock ${packageInfo.version}` }),
  })

  // [reads.document]
  addOperation(app, documentOperation, {
    handler: async (request, reply) => {
      const { stringify } = await import('yaml')
      const { openapi, info, servers, ...rest } = openApiDocument(addressOf(request))
      // Who asks decides about the servers and nothing else, so the rest is rendered once.
      renderedRest ??= stringify(rest, { aliasDuplicateObjects: false })
      const document = stringify({ openapi, info, servers }) + renderedRest
      return reply.type('application/yaml; charset=utf-8').send(document)
    },
  })
}

let renderedRest: string | undefined

/** [reads.servers] Base address under which the caller reached the mock, a sandbox's prefix included. */
function addressOf(request: FastifyRequest): string {
  const { protocol, host, raw, server } = request
  const prefix = reachedBelow.get(raw)
  const path = prefix === undefined ? server.prefix : prefix + basePath
  return host === '' ? path : `${protocol}://${host}${path}`
}
