import type { Operation } from '../../schemas/operation.ts'
import { Refused } from '../../schemas/refusal.ts'
import { type Json, toJsonSchema } from '../contract/json-schema.ts'

/** The schemas that serialize an operation's answers, by status. A refusal is too small to gain from one. */
export function responseSchemas(operation: Operation): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(operation.responses)
      .filter(([, { schema }]) => schema !== Refused)
      .map(([status, { schema }]) => [status, toJsonSchema(schema, { refs: false })]),
  )
}
