import { type Static, Type } from '@sinclair/typebox'
import type { Operation } from './operation.ts'
import { invalidAnswer, notFoundAnswer, unauthorizedAnswer } from './refusal.ts'

const roleId = { id: Type.Integer({ example: 2 }), name: Type.String({ example: 'Agent' }) }
// The two base roles have none (P).
const baseRoleId = Type.Union([Type.Integer(), Type.Null()])

export const RolesQuery = Type.Partial(
  Type.Object({
    q: Type.String({ description: 'Text in the name or the description' }),
    baseRoleId: Type.Integer({ description: 'Only roles built on this one' }),
  }),
)
export type RolesQuery = Static<typeof RolesQuery>

export const rolesOperation = {
  method: 'GET',
  path: '/roles',
  operationId: 'getRoles',
  tags: ['Role'],
  summary: 'All roles',
  description: 'Choices for `settings.roleId`.',
  query: RolesQuery,
  responses: {
    200: {
      description: 'The roles',
      schema: Type.Object({
        success: Type.Boolean({ example: true }),
        roles: Type.Array(
          Type.Object({
            ...roleId,
            description: Type.String(),
            baseRoleId,
            membersCount: Type.Integer({ description: 'Profiles whose own role this is' }),
          }),
        ),
      }),
    },
    400: invalidAnswer,
    401: unauthorizedAnswer,
  },
} as const satisfies Operation

const PermissionView = Type.Object({ name: Type.String(), label: Type.String(), value: Type.Boolean() })

/** One role with every permission of the world, each held or not, in the vendor's groups (P). */
export const RoleView = Type.Object({
  ...roleId,
  description: Type.String(),
  baseRoleId,
  permissions: Type.Array(
    Type.Object({
      label: Type.String(),
      description: Type.String(),
      permissions: Type.Array(PermissionView),
    }),
  ),
})
export type RoleView = Static<typeof RoleView>

export const roleOperation = {
  method: 'GET',
  path: '/roles/{id}',
  operationId: 'getRole',
  tags: ['Role'],
  summary: 'One role',
  description: 'Every permission, held or not, in groups.',
  responses: {
    200: { description: 'The role', schema: RoleView },
    401: unauthorizedAnswer,
    404: notFoundAnswer,
  },
} as const satisfies Operation
