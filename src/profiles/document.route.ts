import type { FastifyInstance } from 'fastify'
import { documentOperation } from '../../schemas/document.ts'
import { openApiDocument } from '../contract/openapi.ts'

/** GET /docs/open-api (P). The document is rendered when somebody first asks, not at start. */
export function documentRoute(app: FastifyInstance): void {
  let text: string | undefined
  app.route({
    method: documentOperation.method,
    url: documentOperation.path,
    config: { isPublic: documentOperation.isPublic },
    handler: async (_request, reply) => {
      text ??= (await import('yaml')).stringify(openApiDocument(), { aliasDuplicateObjects: false })
      return reply.type('application/yaml; charset=utf-8').send(text)
    },
  })
}
