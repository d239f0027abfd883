import { instantOf } from '../../schemas/formats.ts'
import type { ProfilesQuery, Show } from '../../schemas/read-profiles.ts'
import type { Directory } from '../stores/directory.ts'
import type { Page, ProfileFilter, SkillFilter } from '../stores/profile-filter.ts'
import { teamsWithParents } from './derived-settings.ts'

/** [get-profiles.show] */
const typesOf: Record<Show, string[]> = {
  users: ['user'],
  enneo: ['enneo'],
  serviceWorkers: ['serviceWorker'],
  all: [],
}

/** [get-profiles.last-seen] Who was seen in the last ten minutes is online (P). */
const onlineMs = 10 * 60 * 1000

/** What GET /profiles asks of the store. Without `show` it is users, without `limit` 100 (P) [get-profiles.page]. `now` in ms since 1970. */
export function profileSearch(
  query: ProfilesQuery,
  directory: Directory,
  now: number,
): { filter: ProfileFilter; page: Page } {
  const { q, userIds, show = ['users'], limit = 100, offset = 0, teamIds, tagIds, channels } = query
  const { roleId, lastSeen } = query
  return {
    filter: {
      // [get-profiles.user-ids]
      ...(userIds && { ids: userIds }),
      // [get-profiles.show-all]
      ...(!show.includes('all') && { types: [...new Set(show.flatMap((kind) => typesOf[kind]))].sort() }),
      // [get-profiles.role-id] [get-profiles.own-role]
      ...(roleId !== undefined && { roleId }),
      ...(lastSeen !== undefined && {
        seenSince: lastSeen === 'online' ? now - onlineMs : instantOf(lastSeen),
      }),
      ...(q && { text: q.normalize().toLowerCase() }),
      // [get-profiles.team-ids]
      ...(teamIds && {
        teams: {
          ids: teamIds.filter((id) => id !== 'unassigned'),
          unassigned: teamIds.includes('unassigned'),
        },
      }),
      skills: [
        ...(tagIds ? [skillFilter('tagIds', tagIds, directory)] : []),
        ...(channels ? [skillFilter('channels', channels, directory)] : []),
      ],
    },
    page: { limit, offset },
  }
}

/** [get-profiles.in-force] */
function skillFilter(
  kind: SkillFilter['kind'],
  values: readonly (number | string)[],
  directory: Directory,
): SkillFilter {
  const provides = (teamId: number) =>
    teamsWithParents([teamId], directory).some(({ settings }) => {
      const provided: readonly (number | string)[] = settings.skills?.[kind] ?? []
      return provided.some((value) => values.includes(value))
    })
  return { kind, values, providedBy: [...directory.teams.keys()].filter(provides) }
}
