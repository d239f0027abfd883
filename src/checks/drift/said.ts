import { isDeepStrictEqual } from 'node:util'
import { type JsonObject, objectOf } from '../../values/json.ts'
import { landingOf, type Place, placesIn, rulesOf, targetOf, textsOf } from './place.ts'

/** What is said of one thing, by the name of the fact. What nobody says is not there. */
export type Facts = ReadonlyMap<string, unknown>

/** Alternatives that cannot be put into one schema. */
export type Choice = { keyword: string; branches: Place[] }

/** What one schema says by its own keywords, in one way of saying it. */
export type Said = {
  facts: Facts
  /** What holds together with it: what it refers to, `allOf`, the alternative to null. */
  together: Place[]
  choices: Choice[]
}

/** The schema in the words of OpenAPI 3.1, whichever it uses: a fact for each rule, null apart from types and values. */
export function saidBy(place: Place): Said {
  const { value } = place
  const target = targetOf(place)
  const unions = ['oneOf', 'anyOf'].map((keyword) => unionOf(place, keyword))
  const facts: [name: string, said: unknown][] = [
    ['read-only', value.readOnly === true || undefined],
    ['write-only', value.writeOnly === true || undefined],
    ['nullable', namesNull(value) || undefined],
    ['composition', unions.map(({ nullBy }) => nullBy).join('') || undefined],
    ['type', typesOf(value, unions)],
    ['enum', valuesOf(value, unions)],
    ...constraintsOf(value),
  ]
  return {
    facts: new Map(facts.filter(([, said]) => said !== undefined)),
    together: [
      ...(target ? [target] : []),
      ...placesIn(place, 'allOf'),
      ...unions.flatMap(({ together }) => together),
    ],
    choices: unions.flatMap(({ choices }) => choices),
  }
}

/** What holds when all of these are said of one thing. */
export function allOf(facts: readonly Facts[]): Facts {
  const names = new Set(facts.flatMap((said) => [...said.keys()]))
  const saidOf = (name: string) => facts.flatMap((said) => (said.has(name) ? [said.get(name)] : []))
  return new Map([...names].map((name) => [name, inForce(name, saidOf(name))]))
}

function inForce(name: string, said: readonly unknown[]): unknown {
  if (name === 'composition') return said.join(' ')
  if (name === 'type') return (said as string[][]).reduce(common)
  if (name === 'enum') return (said as unknown[][]).reduce((a, b) => a.filter((value) => has(b, value)))
  if (said.includes(true)) return true
  const all = said.flat()
  const numbers = all.filter((value) => typeof value === 'number')
  if (numbers.length === all.length && /min/i.test(name)) return [Math.max(...numbers)]
  if (numbers.length === all.length && /max/i.test(name)) return [Math.min(...numbers)]
  return inOrder(all)
}

/** Types that both allow. */
export const common = (a: string[], b: string[]): string[] =>
  [...new Set([...a.filter((type) => covers(b, type)), ...b.filter((type) => covers(a, type))])].sort()

/** Whether these types include this one; an integer is a number. */
export const covers = (types: readonly string[] | undefined, type: string): boolean =>
  types === undefined || types.includes(type) || (type === 'integer' && types.includes('number'))

export const has = (values: readonly unknown[], value: unknown): boolean =>
  values.some((other) => isDeepStrictEqual(other, value))

/** Each once, in an order that does not depend on how they were listed. */
function inOrder<T>(values: readonly T[]): T[] {
  const byText = new Map(values.map((value) => [JSON.stringify(value), value]))
  return [...byText].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value)
}

/** `nullable` next to a reference or `allOf` is meant for what stands there, whatever a validator makes of it. */
export function admitsNull(place: Place, known: Map<JsonObject, boolean> = new Map()): boolean {
  const { value } = place
  const earlier = known.get(value)
  if (earlier !== undefined) return earlier
  // A schema that holds itself adds nothing by that.
  known.set(value, namesNull(value))
  if (namesNull(value) || typeNames(value)) return namesNull(value)
  const target = targetOf(place)
  const together = [...(target ? [target] : []), ...placesIn(place, 'allOf')]
  const alternatives = ['oneOf', 'anyOf'].map((keyword) => placesIn(place, keyword))
  const groups = [...together.map((one) => [one]), ...alternatives].filter((group) => group.length > 0)
  const admits = groups.every((group) => group.some((one) => admitsNull(one, known))) && groups.length > 0
  known.set(value, admits)
  return admits
}

