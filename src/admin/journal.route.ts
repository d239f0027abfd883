import { PassThrough } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { JournalMatch } from '../../schemas/journal.ts'
import { type AdminContext, bodyReader, sandboxOf } from './context.ts'

const mostUnread = 1024 * 1024

/** GET and DELETE /requests, POST /requests/count and /find, and GET /events. */
export function journalRoutes(app: FastifyInstance, context: AdminContext): void {
  const read = bodyReader(JournalMatch)
  app.get<{ Querystring: Record<string, unknown> }>('/requests', async (request) => {
    const match = read({ body: matchOf(request.query) })
    const { journal } = await sandboxOf(request, context)
    return { requests: journal.find(match) }
  })
  app.delete('/requests', async (request) => {
    const { journal } = await sandboxOf(request, context)
    journal.clear()
    return { status: 'cleared' }
  })
  app.post('/requests/count', async (request) => {
    const match = read(request)
    const { journal } = await sandboxOf(request, context)
    return { count: journal.count(match) }
  })
  app.post('/requests/find', async (request) => {
    const match = read(request)
    const { journal } = await sandboxOf(request, context)
    return { requests: journal.find(match) }
  })

  app.get('/events', async (request, reply) => {
    const { journal } = await sandboxOf(request, context)
    const events = new PassThrough()
    const unsubscribe = journal.subscribe((entry) => {
      // Whoever listens but does not read is sent away before it costs much.
      if (events.writableLength > mostUnread) end()
      else events.write(`event: request\nid: ${entry.id}\ndata: ${JSON.stringify(entry)}\n\n`)
    })
    const end = () => {
      unsubscribe()
      events.end()
    }
    request.raw.once('close', end)
    context.closing.addEventListener('abort', end, { once: true })
    events.once('close', () => context.closing.removeEventListener('abort', end))
    // Sends the headers, so that a client knows that it listens.
    events.write(': the journal of the mock\n\n')
    return reply.type('text/event-stream').header('cache-control', 'no-store').send(events)
  })
}

/** A match as a query: what is digits there is a number. */
const matchOf = (query: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, /^\d+$/.test(String(value)) ? Number(value) : value]),
  )
