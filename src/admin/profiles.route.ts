import type { FastifyInstance } from 'fastify'
import type { World } from '../stores/profile-store.ts'
import { type AdminContext, sandboxOf } from './context.ts'
import { AdminError } from './errors.ts'

type Query = { q?: string; limit?: string; offset?: string }

const mostProfiles = 1000

/** GET /state/profiles, /state/profiles/{id} and /state/directory: a world part by part, however large it is. */
export function profilesRoute(app: FastifyInstance, context: AdminContext): void {
  // [state.page]
  app.get<{ Querystring: Query }>('/state/profiles', async (request) => {
    const { q = '', limit = '100', offset = '0' } = request.query
    const page = { limit: wholeNumber('limit', limit, 1), offset: wholeNumber('offset', offset, 0) }
    const { world } = await sandboxOf(request, context)
    const text = q.normalize().toLowerCase()
    return { profiles: await world.find({ ...(text !== '' && { text }) }, page) }
  })

  app.get<{ Params: { id: string } }>('/state/profiles/:id', async (request) => {
    const { world } = await sandboxOf(request, context)
    const profile = await world.profile(Number(request.params.id))
    if (!profile) throw new AdminError(404, 'there is no profile of that id; GET /__admin/state shows all')
    return profile
  })

  // [state.directory]
  app.get('/state/directory', async (request) => directoryView((await sandboxOf(request, context)).world))
}

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > Number.MAX_SAFE_INTEGER)
    throw new AdminError(400, `${name} must be a whole number from ${least} on`)
  return name === 'limit' ? Math.min(number, mostProfiles) : number
}

async function directoryView(world: World): Promise<object> {
  const { personas, statusOptions, roles, teams } = await world.directory()
  return {
    personas,
    ...(statusOptions && { statusOptions }),
    roles: [...roles.values()].map(({ id, name }) => ({ id, name })),
    teams: [...teams.values()].map(({ id, name, parent }) => ({ id, name, parent })),
  }
}
