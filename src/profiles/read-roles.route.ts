import type { FastifyInstance } from 'fastify'
import { type RolesQuery, type RoleView, roleOperation, rolesOperation } from '../../schemas/read-roles.ts'
import type { Directory, DirectoryRole } from '../stores/directory.ts'
import { signedInCall } from './call.ts'
import { byId, hasText } from './lists.ts'
import { addOperation, idOf } from './operation-route.ts'
import { groupedPermissions } from './permission-groups.ts'
import { refusal } from './refusal.ts'

/** GET /roles and /roles/{id} (P). */
export function readRolesRoutes(app: FastifyInstance): void {
  // [get-roles.list] [get-roles.base-role] [get-roles.own-role]
  addOperation(app, rolesOperation, {
    handler: async (request) => {
      const { world } = signedInCall(request)
      const { q = '', baseRoleId } = request.query as RolesQuery
      const { roles } = await world.directory()
      const members = await world.countByRole()
      const found = [...roles.values()]
        .map(shownRole)
        // [get-roles.q] (P)
        .filter(
          (role) =>
            (hasText(role.name, q) || hasText(role.description, q)) &&
            (baseRoleId === undefined || role.baseRoleId === baseRoleId),
        )
        .map((role) => ({ ...role, membersCount: members.get(role.id) ?? 0 }))
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
}

const shownRole = ({ id, name, description = '', baseRoleId }: DirectoryRole) => ({
  id,
  name,
  description,
  baseRoleId: baseRoleId ?? null,
})

/** Every permission that any role of this world has, held or not. */
function roleView(role: DirectoryRole, directory: Directory): RoleView {
  const all = [...directory.roles.values()].flatMap(({ permissions }) => [...permissions])
  return {
    ...shownRole(role),
    permissions: groupedPermissions(all).map(({ label, names }) => ({
      label,
      description: '',
      permissions: names.map((name) => ({ name, label: name, value: role.permissions.has(name) })),
    })),
  }
}
