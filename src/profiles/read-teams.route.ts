import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  type TeamQuery,
  type TeamsQuery,
  teamListOperation,
  teamOperation,
  teamTreeOperation,
} from '../../schemas/read-teams.ts'
import type { Team } from '../../schemas/seed.ts'
import { signedInCall } from './call.ts'
import { teamSettingsInForce } from './derived-settings.ts'
import { byId, hasText, treeOf } from './lists.ts'
import { addOperation, idOf } from './operation-route.ts'
import { mayNotSee } from './permission.ts'
import { refusal } from './refusal.ts'
import { type Sight, sightOf } from './sight.ts'

/** GET /team/list, /team/tree and /team/{id} (P that they exist; A for the shapes). */
export function readTeamsRoutes(app: FastifyInstance, { vendorRules }: { vendorRules: boolean }): void {
  const seen = async (request: FastifyRequest) => {
    const { world, caller } = signedInCall(request)
    const directory = await world.directory()
    return { caller, directory, sight: sightOf(caller, directory, vendorRules) }
  }
  const seenTeams = async (request: FastifyRequest) => {
    const { directory, sight } = await seen(request)
    return [...directory.teams.values()]
      .filter(({ id }) => sight.team(id))
      .map((team) => teamView(team, sight))
      .sort(byId)
  }

  // [get-team-list.list] [get-team-list.ids] [get-team-list.role-id] [get-team-list.own-role]
  addOperation(app, teamListOperation, {
    handler: async (request) => {
      const { q = '', roleId, ids } = request.query as TeamsQuery
      const teams = await seenTeams(request)
      const found = teams.filter(
        ({ id, name, settings }) =>
          hasText(name, q) &&
          (roleId === undefined || settings.roleId === roleId) &&
          (ids === undefined || ids.includes(id)),
      )
      return { success: true, teams: found }
    },
  })

  // [get-team-tree.children]
  addOperation(app, teamTreeOperation, {
    handler: async (request) => ({ success: true, teams: treeOf(await seenTeams(request)) }),
  })

  // [get-team.flat] [get-team.unknown]
  addOperation(app, teamOperation, {
    handler: async (request) => {
      const { caller, directory, sight } = await seen(request)
      const team = directory.teams.get(idOf(request))
      if (!team) throw refusal('not-found', `there is no team ${idOf(request)}`)
      // [vendor-rules.teams] (P)
      if (!sight.team(team.id)) throw mayNotSee(caller, `team ${team.id}`, 'viewAllTeams')
      const { forceInheritance = false } = request.query as TeamQuery
      const shown = forceInheritance ? { ...team, settings: teamSettingsInForce(team, directory) } : team
      return teamView(shown, sight)
    },
  })
}

/** [vendor-rules.private-skills] Tags that are hidden from the caller are left out of the skills (P). */
function teamView(team: Team, sight: Sight): Team {
  const { skills } = team.settings
  if (!skills?.tagIds) return team
  const tagIds = skills.tagIds.filter(sight.tag)
  return { ...team, settings: { ...team.settings, skills: { ...skills, tagIds } } }
}