/** `plain`: alternatives that each list their values, or each name a type and nothing else, stand for those. */
type Union = { plain: JsonObject[]; together: Place[]; choices: Choice[]; nullBy: string }

/** The alternatives of a schema but for null. */
function unionOf(place: Place, keyword: string): Union {
  const none: Union = { plain: [], together: [], choices: [], nullBy: '' }
  const branches = placesIn(place, keyword).filter((branch) => !isNull(landingOf(branch).value))
  const schemas = branches.map((branch) => landingOf(branch).value)
  if (schemas.length > 1 && isPlain(schemas)) return { ...none, plain: schemas }
  const strict = branches.filter((branch) => !isLoose(landingOf(branch).value))
  const [only] = strict
  if (only && strict.length === 1 && branches.length > 1 && isObject(landingOf(only).value)) {
    // Published so for `settings` (S): null is let in by an alternative that also takes any object.
    const loose = schemas.filter(isLoose).flatMap((schema) => typeNames(schema)?.filter(isType) ?? ['any'])
    return { ...none, together: strict, nullBy: `${keyword} with ${loose.join(', ')}` }
  }
  if (branches.length === 1) return { ...none, together: branches }
  return { ...none, choices: branches.length > 1 ? [{ keyword, branches }] : [] }
}

const isPlain = (schemas: readonly JsonObject[]) =>
  schemas.every((schema) => listedValues(schema) !== undefined) ||
  schemas.every((schema) => typeNames(schema) !== undefined && isBare(schema))

const isBare = (schema: JsonObject) => rulesOf(schema).every((rule) => rule === 'type' || rule === 'nullable')

/** Any object fits, so it overlaps with an alternative that describes one. */
const isLoose = (schema: JsonObject) =>
  isBare(schema) && (typeNames(schema) ?? []).every((name) => name === 'object' || name === 'null')

const isObject = (schema: JsonObject) =>
  (typeNames(schema)?.includes('object') ?? false) ||
  schema.properties !== undefined ||
  schema.allOf !== undefined

const isNull = (schema: JsonObject) =>
  isDeepStrictEqual(typeNames(schema), ['null']) || isDeepStrictEqual(listedValues(schema), [null])

const namesNull = (schema: JsonObject): boolean =>
  schema.nullable === true ||
  Boolean(typeNames(schema)?.includes('null')) ||
  Boolean(listedValues(schema)?.includes(null))

/** A type that is no text says nothing. */
const typeNames = ({ type }: JsonObject): string[] | undefined =>
  typeof type === 'string' ? [type] : Array.isArray(type) ? textsOf(type) : undefined

const listedValues = (schema: JsonObject): unknown[] | undefined =>
  'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : undefined

const isType = (name: string) => name !== 'null'

/** The types that are named or that follow from what is listed. */
function typesOf(schema: JsonObject, unions: readonly Union[]): string[] | undefined {
  const typesIn = (one: JsonObject) => typeNames(one) ?? listedValues(one)?.map(typeOf)
  const { plain = [] } = unions.find(({ plain }) => plain.length > 0) ?? {}
  const described = schema.properties === undefined ? undefined : ['object']
  const types =
    typesIn(schema) ?? (plain.length > 0 ? plain.flatMap((one) => typesIn(one) as string[]) : described)
  return types && [...new Set(types)].filter(isType).sort()
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

function valuesOf(schema: JsonObject, unions: readonly Union[]): unknown[] | undefined {
  const inUnions = unions.map(({ plain }) => plain.flatMap((one) => listedValues(one) ?? []))
  const values = listedValues(schema) ?? inUnions.find((listed) => listed.length > 0)
  return values && inOrder(values.filter((value) => value !== null))
}

const constraints = [
  ...['minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'uniqueItems', 'multipleOf'],
  ...['minProperties', 'maxProperties', 'default', 'not', 'if', 'then', 'else', 'contains', 'prefixItems'],
  ...['propertyNames', 'patternProperties', 'dependentRequired', 'dependentSchemas', 'unevaluatedProperties'],
]

/** What narrows a schema beside its types and values, each rule as a list of what holds. */
function constraintsOf(schema: JsonObject): [name: string, said: unknown[]][] {
  const found = constraints
    .filter((name) => name in schema)
    .map((name): [string, unknown] => [name, schema[name]])
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
  return found.flatMap(([name, value]) =>
    value === undefined || (name === 'uniqueItems' && value === false) ? [] : [[name, [value]]],
  )
}
