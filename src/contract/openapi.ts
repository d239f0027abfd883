import type { TObject, TSchema } from '@sinclair/typebox'
import { AuthProfile } from '../../schemas/auth-profile.ts'
import { MindProfile } from '../../schemas/mind-profile.ts'
import type { Operation } from '../../schemas/operation.ts'
import { operations } from '../../schemas/operations.ts'
import { RoutingStatus } from '../../schemas/routing-status.ts'
import type { JsonObject } from '../values/json.ts'
import { toJsonSchema } from './json-schema.ts'

/** The contract's own version, which the vendor has never raised (S). */
export const contractVersion = '1'

/** [reads.servers] The published servers, the mock's own address first: a tool that takes the first must not send changes to the vendor. */
const serversOf = (ownAddress: string | undefined): JsonObject[] => [
  ...(ownAddress === undefined ? [] : [{ url: ownAddress, description: 'This mock, as it was reached' }]),
  { url: 'https://demo.enneo.ai/api/mind', description: 'The real service, demo client' },
  { url: 'https://main.enneo.dev/api/mind', description: 'The real service, development' },
  { url: 'http://localhost:8005/api/mind', description: 'A local server, such as a mock' },
]

/**
 * The OpenAPI 3.0.0 document of what is mocked: the published operation to the letter, the documented reads beside it.
 * With the address at which the mock was reached it names that first.
 */
export function openApiDocument(ownAddress?: string): JsonObject {
  return {
    openapi: '3.0.0',
    info: {
      version: contractVersion,
      title: 'enneo.MIND API, as mocked by enneo-mock',
      description: 'The part of the API that this unofficial mock answers.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: serversOf(ownAddress),
    security: [{ bearerAuth: ['api'] }, { cookieAuth: ['api'] }],
    tags: [
      { name: 'Profile', description: 'People: reading and changing them' },
      { name: 'Role', description: 'What people may do' },
      { name: 'Team', description: 'Where people belong, and what they inherit from there' },
      { name: 'Tag', description: 'What tickets are about, and so what people can work on' },
      { name: 'Settings', description: 'What a client has set up' },
      { name: 'Service', description: 'For probes and tools' },
    ],
    paths: pathsOf(operations),
    components: {
      schemas: {
        MindProfile: component(MindProfile),
        AuthProfile: component(AuthProfile),
        RoutingStatus: component(RoutingStatus),
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

function pathsOf(all: readonly Operation[]): JsonObject {
  const paths: Record<string, JsonObject> = {}
  for (const operation of all) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: operationObject(operation),
    }
  }
  return paths
}

function operationObject(operation: Operation): JsonObject {
  const { path, tags, summary, description, operationId, isPublic, query, body, responses } = operation
  const parameters = [...pathParameters(path), ...queryParameters(query)]
  return {
    tags,
    summary,
    description,
    operationId,
    ...(isPublic && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: toJsonSchema(body) } } },
    }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, { description, schema, mediaType = 'application/json' }]) => [
        status,
        { description, content: { [mediaType]: { schema: toJsonSchema(schema) } } },
      ]),
    ),
  }
}

const pathParameters = (path: string): JsonObject[] =>
  [...path.matchAll(/{(\w+)}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'integer' },
  }))

/** Lists are sent as `name[]`, repeated (P). */
const queryParameters = (query: TObject | undefined): JsonObject[] =>
  Object.entries(query?.properties ?? {}).map(([name, { description, ...schema }]) => ({
    name: schema.type === 'array' ? `${name}[]` : name,
    in: 'query',
    ...(description && { description }),
    schema: toJsonSchema(schema as TSchema),
  }))

const component = ({ component, ...schema }: TSchema) => toJsonSchema(schema as TSchema)
