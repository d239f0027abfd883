import { isDeepStrictEqual } from 'node:util'
import { type Json, objectOf } from '../../contract/json-schema.ts'

const plainConstraints = [
  ...['minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'uniqueItems', 'multipleOf'],
  ...['minProperties', 'maxProperties', 'default', 'not', 'if', 'then', 'else', 'contains', 'prefixItems'],
  ...['propertyNames', 'patternProperties', 'dependentRequired', 'dependentSchemas', 'unevaluatedProperties'],
]

/** What narrows a schema beside its type and values, in the words of OpenAPI 3.1, where `exclusiveMinimum` is a number. */
function constraintsOf(schema: Json): [name: string, value: unknown][] {
  const found = plainConstraints.map((name): [string, unknown] => [name, schema[name]])
  for (const [name, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    found.push(schema[exclusive] === true ? [exclusive, schema[name]] : [name, schema[name]])
    if (typeof schema[exclusive] === 'number') found.push([exclusive, schema[exclusive]])
  }
  found.push(['format', schema.format ?? schema.contentEncoding])
  const others = schema.additionalProperties
  if (others === false) found.push(['additionalProperties', false])
  else if (Object.keys(objectOf(others)).length > 0) found.push(['additionalProperties', 'a schema'])
  return found.filter(([name, value]) => value !== undefined && !(name === 'uniqueItems' && value === false))
}

/** What holds by name when all of these schemas do. */
export function constraintsInForce(schemas: readonly Json[]): Map<string, unknown[]> {
  const said = new Map<string, unknown[]>()
  for (const [name, value] of schemas.flatMap(constraintsOf))
    said.set(name, [...(said.get(name) ?? []), value])
  return new Map([...said].map(([name, values]) => [name, inForce(name, values)]))
}

/** The tightest of numbers that bound, and of others each. */
function inForce(name: string, said: readonly unknown[]): unknown[] {
  const numbers = said.filter((value) => typeof value === 'number')
  if (numbers.length === said.length && /min/i.test(name)) return [Math.max(...numbers)]
  if (numbers.length === said.length && /max/i.test(name)) return [Math.min(...numbers)]
  const byText = new Map(said.map((value) => [JSON.stringify(value), value]))
  return [...byText].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value)
}

/** Whether the rule lets less through than before. */
export function isTighter(name: string, from: readonly unknown[], to: readonly unknown[]): boolean {
  const [was, is] = [from[0], to[0]]
  if (typeof was === 'number' && typeof is === 'number') {
    if (/min/i.test(name)) return is > was
    if (/max/i.test(name)) return is < was
  }
  return to.some((value) => !from.some((other) => isDeepStrictEqual(value, other)))
}
