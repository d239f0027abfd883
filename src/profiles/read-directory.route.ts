import type { FastifyInstance } from 'fastify'
import { type RolesQuery, type RoleView, roleOperation, rolesOperation } from '../../schemas/read-roles.ts'
import { type TeamsQuery, teamListOperation, teamTreeOperation } from '../../schemas/read-teams.ts'
import type { Team } from '../../schemas/seed.ts'
import type { Directory, DirectoryRole } from '../stores/directory.ts'
import { signedInCall } from './call.ts'
import { addOperation, idOf } from './operation-route.ts'
import { refusal } from './refusal.ts'

/** What a form needs to choose from: GET /roles, /roles/{id}, /team/list and /team/tree. */
export function readDirectoryRoutes(app: FastifyInstance): void {
  // [get-roles.list] [get-roles.q]
  addOperation(app, rolesOperation, {
    handler: async (request) => {
      const { world } = signedInCall(request)
      const { q = '', baseRoleId } = request.query as RolesQuery
      const { roles } = await world.directory()
      // [get-roles.own-role]
      const members = await world.countByRole()
      const found = [...roles.values()]
        // [get-roles.base-role] No role of a seed is built on another.
        .filter(({ name }) => baseRoleId === undefined && hasText(name, q))
        .map(({ id, name }) => ({ id, name, baseRoleId: null, membersCount: members.get(id) ?? 0 }))
      return { success: true, roles: found.sort(byId) }
    },
  })

  // [get-role.unknown]
  addOperation(app, roleOperation, {
    handler: async (request) => {
      const directory = await signedInCall(request).world.directory()
      const role = directory.roles.get(idOf(request))
      if (!role) throw refusal('not-found', `there is no role ${idOf(request)}`)
      return roleView(role, directory)
    },
  })

  // [get-team-list.list] [get-team-list.ids] [get-team-list.role-id] [get-team-list.own-role]
  addOperation(app, teamListOperation, {
    handler: async (request) => {
      const { teams } = await signedInCall(request).world.directory()
      const { q = '', roleId, ids } = request.query as TeamsQuery
      const found = [...teams.values()].filter(
        ({ id, name, settings }) =>
          hasText(name, q) &&
          (roleId === undefined || settings.roleId === roleId) &&
          (ids === undefined || ids.includes(id)),
      )
      return { success: true, teams: found.sort(byId) }
    },
  })

  // [get-team-tree.children]
  addOperation(app, teamTreeOperation, {
    handler: async (request) => {
      const { teams } = await signedInCall(request).world.directory()
      return { success: true, teams: treeOf([...teams.values()].sort(byId)) }
    },
  })
}

const byId = (a: { id: number }, b: { id: number }) => a.id - b.id

/** [query.text] */
const hasText = (name: string, text: string) => name.toLowerCase().includes(text.toLowerCase())

type Branch = Team & { children: Branch[] }

/** The roots with all that is below them. No seed has circles, or more levels than an answer can hold. */
function treeOf(teams: readonly Team[]): Branch[] {
  const branches = new Map(teams.map((team): [number, Branch] => [team.id, { ...team, children: [] }]))
  const roots: Branch[] = []
  for (const branch of branches.values()) {
    const siblings = branch.parent === null ? roots : branches.get(branch.parent)?.children
    siblings?.push(branch)
  }
  return roots
}

/** [get-role.permissions] Every permission that any role of this world has, as one section (A). */
function roleView({ id, name, permissions }: DirectoryRole, directory: Directory): RoleView {
  const all = new Set([...directory.roles.values()].flatMap((role) => [...role.permissions]))
  return {
    id,
    name,
    description: '',
    baseRoleId: null,
    permissions: [
      {
        label: 'Permissions',
        description: '',
        permissions: [...all].sort().map((permission) => ({
          name: permission,
          label: permission,
          value: permissions.has(permission),
        })),
      },
    ],
  }
}
