import type { TObject, TSchema } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify'
import type { Operation } from '../../schemas/operation.ts'
import { createSerializer } from '../values/serializer.ts'
import { createValidator } from '../values/validation.ts'
import { typedQuery } from './query.ts'
import { refusal, unfit } from './refusal.ts'
import { noteUnknownParameters } from './unknown-parameters.ts'

type Handling = Pick<RouteOptions, 'handler'> &
  Partial<Pick<RouteOptions, 'preValidation' | 'errorHandler'>> & { onRequest?: onRequestHookHandler[] }

/** A route for an operation: its address, query and answers come from the schemas, the rest is how to handle it. */
export function addOperation(app: FastifyInstance, operation: Operation, handling: Handling): void {
  const { method, path, query, body } = operation
  const { onRequest = [], ...rest } = handling
  app.route({
    method,
    // [route.id-digits] Ids are digits; anything else is another, unknown path.
    url: path.replace('{id}', ':id(^\\d+$)'),
    config: { operation },
    schema: {
      response: answersOf(operation),
      ...(query && { querystring: query }),
      ...(body && { body }),
    },
    serializerCompiler: ({ schema }: { schema: unknown }) => createSerializer(schema as TSchema),
    // A body is held against the schema as the caller's world has it, which only a hook of the route knows.
    validatorCompiler: ({ httpPart }: { httpPart?: string }) =>
      query && httpPart === 'querystring' ? queryValidator(query) : () => true,
    onRequest: [...onRequest, noteUnknownParameters(query)],
    ...rest,
  })
}

/** The schemas that serialize an operation's answers, by status. */
const answersOf = ({ responses }: Operation): Record<string, TSchema> =>
  Object.fromEntries(Object.entries(responses).map(([status, { schema }]) => [status, schema]))

/** [query.typed] Types a query string and checks it, all its faults in one sentence. */
function queryValidator(schema: TObject) {
  const validator = createValidator(schema)
  return (given: Record<string, string | string[]>) => {
    const value = typedQuery(given, schema)
    if (validator.accepts(value)) return { value }
    return { error: unfit('parameter-unfit', [...validator.faults(value, '')]) }
  }
}

/** The id in the path. @throws {Refusal} 404 for digits that no integer holds, which are nobody's */
export function idOf({ params }: FastifyRequest): number {
  const id = Number((params as { id: string }).id)
  if (Number.isSafeInteger(id)) return id
  throw refusal('not-found', `there is no such id: none is above ${Number.MAX_SAFE_INTEGER}`)
}
