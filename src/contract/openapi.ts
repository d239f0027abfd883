import type { TSchema } from '@sinclair/typebox'
import { AuthProfile } from '../../schemas/auth-profile.ts'
import { MindProfile } from '../../schemas/mind-profile.ts'
import type { Operation } from '../../schemas/operation.ts'
import { operations } from '../../schemas/operations.ts'
import { RoutingStatus } from '../../schemas/routing-status.ts'

type Json = { [key: string]: unknown }

/** The contract's own version, which the vendor has never raised (S). */
export const contractVersion = '1'

/** The OpenAPI 3.0.0 document of what is mocked: the published operation to the letter, the documented reads beside it. */
export function openApiDocument(): Json {
  return {
    openapi: '3.0.0',
    info: {
      version: contractVersion,
      title: 'enneo.MIND API, as mocked by enneo-mock',
      description: 'The part of the API that this unofficial mock answers.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [
      { url: 'https://demo.enneo.ai/api/mind', description: 'The real service, demo client' },
      { url: 'https://main.enneo.dev/api/mind', description: 'The real service, development' },
      { url: 'http://localhost:8005/api/mind', description: 'A local server, such as this mock' },
    ],
    security: [{ bearerAuth: ['api'] }, { cookieAuth: ['api'] }],
    tags: [...new Set(operations.flatMap(({ tags }) => tags))].map((name) => ({ name })),
    paths: pathsOf(operations),
    components: {
      schemas: {
        MindProfile: render(withoutName(MindProfile)),
        AuthProfile: render(withoutName(AuthProfile)),
        RoutingStatus: render(withoutName(RoutingStatus)),
      },
      securitySchemes: {
        bearerAuth: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token with the user id',
          'x-scopes': { api: 'Full access to the API' },
        },
        cookieAuth: {
          type: 'apiKey',
          in: 'cookie',
          name: 'connect.sid',
          description: 'The session cookie',
          'x-scopes': { api: 'Full access to the API' },
        },
      },
    },
  }
}

function pathsOf(all: readonly Operation[]): Json {
  const paths: Record<string, Json> = {}
  for (const operation of all) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: operationObject(operation) }
  }
  return paths
}

function operationObject({ tags, summary, description, operationId, isPublic, body, responses }: Operation): Json {
  return {
    tags,
    summary,
    description,
    operationId,
    ...(isPublic && { security: [] }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: render(body) } } } }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, { description, schema, mediaType = 'application/json' }]) => [
        status,
        { description, content: { [mediaType]: { schema: render(schema) } } },
      ]),
    ),
  }
}

const withoutName = ({ component, ...schema }: TSchema) => schema as TSchema

/** A schema in the published document's words. */
function render(schema: TSchema): Json {
  const { component, anyOf, allOf, items, properties, const: _const, ...rest } = schema
  if (component) return { $ref: `#/components/schemas/${component}` }
  if (anyOf) return { ...rest, ...renderUnion(anyOf) }
  return {
    ...rest,
    ...(allOf && { allOf: allOf.map(render) }),
    ...(items && { items: render(items) }),
    ...(properties && Object.keys(properties).length > 0 && { properties: mapValues(properties, render) }),
  }
}

function renderUnion(branches: TSchema[]): Json {
  const values = branches.map((branch) => branch.const)
  if (!values.includes(undefined)) {
    return { type: typeof values[0] === 'number' ? 'integer' : 'string', enum: values }
  }
  // The published way to say "this object or null" (S). Taken literally it refuses every valid object.
  return { oneOf: [render(branches[0] as TSchema), { type: 'object', nullable: true }] }
}

const mapValues = (object: Record<string, TSchema>, change: (schema: TSchema) => Json): Json =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
