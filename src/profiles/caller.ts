import type { StoredProfile } from '../../schemas/seed.ts'
import type { Directory } from '../stores/directory.ts'
import { roleInForce, teamsWithParents } from './derived-settings.ts'

/** Who calls, and what they may do now. */
export type Caller = {
  id: number
  /** Name of the role in force. */
  roleName: string | undefined
  /** For the log: the profile and the role its permissions come from. */
  description: string
  /** Holds one of these. */
  holds: (...permissions: string[]) => boolean
  /** Holds one of these permissions for changing others, or is this profile. */
  mayChange: (profileId: number, ...permissions: string[]) => boolean
  /** Under `--vendor-rules`: whether a team is among those the caller sees (P). */
  seesTeam: (teamId: number) => boolean
  /** All that `holds` says yes to. */
  permissions: () => string[]
  /** Number of permissions of the role in force: the ceiling for roles this caller grants (P). */
  roleSize: number
}

const remembered = new WeakMap<StoredProfile, { directory: Directory; caller: Caller }>()

/** Profiles and directories are values, so what was found of one of each holds until there is another. */
export function callerOf(profile: StoredProfile, directory: Directory): Caller {
  const known = remembered.get(profile)
  if (known?.directory === directory) return known.caller
  const caller = newCaller(profile, directory)
  remembered.set(profile, { directory, caller })
  return caller
}

/** [permission.from-role] The permissions of a profile come from its role, never from the token (P). */
function newCaller(profile: StoredProfile, directory: Directory): Caller {
  const role = roleInForce(profile, directory)
  // [permission.enneo-callers] P: a client's own Administrator does not hold enneoAdmin, so it counts for the vendor's
  // people only.
  const holdsThis = (permission: string) =>
    role?.permissions.has(permission) === true && (permission !== 'enneoAdmin' || profile.type === 'enneo')
  const holds = (...permissions: string[]) => permissions.some(holdsThis)
  const { teamIds = [] } = profile.settings
  return {
    id: profile.id,
    mayChange: (profileId, ...permissions) => profileId === profile.id || holds(...permissions),
    // [vendor-rules.teams] Worded for users who belong to teams, so one in no team sees all [vendor-rules.no-team].
    seesTeam: (teamId) =>
      teamIds.length === 0 ||
      holds('viewAllTeams') ||
      teamsWithParents([teamId], directory).some(({ id }) => teamIds.includes(id)),
    roleName: role?.name,
    description: `profile ${profile.id} with ${role ? `the role ${role.name}` : 'no role'}`,
    holds,
    permissions: () => (role ? [...role.permissions].filter(holdsThis) : []),
    roleSize: role?.permissions.size ?? 0,
  }
}

/** A caller who acts as somebody else holds what both hold: nothing is gained [behalf.gains-nothing] [behalf.both]. */
export function onBehalfOf(caller: Caller, other: Caller): Caller {
  const holds = (...permissions: string[]) => caller.holds(...permissions) && other.holds(...permissions)
  return {
    ...caller,
    description: `${caller.description} on behalf of ${other.description}`,
    holds,
    mayChange: (...change) => caller.mayChange(...change) && other.mayChange(...change),
    seesTeam: (teamId) => caller.seesTeam(teamId) && other.seesTeam(teamId),
    permissions: () => caller.permissions().filter((permission) => holds(permission)),
    roleSize: Math.min(caller.roleSize, other.roleSize),
  }
}
