import type { SettingsView } from '../../schemas/profile-view.ts'
import type { StoredProfile, Team } from '../../schemas/seed.ts'
import type { Directory, DirectoryRole } from '../stores/directory.ts'

/** How to look at a profile: as it is, as if it inherited [derived.force], or as if it belonged to other teams. */
export type Inheritance = { force?: boolean; teamIds?: readonly number[] }

type Derived = Pick<
  SettingsView,
  | 'actualRoleId'
  | 'actualTeamIds'
  | 'actualSkills'
  | 'actualLimitTicketBacklogAccess'
  | 'actualTicketBacklogRequiredTagIds'
  | 'actualTagsOnRoute'
  | 'actualTagsOnEdit'
>

/**
 * Every `actual*` of a profile, made whenever it is looked at [derived.at-once]. Without inheritance they are the own
 * values [derived.own]; with it those of all teams and their parents are added [derived.inherited], own ones first
 * [derived.order].
 */
export function derivedSettings(
  profile: StoredProfile,
  directory: Directory,
  inheritance: Inheritance = {},
): Derived {
  const sources = [
    profile.settings,
    ...inheritedTeams(profile, directory, inheritance).map((team) => team.settings),
  ]
  const cumulated = <T>(values: (settings: Team['settings']) => readonly T[] | undefined) => {
    const own = values(profile.settings) ?? []
    const all = sources.length === 1 ? own : sources.flatMap((settings) => values(settings) ?? [])
    return all.length < 2 ? [...all] : [...new Set(all)]
  }
  const role = roleInForce(profile, directory, inheritance)
  const isLimited = sources.some(({ limitTicketBacklogAccess }) => limitTicketBacklogAccess === true)
  return {
    // [derived.role]
    ...(role && { actualRoleId: role.id }),
    // [derived.team-ids]
    actualTeamIds: [...(profile.settings.teamIds ?? [])],
    actualSkills: {
      // [derived.intents]
      intents: [],
      tagIds: cumulated(({ skills }) => skills?.tagIds),
      channels: cumulated(({ skills }) => skills?.channels),
    },
    // [derived.flag] [derived.absent]
    actualLimitTicketBacklogAccess: isLimited,
    // [derived.backlog-limit] Without the limit no tag is required (P).
    actualTicketBacklogRequiredTagIds: isLimited
      ? cumulated(({ ticketBacklogRequiredTagIds }) => ticketBacklogRequiredTagIds)
      : [],
    actualTagsOnRoute: cumulated(({ tagsOnRoute }) => tagsOnRoute),
    actualTagsOnEdit: cumulated(({ tagsOnEdit }) => tagsOnEdit),
  }
}

/** [get-team.force] What a team gives its members: its own settings and those of all teams above it (A: as for profiles). */
export function teamSettingsInForce(team: Team, directory: Directory): Team['settings'] {
  const member = { id: 0, settings: { teamIds: [team.id], inheritTeamSettings: true } }
  const derived = derivedSettings(member, directory)
  const { tagIds = [], channels = [] } = derived.actualSkills ?? {}
  return {
    ...(derived.actualRoleId !== undefined && { roleId: derived.actualRoleId }),
    skills: { tagIds, channels },
    limitTicketBacklogAccess: derived.actualLimitTicketBacklogAccess === true,
    ticketBacklogRequiredTagIds: derived.actualTicketBacklogRequiredTagIds ?? [],
    tagsOnRoute: derived.actualTagsOnRoute ?? [],
    tagsOnEdit: derived.actualTagsOnEdit ?? [],
  }
}

/**
 * [permission.role-in-force] The role a profile acts with: its own, or with inheritance the strongest of its own and
 * those of its teams and their parents (P).
 */
export function roleInForce(
  profile: StoredProfile,
  directory: Directory,
  inheritance: Inheritance = {},
): DirectoryRole | undefined {
  const { roleId } = profile.settings
  let strongest = roleId === undefined ? undefined : directory.roles.get(roleId)
  for (const { settings } of inheritedTeams(profile, directory, inheritance)) {
    const role = settings.roleId === undefined ? undefined : directory.roles.get(settings.roleId)
    if (role && (!strongest || isStronger(role, strongest))) strongest = role
  }
  return strongest
}

/** The teams whose settings count for a profile, nearest first; none when it does not inherit (absent: false). */
function inheritedTeams(
  { settings }: StoredProfile,
  directory: Directory,
  { force, teamIds }: Inheritance,
): Team[] {
  if (!force && !settings.inheritTeamSettings) return []
  return teamsWithParents(teamIds ?? settings.teamIds ?? [], directory)
}

/** The named teams and every team above them, each once. */
export function teamsWithParents(teamIds: readonly number[], directory: Directory): Team[] {
  const found = new Set<Team>()
  for (const teamId of teamIds) {
    let team = directory.teams.get(teamId)
    while (team && !found.has(team)) {
      found.add(team)
      team = team.parent === null ? undefined : directory.teams.get(team.parent)
    }
  }
  return [...found]
}

/** [permission.strongest-role] Most permissions; ties go to the lowest id (A). */
function isStronger(role: DirectoryRole, other: DirectoryRole): boolean {
  const more = role.permissions.size - other.permissions.size
  return more > 0 || (more === 0 && role.id < other.id)
}
