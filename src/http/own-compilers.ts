import type { FastifyServerOptions } from 'fastify'

/**
 * For a framework whose routes all bring their own validators and serializers: its default ones are not even loaded.
 * They would load a JSON schema compiler, a third of the whole start. A route that brings none is refused.
 */
export const ownCompilers: Pick<FastifyServerOptions, 'schemaController'> = {
  schemaController: { compilersFactory: { buildValidator: refuse, buildSerializer: refuse } },
}

function refuse(): never {
  throw new Error('a route with a schema brings its own validatorCompiler and serializerCompiler')
}
