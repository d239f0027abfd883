import type { FastifyInstance, FastifyRequest } from 'fastify'
import { JournalMatch } from '../../schemas/journal.ts'
import { violationReport } from '../traffic/violation-report.ts'
import { isBroken } from '../traffic/violations.ts'
import { type AdminContext, bodyReader, sandboxOf, sandboxViewOf } from './context.ts'
import { AdminError } from './errors.ts'

/** GET and DELETE /coverage, POST /verify: what calls have shown of the contract, and whether they kept it. */
export function contractRoutes(app: FastifyInstance, context: AdminContext): void {
  // [coverage.outlives-reset] A call that names no sandbox is about all of them: tests of one client are spread over
  // many.
  const coverageOf = async (request: FastifyRequest, named: typeof sandboxViewOf) =>
    request.headers['x-mock-sandbox'] === undefined
      ? context.sandboxes.coverage
      : (await named(request, context)).coverage
  app.get('/coverage', async (request) => (await coverageOf(request, sandboxViewOf)).report())
  app.delete('/coverage', async (request) => {
    const coverage = await coverageOf(request, sandboxOf)
    coverage.clear()
    return { status: 'cleared' }
  })

  app.get('/verify', async () => {
    throw new AdminError(405, 'it takes a match: send POST /__admin/verify', { allow: 'POST' })
  })
  const read = bodyReader(JournalMatch)
  app.post('/verify', async (request, reply) => {
    const match = read(request)
    const { journal } = await sandboxOf(request, context)
    const entries = journal.find(match)
    const broken = entries.filter(isBroken)
    const lost = journal.lostViolations(match)
    if (broken.length === 0 && lost === 0) return { status: 'verified', calls: entries.length }
    const report = violationReport(broken, lost, {
      origin: `${request.protocol}://${request.host}`,
      adminPath: app.prefix,
      needsAdminToken: request.headers.authorization !== undefined,
      isListening: app.server.listening,
    })
    return reply.code(406).type('text/plain; charset=utf-8').send(report)
  })
}
