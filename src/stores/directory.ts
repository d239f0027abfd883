import type { Role, Seed, Team } from '../../schemas/seed.ts'

/** A role with its permissions ready for look-up. */
export type DirectoryRole = Pick<Role, 'id' | 'name'> & { permissions: ReadonlySet<string> }

/** Everything of a world that is not a profile. It changes only when the whole world is replaced. */
export type Directory = {
  personas: Readonly<Record<string, number>>
  statusOptions: readonly string[] | undefined
  supersetRoles: readonly string[] | undefined
  roles: ReadonlyMap<number, DirectoryRole>
  teams: ReadonlyMap<number, Team>
}

export function createDirectory(seed: Seed): Directory {
  return {
    personas: seed.personas,
    statusOptions: seed.statusOptions,
    supersetRoles: seed.supersetRoles,
    roles: new Map(seed.roles.map((role) => [role.id, { ...role, permissions: new Set(role.permissions) }])),
    teams: new Map(seed.teams.map((team) => [team.id, team])),
  }
}
