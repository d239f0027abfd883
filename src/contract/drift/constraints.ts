import { type Json, objectOf } from '../json-schema.ts'

const plainConstraints = [
  ...['minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'uniqueItems', 'multipleOf'],
  ...['minProperties', 'maxProperties', 'default', 'not', 'if', 'then', 'else', 'contains', 'prefixItems'],
  ...['propertyNames', 'patternProperties', 'dependentRequired', 'dependentSchemas', 'unevaluatedProperties'],
]

/** What narrows a schema beside its type, in the words of OpenAPI 3.1, where `exclusiveMinimum` is a number. */
export function constraintsOf(schema: Json): [name: string, value: unknown][] {
  const found = plainConstraints.map((name): [string, unknown] => [name, schema[name]])
  for (const [name, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    found.push(schema[exclusive] === true ? [exclusive, schema[name]] : [name, schema[name]])
    if (typeof schema[exclusive] === 'number') found.push([exclusive, schema[exclusive]])
  }
  const others = schema.additionalProperties
  if (others === false) found.push(['additionalProperties', false])
  else if (Object.keys(objectOf(others)).length > 0) found.push(['additionalProperties', 'a schema'])
  return found.filter(([name, value]) => value !== undefined && !(name === 'uniqueItems' && value === false))
}
