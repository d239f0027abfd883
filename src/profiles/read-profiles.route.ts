import type { FastifyInstance } from 'fastify'
import {
  ownProfileOperation,
  type ProfileQuery,
  type ProfilesQuery,
  profileOperation,
  profilesOperation,
} from '../../schemas/read-profiles.ts'
import type { StoredProfile } from '../../schemas/seed.ts'
import type { World } from '../stores/profile-store.ts'
import type { Sandboxes } from '../traffic/sandboxes.ts'
import { signedInCall } from './call.ts'
import { addOperation, idOf } from './operation-route.ts'
import { mayNotSee } from './permission.ts'
import { fullView, shortView } from './profile-view.ts'
import { refusal } from './refusal.ts'
import { profileSearch } from './search-profiles.ts'
import { sightOf } from './sight.ts'

type ReadOptions = { vendorRules: boolean; sandboxes: Pick<Sandboxes, 'now'> }

/** GET /profile, /profile/{id} and /profiles (P). */
export function readProfilesRoutes(app: FastifyInstance, { vendorRules, sandboxes }: ReadOptions): void {
  // [get-own-profile.permissions] [get-own-profile.empty]
  addOperation(app, ownProfileOperation, {
    handler: async (request) => {
      const { world, caller } = signedInCall(request)
      const directory = await world.directory()
      const profile = await existingProfile(world, caller.id)
      return {
        ...fullView(profile, directory, sightOf(caller, directory, vendorRules)),
        permissions: caller.permissions(),
        openTickets: [],
        sideConversations: [],
        unreadNotifications: 0,
      }
    },
  })

  addOperation(app, profileOperation, {
    handler: async (request) => {
      const { world, caller } = signedInCall(request)
      const { forceInheritance = false, teamIds, includeRawData = false } = request.query as ProfileQuery
      const profile = await existingProfile(world, idOf(request))
      // [derived.force-false] [derived.force-teams]
      const inheritance = { force: forceInheritance, ...(forceInheritance && teamIds && { teamIds }) }
      const directory = await world.directory()
      const view = fullView(profile, directory, sightOf(caller, directory, vendorRules), inheritance)
      // [get-profile.raw-data] [get-profile.no-raw-data]
      return includeRawData && profile.rawData ? { ...view, rawData: profile.rawData } : view
    },
  })

  // [get-profiles.list]
  addOperation(app, profilesOperation, {
    handler: async (request) => {
      const { sandbox, world, caller } = signedInCall(request)
      const query = request.query as ProfilesQuery
      const directory = await world.directory()
      const sight = sightOf(caller, directory, vendorRules)
      if (query.lastSeen !== undefined && !sight.lastSeen)
        throw mayNotSee(caller, 'who was seen when', 'readUserLastSeenDate')
      const { filter, page } = profileSearch(query, directory, sandboxes.now(sandbox))
      const found = await world.find(filter, page)
      // [get-profiles.format-default]
      const view =
        query.format === 'short' ? shortView : (profile: StoredProfile) => fullView(profile, directory, sight)
      return { success: true, profiles: found.map(view) }
    },
  })
}

/** [get-profile.unknown] @throws {Refusal} 404 */
export async function existingProfile(world: World, id: number): Promise<StoredProfile> {
  const profile = await world.profile(id)
  if (!profile) throw refusal('not-found', `there is no profile ${id}`)
  return profile
}
