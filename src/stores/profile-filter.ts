import { instantOf } from '../../schemas/formats.ts'
import type { StoredProfile } from '../../schemas/seed.ts'

/** Which profiles to find. All parts must match [query.all-filters]; of a list one entry suffices [query.any-entry]. */
export type ProfileFilter = {
  ids?: readonly number[]
  /** Values of `type`; a profile without one counts as `user`. */
  types?: readonly string[]
  /** Lower-case text within first and last name, or within the mail address. */
  text?: string
  /** The own role. */
  roleId?: number
  /** `lastSeen` is then or later, in ms since 1970. */
  seenSince?: number
  /** Own teams. `unassigned` adds those who have none. */
  teams?: { ids: readonly number[]; unassigned: boolean }
  /** Skills in force: own ones, or for who inherits those of a team that provides them. */
  skills?: readonly SkillFilter[]
}

export type SkillFilter = {
  kind: 'tagIds' | 'channels'
  values: readonly (number | string)[]
  /** The teams that provide one of the values to their members, themselves or through a parent. */
  providedBy: readonly number[]
}

/** [get-profiles.order] Profiles ordered by id, from `offset` on, at most `limit`. */
export type Page = { offset: number; limit: number }

/** [get-profiles.no-type] */
export const typeOf = ({ type = 'user' }: StoredProfile) => type

/** The parts of a filter that need a look at the profile; `undefined` when there are none. */
export function predicateOf({
  text,
  roleId,
  seenSince,
  teams,
  skills = [],
}: ProfileFilter): ((profile: StoredProfile) => boolean) | undefined {
  const parts = [
    ...(text === undefined ? [] : [hasText(text)]),
    ...(roleId === undefined ? [] : [hasRole(roleId)]),
    ...(seenSince === undefined ? [] : [wasSeenSince(seenSince)]),
    ...(teams === undefined ? [] : [isInTeams(teams)]),
    ...skills.map(hasSkill),
  ]
  return parts.length === 0 ? undefined : (profile) => parts.every((part) => part(profile))
}

/** [get-profiles.q] */
const hasText =
  (text: string) =>
  ({ firstName = '', lastName = '', email = '' }: StoredProfile) =>
    `${firstName} ${lastName}`.toLowerCase().includes(text) || email.toLowerCase().includes(text)

const hasRole =
  (roleId: number) =>
  ({ settings }: StoredProfile) =>
    settings.roleId === roleId

const wasSeenSince =
  (instant: number) =>
  ({ lastSeen = '' }: StoredProfile) =>
    instantOf(lastSeen) >= instant

/** [get-profiles.own-teams] */
const isInTeams =
  ({ ids, unassigned }: { ids: readonly number[]; unassigned: boolean }) =>
  ({ settings: { teamIds = [] } }: StoredProfile) =>
    (unassigned && teamIds.length === 0) || teamIds.some((id) => ids.includes(id))

const hasSkill =
  ({ kind, values, providedBy }: SkillFilter) =>
  ({ settings: { skills, inheritTeamSettings, teamIds = [] } }: StoredProfile) => {
    const own: readonly (number | string)[] = skills?.[kind] ?? []
    return (
      own.some((value) => values.includes(value)) ||
      (inheritTeamSettings === true && teamIds.some((id) => providedBy.includes(id)))
    )
  }
