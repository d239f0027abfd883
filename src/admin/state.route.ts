import type { FastifyInstance } from 'fastify'
import type { Seed } from '../../schemas/seed.ts'
import type { BodyLimits } from '../http/incoming-body.ts'
import { parseBodiesAsJson } from '../http/json-body.ts'
import { checkSeed, SeedError } from '../seed/seed.ts'
import { seedWarnings } from '../seed/seed-warnings.ts'
import { type AdminContext, sandboxOf, sandboxViewOf } from './context.ts'
import { AdminError } from './errors.ts'

/** [state.put-back] What `GET /state` can answer, `PUT /state` takes: as much as fits into one text. */
const largestState = 512 * 1024 * 1024

export type StateLimits = BodyLimits & { stateLimit?: number; mostSnapshots?: number }

/** POST /reset, GET and PUT /state, and the snapshots. */
export function stateRoutes(app: FastifyInstance, context: AdminContext, limits: StateLimits): void {
  app.post<{ Querystring: { all?: string } }>('/reset', async (request) => {
    if (request.query.all === 'true') await context.sandboxes.resetAll()
    else await context.sandboxes.reset(await sandboxOf(request, context))
    return { status: 'reset' }
  })
  app.get('/reset', async () => {
    throw new AdminError(405, 'a reset changes state: send POST /__admin/reset', { allow: 'POST' })
  })

  app.get('/state', async (request) => (await sandboxViewOf(request, context)).world.toSeed())
  app.register(async (scope) => {
    parseBodiesAsJson(scope, { ...limits, bodyLimit: limits.stateLimit ?? largestState })
    scope.put('/state', async (request) => {
      const { world } = await sandboxOf(request, context)
      const seed = seedOf(request.body)
      await world.replace(seed)
      const warnings = await seedWarnings(seed)
      return { status: 'replaced', ...(warnings.length > 0 && { warnings }) }
    })
  })

  snapshotRoutes(app, context, limits.mostSnapshots ?? 100)
}

/** [state.replace] */
function seedOf(body: unknown): Seed {
  const found = checkSeed(body)
  if (found.length === 0) return body as Seed
  const { faults, message } = new SeedError(found)
  throw new AdminError(400, `${message}; nothing was changed`, {}, faults)
}

type Named = { Params: { name: string } }

/** [state.snapshots] */
/** Only such names come to a store: a database cannot hold every text. */
const isSnapshotName = (name: string) => /^[A-Za-z0-9._-]{1,64}$/.test(name)

function snapshotRoutes(app: FastifyInstance, context: AdminContext, mostSnapshots: number): void {
  app.get('/snapshots', async (request) => {
    const { world } = await sandboxViewOf(request, context)
    return { snapshots: await world.snapshots.list() }
  })
  app.post<Named>('/snapshots/:name', async (request) => {
    const { name } = request.params
    if (!isSnapshotName(name)) {
      throw new AdminError(
        400,
        'a snapshot is named by 1 to 64 letters, digits, dots, underscores or hyphens',
      )
    }
    const { snapshots } = (await sandboxOf(request, context)).world
    const names = await snapshots.list()
    if (names.length >= mostSnapshots && !names.includes(name)) {
      throw new AdminError(
        409,
        `there are ${mostSnapshots} snapshots already: remove one with DELETE /__admin/snapshots/{name}`,
      )
    }
    await snapshots.take(name)
    return { status: 'taken', name }
  })
  app.post<Named>('/snapshots/:name/restore', async (request) => {
    const { name } = request.params
    const { snapshots } = (await sandboxOf(request, context)).world
    if (!isSnapshotName(name) || !(await snapshots.restore(name))) throw noSnapshot(await snapshots.list())
    return { status: 'restored', name }
  })
  app.delete<Named>('/snapshots/:name', async (request) => {
    const { name } = request.params
    const { snapshots } = (await sandboxOf(request, context)).world
    if (!isSnapshotName(name) || !(await snapshots.remove(name))) throw noSnapshot(await snapshots.list())
    return { status: 'removed' }
  })
}

const noSnapshot = (names: readonly string[]) =>
  new AdminError(404, `there is no snapshot of that name; there are ${names.join(', ') || 'none'}`)
