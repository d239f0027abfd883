import type { TSchema } from '@sinclair/typebox'

export type Json = { [key: string]: unknown }

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value itself if it is an object with keys, else one without. */
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {})

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/**
 * A schema in OpenAPI 3.0's words: enums and `nullable` instead of unions. With `refs` a named component is referred to,
 * without it stands there in full.
 */
export function toJsonSchema(schema: TSchema, options: { refs: boolean }): Json {
  const { component, anyOf, allOf, items, properties, const: _const, ...rest } = schema
  const render = (part: TSchema) => toJsonSchema(part, options)
  if (component && options.refs) return { $ref: `#/components/schemas/${component}` }
  if (anyOf) return { ...rest, ...renderUnion(anyOf, render) }
  return {
    ...rest,
    ...(allOf && { allOf: allOf.map(render) }),
    ...(items && { items: render(items) }),
    ...(properties && Object.keys(properties).length > 0 && { properties: mapValues(properties, render) }),
  }
}

function renderUnion(branches: TSchema[], render: (schema: TSchema) => Json): Json {
  const values = branches.map((branch) => branch.const)
  if (!values.includes(undefined)) {
    return { type: typeof values[0] === 'number' ? 'integer' : 'string', enum: values }
  }
  const [first, second] = branches as [TSchema, TSchema]
  if (second.type !== 'null') return { anyOf: branches.map(render) }
  if (first.type !== 'object') return { ...render(first), nullable: true }
  // The published way to say "this object or null" (S). Taken literally it refuses every valid object.
  return { oneOf: [render(first), { type: 'object', nullable: true }] }
}

const mapValues = (object: Record<string, TSchema>, change: (schema: TSchema) => Json): Json =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
