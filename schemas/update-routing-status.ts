import { type Static, Type } from '@sinclair/typebox'
import { Enum } from './enum.ts'
import type { Operation } from './operation.ts'
import { invalidAnswer, notFoundAnswer, Refused, Success, unauthorizedAnswer } from './refusal.ts'
import { RoutingStatus } from './routing-status.ts'
import { Forbidden, UpdateProfilesFaults, UpdateProfilesResults } from './update-profiles.ts'

/** [update-routing-status.values] After-call work is of calls only (P). */
const ChatRoutingStatus = Enum(
  RoutingStatus.anyOf.map((status) => status.const).filter((status) => status !== 'acw'),
  { description: 'Availability for chats' },
)

/** New routing status of one person (P). */
export const RoutingStatusUpdate = Type.Partial(
  Type.Object({
    callRoutingStatus: RoutingStatus,
    chatRoutingStatus: ChatRoutingStatus,
    ifCurrent: Enum(
      RoutingStatus.anyOf.map((status) => status.const),
      { description: 'Only if `callRoutingStatus` is this now; it needs `callRoutingStatus`' },
    ),
  }),
)
export type RoutingStatusUpdate = Static<typeof RoutingStatusUpdate>

/** One item of the bulk form: it says whom it is for (A). */
export const AddressedRoutingStatusUpdate = Type.Composite([
  Type.Object({ id: Type.Integer({ description: 'User id', example: 1 }) }),
  RoutingStatusUpdate,
])
export type AddressedRoutingStatusUpdate = Static<typeof AddressedRoutingStatusUpdate>

const rules =
  'The own status is free; that of others needs `updateSpecificProfile` or `updateSpecificProfileStatus`. `idle` becomes `unavailable` while the time-tracking status is not available for the channel.'

export const updateRoutingStatusesOperation = {
  method: 'PATCH',
  path: '/profiles/routingStatus',
  operationId: 'bulkUpdateRoutingStatus',
  tags: ['Profile'],
  summary: 'Change the routing status of several profiles',
  description: rules,
  body: Type.Object({ profiles: Type.Array(AddressedRoutingStatusUpdate) }),
  responses: {
    200: { description: 'One result per item', schema: UpdateProfilesResults },
    400: {
      description: 'The request does not fit the schema; nothing was changed',
      schema: UpdateProfilesFaults,
    },
    401: unauthorizedAnswer,
    403: { description: 'A permission is missing; nothing was changed', schema: Forbidden },
  },
} as const satisfies Operation

export const updateRoutingStatusOperation = {
  method: 'PATCH',
  path: '/profile/{id}/routingStatus',
  operationId: 'updateRoutingStatus',
  tags: ['Profile'],
  summary: 'Change the routing status of one profile',
  description: rules,
  body: RoutingStatusUpdate,
  responses: {
    200: { description: 'Changed', schema: Success },
    400: invalidAnswer,
    401: unauthorizedAnswer,
    403: { description: 'A permission is missing; nothing was changed', schema: Forbidden },
    404: notFoundAnswer,
    409: { description: '`ifCurrent` is not the status now; nothing was changed', schema: Refused },
  },
} as const satisfies Operation
