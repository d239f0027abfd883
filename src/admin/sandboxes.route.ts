import type { FastifyInstance } from 'fastify'
import type { Sandbox } from '../traffic/sandboxes.ts'
import type { AdminContext } from './context.ts'

/** GET /sandboxes: every world and what bends its traffic; the default one first, and it has no name. */
export function sandboxesRoute(app: FastifyInstance, { sandboxes }: AdminContext): void {
  // [sandbox.list]
  app.get('/sandboxes', async () => {
    const named = sandboxes.names().map((name) => sandboxes.find(name) as Sandbox)
    return { sandboxes: [sandboxes.default, ...named].map(viewOf) }
  })
}

function viewOf({ name, scenario, delay, faults, journal }: Sandbox): object {
  const calls = journal.list()
  const last = calls.at(-1)
  return {
    ...(name !== undefined && { name }),
    scenario,
    delay,
    faults: faults.list().length,
    calls: calls.length,
    ...(last && {
      lastCall: { at: last.at, method: last.method, path: last.path, status: last.status },
    }),
  }
}
