import type { TSchema } from '@sinclair/typebox'

export type Json = { [key: string]: unknown }

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value itself if it is an object with keys, else one without. */
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {})

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** A schema in OpenAPI 3.0's words: enums and `nullable` instead of unions, a named component as a reference. */
export function toJsonSchema(schema: TSchema): Json {
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

function renderUnion(branches: TSchema[]): Json {
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

const mapValues = (object: Record<string, TSchema>, change: (schema: TSchema) => Json): Json =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
