import type { TLiteral, TUnion } from '@sinclair/typebox'
import { type SchemaOptions, Type } from '@sinclair/typebox'

type Literals<V extends readonly (string | number)[]> = { -readonly [K in keyof V]: TLiteral<V[K]> }

/** One of the listed values; published as `type` and `enum`. */
export function Enum<const V extends readonly (string | number)[]>(
  values: V,
  options: SchemaOptions = {},
): TUnion<Literals<V>> {
  const literals = values.map((value) => Type.Literal(value))
  return Type.Union(literals, options) as unknown as TUnion<Literals<V>>
}
