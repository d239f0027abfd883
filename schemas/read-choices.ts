import { type Static, Type } from '@sinclair/typebox'
import { Enum } from './enum.ts'
import type { Operation } from './operation.ts'
import { invalidAnswer, unauthorizedAnswer } from './refusal.ts'
import { StatusOptionView } from './status-option.ts'
import { SubchannelView } from './subchannel.ts'

export const statusOptionsOperation = {
  method: 'GET',
  path: '/profile/timeTrackingStatusOptions',
  operationId: 'getTimeTrackingStatusOptions',
  tags: ['Profile'],
  summary: 'Choices for `settings.status`',
  description: 'Each client has its own list; a form leaves out the hidden ones.',
  responses: {
    200: {
      description: 'The statuses',
      schema: Type.Object({
        success: Type.Boolean({ example: true }),
        timeTrackingStatusOptions: Type.Array(StatusOptionView),
      }),
    },
    401: unauthorizedAnswer,
  },
} as const satisfies Operation

const channel = Enum(['all', 'email', 'portal', 'chat', 'voice', 'phone', 'letter', 'internal'])

export const SubchannelsQuery = Type.Partial(
  Type.Object({
    channels: Type.Array(channel, { description: 'Only of these channels; voice is phone' }),
    channel: Enum(['all', 'email', 'portal', 'chat', 'voice', 'phone', 'letter', 'internal'], {
      description: 'The older form of `channels[]`',
    }),
    id: Type.Integer({ description: 'Only this one' }),
  }),
)
export type SubchannelsQuery = Static<typeof SubchannelsQuery>

export const subchannelsOperation = {
  method: 'GET',
  path: '/settings/subchannel',
  operationId: 'getSubchannels',
  tags: ['Settings'],
  summary: 'All subchannels',
  description: 'Mailboxes, numbers and the like, ordered by id. The mock keeps no credentials of theirs.',
  query: SubchannelsQuery,
  responses: {
    200: {
      description: 'The subchannels',
      schema: Type.Object({
        success: Type.Boolean({ example: true }),
        subchannels: Type.Array(SubchannelView),
      }),
    },
    400: invalidAnswer,
    401: unauthorizedAnswer,
  },
} as const satisfies Operation
