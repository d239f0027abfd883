import { type Static, Type } from '@sinclair/typebox'

/** Body of POST /__admin/tokens: for whom, and for how long in seconds; negative has already expired. */
export const TokenRequest = Type.Partial(
  Type.Object({ persona: Type.String(), userId: Type.Integer(), expiresIn: Type.Integer() }),
  { additionalProperties: false },
)
export type TokenRequest = Static<typeof TokenRequest>
