import type { FastifyInstance } from 'fastify'
import { documentOperation, healthOperation, versionOperation } from '../../schemas/service.ts'
import { openApiDocument } from '../contract/openapi.ts'
import { packageInfo } from '../values/package-info.ts'
import { addOperation } from './operation-route.ts'

/** GET /health, /version and /docs/open-api (P), without sign-in. */
export function serviceRoutes(app: FastifyInstance): void {
  // [get-health.answer] [get-version.answer]
  addOperation(app, healthOperation, { handler: async () => ({ success: true }) })
  addOperation(app, versionOperation, {
    handler: async () => ({ success: true, version: `enneo-mock ${packageInfo.version}` }),
  })

  // [reads.document] Rendered when somebody first asks, not at start.
  let document: string | undefined
  addOperation(app, documentOperation, {
    handler: async (_request, reply) => {
      document ??= (await import('yaml')).stringify(openApiDocument(), { aliasDuplicateObjects: false })
      return reply.type('application/yaml; charset=utf-8').send(document)
    },
  })
}
