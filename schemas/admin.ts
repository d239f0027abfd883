import { type Static, Type } from '@sinclair/typebox'
import { Delay } from './fault.ts'
import './formats.ts'

const closed = { additionalProperties: false } as const

/** Three centuries: more is a slip, and soon no date. */
export const mostSeconds = 10_000_000_000

/**
 * Body of POST /__admin/tokens: for whom, and for how long in seconds; negative has already expired. `cookie: false` leaves
 * the browser's own sign-in as it is.
 */
export const TokenRequest = Type.Partial(
  Type.Object({
    persona: Type.String(),
    userId: Type.Integer(),
    expiresIn: Type.Integer({ minimum: -mostSeconds, maximum: mostSeconds }),
    cookie: Type.Boolean(),
  }),
  closed,
)
export type TokenRequest = Static<typeof TokenRequest>

/** Body of POST /__admin/settings: what is added to every call of a world, and where its clock stands; null lets it run. */
export const TrafficSettings = Type.Partial(
  Type.Object({ delay: Delay, now: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]) }),
  { ...closed, minProperties: 1 },
)
export type TrafficSettings = Static<typeof TrafficSettings>
