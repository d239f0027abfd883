import { PassThrough } from 'node:stream'
import timers from 'node:timers'
import type { FastifyInstance } from 'fastify'
import { type JournalEntry, JournalMatch } from '../../schemas/journal.ts'
import type { Journal } from '../traffic/journal.ts'
import { type AdminContext, bodyReader, sandboxNameOf, sandboxOf, sandboxViewOf } from './context.ts'
import { AdminError } from './errors.ts'
import { archiveOf, journalCallRoutes } from './journal-calls.route.ts'

// Those of Node, whatever a test has put in their place.
const { setInterval, clearInterval } = timers

const mostUnread = 1024 * 1024

/** GET and DELETE /requests, POST /requests/count and /find, and GET /events. */
export function journalRoutes(app: FastifyInstance, context: AdminContext): void {
  const read = bodyReader(JournalMatch)
  app.get<{ Querystring: Record<string, unknown> }>('/requests', async (request) => {
    const { format, ...query } = request.query
    if (format !== undefined && format !== 'har')
      throw new AdminError(400, 'format is har, or left out for the journal as JSON')
    const match = read({ body: matchOf(query) })
    const { journal } = await sandboxViewOf(request, context)
    return format === 'har' ? archiveOf(journal, match, request) : { requests: journal.find(match) }
  })
  journalCallRoutes(app, context)
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
    const name = sandboxNameOf(request)
    const { journal } = await sandboxViewOf(request, context)
    const events = new PassThrough()
    // [events.slow-reader] Whoever listens but does not read is sent away before it costs much.
    const write = (text: string) => {
      if (events.writableLength > mostUnread) end()
      else events.write(text)
    }
    const tell = (entry: JournalEntry) =>
      write(`event: request\nid: ${entry.id}\ndata: ${JSON.stringify(entry)}\n\n`)
    // Sends the headers, so that a client knows that it listens.
    write(': the journal of the mock\n\n')
    const unsubscribe = name === undefined ? journal.subscribe(tell) : context.sandboxes.watch(name, tell)
    // [events.heartbeat] A proxy cuts what is silent for long.
    const heartbeat = setInterval(() => write(': still here\n\n'), context.heartbeat)
    const end = () => {
      unsubscribe()
      clearInterval(heartbeat)
      events.end()
    }
    request.raw.once('close', end)
    events.once('close', context.closing.onceBegun(end))
    for (const entry of missedEntries(journal, request.headers['last-event-id'])) {
      if (events.writableEnded) break
      tell(entry)
    }
    return (
      reply
        .type('text/event-stream')
        // A closing server ends the stream; kept alive, its connection would then be waited for.
        .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' })
        .send(events)
    )
  })
}

/** [events.last-id] What came since a client was cut off. An id beyond the last one is from before a reset. */
function missedEntries(journal: Journal, lastSeen: string | string[] | undefined): JournalEntry[] {
  if (!/^\d+$/.test(String(lastSeen))) return []
  const entries = journal.list()
  const isCurrent = entries.some(({ id }) => id >= Number(lastSeen))
  return isCurrent ? entries.filter(({ id }) => id > Number(lastSeen)) : entries
}

/** A match as a query: what is digits there is a number. */
const matchOf = (query: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, /^\d+$/.test(String(value)) ? Number(value) : value]),
  )
