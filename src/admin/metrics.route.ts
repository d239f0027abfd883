import type { FastifyInstance } from 'fastify'
import { isNotInstalled } from '../values/package-info.ts'
import type { AdminContext } from './context.ts'
import { AdminError } from './errors.ts'

/** Loads what writes metrics, with a package that not everybody has. */
export type LoadMetrics = () => Promise<typeof import('./metrics.ts')>

/** GET /metrics: what Prometheus and those who read its format collect. */
export function metricsRoute(
  app: FastifyInstance,
  { sandboxes }: AdminContext,
  load: LoadMetrics = () => import('./metrics.ts'),
): void {
  // [metrics.format]
  app.get('/metrics', async (_request, reply) => {
    const { contentType, metricsOf } = await load().catch(missing)
    return reply.type(contentType).send(await metricsOf(sandboxes))
  })
}

function missing(error: NodeJS.ErrnoException): never {
  if (!isNotInstalled(error)) throw error
  throw new AdminError(
    404,
    'metrics need a package that is missing; install it with npm install prom-client and start again',
  )
}
