import type { FastifyInstance } from 'fastify'
import {
  ownProfileOperation,
  type ProfileQuery,
  type ProfilesQuery,
  profileOperation,
  profilesOperation,
  supersetRolesOperation,
} from '../../schemas/read-profiles.ts'
import type { StoredProfile } from '../../schemas/seed.ts'
import type { World } from '../stores/profile-store.ts'
import { signedInCall } from './call.ts'
import { addOperation, idOf } from './operation-route.ts'
import { fullView, shortView } from './profile-view.ts'
import { refusal } from './refusal.ts'
import { profileSearch } from './search-profiles.ts'

/** GET /profile, /profile/{id}, /profiles and /profile/{id}/supersetRoles (P). */
export function readProfilesRoutes(app: FastifyInstance): void {
  // [get-own-profile.permissions] [get-own-profile.empty]
  addOperation(app, ownProfileOperation, {
    handler: async (request) => {
      const { world, caller } = signedInCall(request)
      const directory = await world.directory()
      const profile = await existingProfile(world, caller.id)
      return {
        ...fullView(profile, directory),
        permissions: caller.permissions(),
        openTickets: [],
        sideConversations: [],
        unreadNotifications: 0,
      }
    },
  })

  addOperation(app, profileOperation, {
    handler: async (request) => {
      const { world } = signedInCall(request)
      const { forceInheritance = false, teamIds, includeRawData = false } = request.query as ProfileQuery
      const profile = await existingProfile(world, idOf(request))
      // [derived.force-false] [derived.force-teams]
      const inheritance = { force: forceInheritance, ...(forceInheritance && teamIds && { teamIds }) }
      const view = fullView(profile, await world.directory(), inheritance)
      // [get-profile.raw-data] [get-profile.no-raw-data]
      return includeRawData && profile.rawData ? { ...view, rawData: profile.rawData } : view
    },
  })

  // [get-profiles.list]
  addOperation(app, profilesOperation, {
    handler: async (request) => {
      const { world } = signedInCall(request)
      const query = request.query as ProfilesQuery
      const directory = await world.directory()
      const { filter, page } = profileSearch(query, directory)
      const found = await world.find(filter, page)
      // [get-profiles.format-default]
      const view =
        query.format === 'short' ? shortView : (profile: StoredProfile) => fullView(profile, directory)
      return { success: true, profiles: found.map(view) }
    },
  })

  // [get-superset-roles.list]
  addOperation(app, supersetRolesOperation, {
    handler: async (request) => {
      const { world } = signedInCall(request)
      await existingProfile(world, idOf(request))
      return { success: true, supersetRoles: (await world.directory()).supersetRoles ?? [] }
    },
  })
}

/** [get-profile.unknown] */
async function existingProfile(world: World, id: number): Promise<StoredProfile> {
  const profile = await world.profile(id)
  if (!profile) throw refusal('not-found', `there is no profile ${id}`)
  return profile
}
