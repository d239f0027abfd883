import type { FastifyInstance } from 'fastify'
import type { Sandbox } from '../traffic/sandboxes.ts'
import type { AdminContext } from './context.ts'

/** GET /sandboxes: every world and what is injected into its traffic; the default one first, and it has no name. */
export function sandboxesRoute(app: FastifyInstance, { sandboxes }: AdminContext): void {
  // [sandbox.list]
  app.get('/sandboxes', async () => {
    const named = await Promise.all((await sandboxes.names()).map((name) => sandboxes.find(name)))
    // One that has been dropped since is no longer shown.
    const open = named.filter((sandbox) => sandbox !== undefined)
    return { sandboxes: await Promise.all([sandboxes.default, ...open].map(viewOf)) }
  })
}

async function viewOf({ name, world, journal }: Sandbox): Promise<object> {
  const { scenario, delay, faults } = await world.notes.read()
  const calls = journal.list()
  const last = calls.at(-1)
  return {
    ...(name !== undefined && { name }),
    scenario,
    delay,
    faults: faults.length,
    calls: calls.length,
    ...(last && {
      lastCall: { at: last.at, method: last.method, path: last.path, status: last.status },
    }),
  }
}
