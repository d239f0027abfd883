import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { StoredProfile } from '../../schemas/seed.ts'
import { type Page, type ProfileFilter, predicateOf } from '../stores/profile-filter.ts'
import { type AdminContext, sandboxNameOf, sandboxViewOf } from './context.ts'
import { AdminError } from './errors.ts'

type Query = { q?: string; limit?: string; offset?: string }

const mostProfiles = 1000

/** GET /state/profiles, /state/profiles/{id} and /state/directory: a world part by part, however large it is. */
export function profilesRoute(app: FastifyInstance, context: AdminContext): void {
  // [state.page]
  app.get<{ Querystring: Query }>('/state/profiles', async (request) => {
    const { q = '', limit = '100', offset = '0' } = request.query
    const page = {
      limit: Math.min(wholeNumber('limit', limit, 1), mostProfiles),
      offset: wholeNumber('offset', offset, 0),
    }
    const text = q.normalize().toLowerCase()
    return { profiles: await profilesOf(request, context, text === '' ? {} : { text }, page) }
  })

  app.get<{ Params: { id: string } }>('/state/profiles/:id', async (request) => {
    const { world } = await sandboxViewOf(request, context)
    const profile = await world.profile(Number(request.params.id))
    if (!profile) throw new AdminError(404, 'there is no profile of that id; GET /__admin/state shows all')
    return profile
  })

  // [state.directory]
  app.get('/state/directory', async (request) => {
    const { world } = await sandboxViewOf(request, context)
    const { personas, statuses, roles, teams } = await world.directory()
    return {
      personas,
      statuses,
      roles: [...roles.values()].map(({ id, name }) => ({ id, name })),
      teams: [...teams.values()].map(({ id, name, parent }) => ({ id, name, parent })),
    }
  })
}

/** A sandbox that nobody has opened yet is the seed, and looking opens none. */
async function profilesOf(
  request: FastifyRequest,
  context: AdminContext,
  filter: ProfileFilter,
  page: Page,
): Promise<readonly StoredProfile[]> {
  const { sandboxes } = context
  const name = sandboxNameOf(request)
  const sandbox = name === undefined ? sandboxes.default : await sandboxes.find(name)
  if (sandbox) return sandbox.world.find(filter, page)
  const { profiles } = await (await sandboxes.seedWorld()).toSeed()
  const matches = predicateOf(filter) ?? (() => true)
  return profiles.filter(matches).slice(page.offset, page.offset + page.limit)
}

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > Number.MAX_SAFE_INTEGER)
    throw new AdminError(400, `${name} must be a whole number from ${least} on`)
  return number
}
