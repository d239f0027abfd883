import type { Static } from '@sinclair/typebox'
import { Enum } from './enum.ts'

/** [item.routing-status] Availability of a person for calls or chats (S). */
export const RoutingStatus = Enum(
  ['idle', 'interacting', 'beingConnected', 'notResponding', 'unavailable', 'offline', 'acw'],
  { component: 'RoutingStatus', description: 'Availability for a queue such as calls or chats' },
)
export type RoutingStatus = Static<typeof RoutingStatus>
