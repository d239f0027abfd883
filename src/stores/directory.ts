import { ProfileSettings } from '../../schemas/mind-profile.ts'
import type { Role, Seed, Team } from '../../schemas/seed.ts'
import type { StatusOption } from '../../schemas/status-option.ts'
import type { Subchannel } from '../../schemas/subchannel.ts'
import type { Tag } from '../../schemas/tag.ts'

/** A role with its permissions ready for look-up. */
export type DirectoryRole = Omit<Role, 'permissions'> & { permissions: ReadonlySet<string> }

/** Everything of a world that is not a profile. It changes only when the whole world is replaced. */
export type Directory = {
  personas: Readonly<Record<string, number>>
  /** The client's own statuses, by id, in the seed's order; the published ones where the seed lists none. */
  statusOptions: ReadonlyMap<string, StatusOption>
  /** Values that `settings.status` takes. */
  statuses: readonly string[]
  supersetRoles: readonly string[] | undefined
  roles: ReadonlyMap<number, DirectoryRole>
  tags: ReadonlyMap<number, Tag>
  subchannels: readonly Subchannel[]
  teams: ReadonlyMap<number, Team>
}

const publishedStatuses: readonly string[] = ProfileSettings.properties.status.anyOf.map(
  (status) => status.const,
)

/** [item.status] The published statuses (S), [item.client-status] and the seed's own (P: each client has a list). */
export const statusesOf = ({ statusOptions = [] }: Pick<Seed, 'statusOptions'>): string[] => [
  ...new Set([...publishedStatuses, ...statusOptions.map((option) => optionOf(option).id)]),
]

/** A status can be given by its id alone; then nothing is known of what it means, and it stands in no one's way. */
const optionOf = (option: string | StatusOption): StatusOption =>
  typeof option === 'string' ? { id: option, availableForCalls: true, availableForChats: true } : option

export function createDirectory(seed: Seed): Directory {
  const options = (seed.statusOptions ?? publishedStatuses).map(optionOf)
  return {
    personas: seed.personas,
    statusOptions: new Map(options.map((option) => [option.id, option])),
    statuses: statusesOf(seed),
    supersetRoles: seed.supersetRoles,
    roles: new Map(seed.roles.map((role) => [role.id, { ...role, permissions: new Set(role.permissions) }])),
    tags: new Map((seed.tags ?? []).map((tag) => [tag.id, tag])),
    subchannels: seed.subchannels ?? [],
    teams: new Map(seed.teams.map((team) => [team.id, team])),
  }
}
