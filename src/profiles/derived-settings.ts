import type { StoredProfile, Team } from '../../schemas/seed.ts'
import type { Directory, DirectoryRole } from '../stores/directory.ts'

/** The named teams and every team above them, each once, nearest first. */
export function teamsWithParents(teamIds: readonly number[], directory: Directory): Team[] {
  const found = new Map<number, Team>()
  for (const teamId of teamIds) {
    let team = directory.teams.get(teamId)
    while (team && !found.has(team.id)) {
      found.set(team.id, team)
      team = team.parent === null ? undefined : directory.teams.get(team.parent)
    }
  }
  return [...found.values()]
}

/**
 * The role a profile acts with: its own, or with `inheritTeamSettings` the strongest of its own and those of its teams
 * and their parents (P; A: strongest is the one with most permissions, ties go to the lowest id).
 */
export function roleInForce(profile: StoredProfile, directory: Directory): DirectoryRole | undefined {
  const { roleId, inheritTeamSettings, teamIds = [] } = profile.settings
  const own = roleId === undefined ? undefined : directory.roles.get(roleId)
  if (!inheritTeamSettings) return own
  let strongest = own
  for (const { settings } of teamsWithParents(teamIds, directory)) {
    const role = settings.roleId === undefined ? undefined : directory.roles.get(settings.roleId)
    if (role && (!strongest || isStronger(role, strongest))) strongest = role
  }
  return strongest
}

function isStronger(role: DirectoryRole, other: DirectoryRole): boolean {
  const more = role.permissions.size - other.permissions.size
  return more > 0 || (more === 0 && role.id < other.id)
}
