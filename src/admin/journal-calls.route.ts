import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { JournalDetail, JournalMatch } from '../../schemas/journal.ts'
import { basePath } from '../http/paths.ts'
import { harOf } from '../traffic/har.ts'
import type { Journal } from '../traffic/journal.ts'
import { savedCase } from '../traffic/saved-case.ts'
import { undoCall } from '../traffic/undo.ts'
import { packageInfo } from '../values/package-info.ts'
import { type AdminContext, sandboxOf, sandboxViewOf } from './context.ts'
import { AdminError } from './errors.ts'

type OfCall = { Params: { id: string } }

/** GET /requests/{id} and /requests/{id}/case, POST /requests/{id}/undo: one call of the journal. */
export function journalCallRoutes(app: FastifyInstance, context: AdminContext): void {
  app.get<OfCall>('/requests/:id', async (request) =>
    detailOf(await sandboxViewOf(request, context), request),
  )

  app.get<OfCall>('/requests/:id/case', async (request, reply) => {
    const sandbox = await sandboxViewOf(request, context)
    const { id } = detailOf(sandbox, request)
    const { personas } = await sandbox.world.directory()
    const saved = savedCase(sandbox.journal, id, {
      basePath: app.prefix.replace(/\/__admin$/, '') + basePath,
      personas,
    })
    if (saved.refused !== undefined) throw new AdminError(409, saved.refused)
    const { stringify } = await import('yaml')
    return reply.type('application/yaml; charset=utf-8').send(stringify([saved.case]))
  })

  app.post<OfCall>('/requests/:id/undo', async (request) => {
    const sandbox = await sandboxOf(request, context)
    const { refused, ...undone } = await undoCall(sandbox, detailOf(sandbox, request).id)
    if (refused !== undefined) throw new AdminError(409, refused)
    return { status: 'undone', ...undone }
  })
}

function detailOf({ journal }: { journal: Journal }, request: FastifyRequest): JournalDetail {
  const call = journal.detail(Number((request.params as OfCall['Params']).id))
  if (!call)
    throw new AdminError(404, 'there is no call of that id in the journal; GET /__admin/requests lists them')
  return call
}

/** Calls that match as an HTTP archive. */
export function archiveOf(journal: Journal, match: JournalMatch, request: FastifyRequest): object {
  const calls = journal.find(match).map(({ id }) => journal.detail(id) as JournalDetail)
  return harOf(calls, `${request.protocol}://${request.host}`, {
    name: 'enneo-mock',
    version: packageInfo.version,
  })
}
