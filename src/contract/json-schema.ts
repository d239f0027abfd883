import type { TSchema } from '@sinclair/typebox'
import { isObject, type JsonObject } from '../values/json.ts'

/** A schema in OpenAPI 3.0's words: enums and `nullable` instead of unions, a named component as a reference. */
export function toJsonSchema(schema: TSchema): JsonObject {
  const {
    component,
    anyOf,
    allOf,
    items,
    properties,
    additionalProperties: others,
    const: _const,
    ...rest
  } = schema
  if (component) return { $ref: `#/components/schemas/${component}` }
  if (anyOf) return { ...rest, ...renderUnion(anyOf) }
  return {
    ...rest,
    ...(allOf && { allOf: allOf.map(toJsonSchema) }),
    ...(items && { items: toJsonSchema(items) }),
    ...(properties &&
      Object.keys(properties).length > 0 && { properties: mapValues(properties, toJsonSchema) }),
    ...(others !== undefined && {
      additionalProperties: isObject(others) ? toJsonSchema(others as TSchema) : others,
    }),
  }
}

function renderUnion(branches: TSchema[]): JsonObject {
  const values = branches.map((branch) => branch.const)
  if (!values.includes(undefined)) {
    return { type: typeof values[0] === 'number' ? 'integer' : 'string', enum: values }
  }
  const [first, second] = branches as [TSchema, TSchema]
  if (second.type !== 'null') return { anyOf: branches.map(toJsonSchema) }
  if (first.type !== 'object') return { ...toJsonSchema(first), nullable: true }
  // The published way to say "this object or null" (S). Taken literally it refuses every valid object.
  return { oneOf: [toJsonSchema(first), { type: 'object', nullable: true }] }
}

const mapValues = (object: Record<string, TSchema>, change: (schema: TSchema) => JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
