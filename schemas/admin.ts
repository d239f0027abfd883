import { type Static, Type } from '@sinclair/typebox'
import { Delay } from './fault.ts'

const closed = { additionalProperties: false } as const

/** Body of POST /__admin/tokens: for whom, and for how long in seconds; negative has already expired. */
export const TokenRequest = Type.Partial(
  Type.Object({ persona: Type.String(), userId: Type.Integer(), expiresIn: Type.Integer() }),
  closed,
)
export type TokenRequest = Static<typeof TokenRequest>

/** Body of POST /__admin/settings: what is added to every call of a world. */
export const TrafficSettings = Type.Object({ delay: Delay }, closed)
export type TrafficSettings = Static<typeof TrafficSettings>
