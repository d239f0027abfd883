import { type JsonObject, objectOf } from '../../src/values/json.ts'

/** Every reference replaced by what it leads to. */
export function inlined(document: JsonObject): JsonObject {
  const inline = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inline)
    if (typeof value !== 'object' || value === null) return value
    const { $ref, ...rest } = value as JsonObject
    if (typeof $ref !== 'string') return mapped(rest, inline)
    const target = $ref
      .slice(2)
      .split('/')
      .reduce<unknown>((part, key) => objectOf(part)[key], document)
    return { ...objectOf(inline(target)), ...mapped(rest, inline) }
  }
  const { components, ...rest } = document
  const { securitySchemes } = objectOf(components)
  return { ...mapped(rest, inline), components: { securitySchemes } }
}

/** The same in OpenAPI 3.1: `null` is a type, lower bounds that exclude are numbers, one value is a constant. */
export function upgraded(document: JsonObject): JsonObject {
  const upgrade = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(upgrade)
    if (typeof value !== 'object' || value === null) return value
    const { nullable, example, ...rest } = mapped(value as JsonObject, upgrade)
    return {
      ...rest,
      ...(nullable === true && rest.type !== undefined && { type: [rest.type, 'null'] }),
      ...(nullable !== undefined && typeof nullable !== 'boolean' && { nullable }),
      ...(example !== undefined && { examples: [example] }),
    }
  }
  return { ...mapped(document, upgrade), openapi: '3.1.1' }
}

const mapped = (object: JsonObject, change: (value: unknown) => unknown): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))

/** A document whose parts can be reached and changed without ceremony. */
// biome-ignore lint/suspicious/noExplicitAny: an edit is about any part of a document
export type Loose = any

/** What is edited, by short names: `auth` and `settings` are the properties of the two. */
export const partsOf = (document: Loose) => {
  const { AuthProfile, MindProfile, RoutingStatus } = document.components.schemas
  const { patch: update, get: search } = document.paths['/profiles']
  return {
    document,
    authProfile: AuthProfile,
    auth: AuthProfile.properties,
    mindProfile: MindProfile,
    settings: MindProfile.properties.settings.oneOf[0].properties,
    routing: RoutingStatus,
    update,
    search,
    body: update.requestBody.content['application/json'].schema,
    answer: (status: number) => update.responses[status].content['application/json'].schema,
  }
}

export type Parts = ReturnType<typeof partsOf>
