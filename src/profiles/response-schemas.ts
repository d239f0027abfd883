import type { TSchema } from '@sinclair/typebox'
import type { Operation } from '../../schemas/operation.ts'

/** The schemas that serialize an operation's answers, by status. */
export function responseSchemas(operation: Operation): Record<string, TSchema> {
  return Object.fromEntries(Object.entries(operation.responses).map(([status, { schema }]) => [status, schema]))
}
