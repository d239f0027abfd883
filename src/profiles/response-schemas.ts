import type { Operation } from '../../schemas/operation.ts'
import { type Json, toJsonSchema } from '../contract/json-schema.ts'

/** The schemas that serialize an operation's answers, by status. */
export function responseSchemas(operation: Operation): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(operation.responses).map(([status, { schema }]) => [
      status,
      toJsonSchema(schema, { refs: false }),
    ]),
  )
}
