import type { TObject, TSchema } from '@sinclair/typebox'

/**
 * A query string's texts as the types of its schema, as far as they can be read so; what can't stays text, for
 * validation to refuse. Lists come as `name[]` or `name`, repeated or not [query.list]. What the schema does not have
 * is left out [query.unknown].
 */
export function typedQuery(
  query: Readonly<Record<string, string | string[]>>,
  schema: TObject,
): Record<string, unknown> {
  const typed: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(schema.properties)) {
    const given = [query[name] ?? [], query[`${name}[]`] ?? []].flat()
    if (given.length === 0) continue
    if (property.type === 'array') typed[name] = given.map((text) => typedText(text, property.items))
    else typed[name] = given.length === 1 ? typedText(given[0] as string, property) : given
  }
  return typed
}

function typedText(text: string, schema: TSchema): unknown {
  const types: string[] = (schema.anyOf ?? [schema]).map((branch: TSchema) => branch.type)
  if (types.includes('integer') && /^-?\d+$/.test(text)) return Number(text)
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  return text
}
