import type { TObject, TSchema } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify'
import type { Operation } from '../../schemas/operation.ts'
import { createSerializer } from '../values/serializer.ts'
import { createValidator } from '../values/validation.ts'
import { typedQuery } from './query.ts'
import { unfit } from './refusal.ts'
import { noteUnknownParameters } from './unknown-parameters.ts'

type Handling = Pick<RouteOptions, 'handler'> &
  Partial<Pick<RouteOptions, 'preValidation' | 'errorHandler'>> & { onRequest?: onRequestHookHandler[] }

/** A route for an operation: its address, query and answers come from the schemas, the rest is how to handle it. */
export function addOperation(app: FastifyInstance, operation: Operation, handling: Handling): void {
  const { method, path, query } = operation
  const { onRequest = [], ...rest } = handling
  app.route({
    method,
    // [route.id-digits] Ids are digits; anything else is another, unknown path.
    url: path.replace('{id}', ':id(^\\d+$)'),
    config: { operation },
    schema: { response: answersOf(operation), ...(query && { querystring: query }) },
    serializerCompiler: ({ schema }: { schema: unknown }) => createSerializer(schema as TSchema),
    ...(query && { validatorCompiler: () => queryValidator(query) }),
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

/** The id in the path. Digits beyond any number are infinite, which is nobody. */
export const idOf = (request: FastifyRequest): number => Number((request.params as { id: string }).id)
