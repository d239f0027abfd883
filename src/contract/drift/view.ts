import { isDeepStrictEqual } from 'node:util'
import { type Json, listOf, objectOf } from '../json-schema.ts'
import { constraintsInForce } from './constraints.ts'
import { landingOf, type Place, placeAt, propertyPath, rulesOf, targetOf, textsOf } from './place.ts'

/** A property as one of the merged schemas declares it. */
export type Declaration = { owner: Place; schema: Place }

/** Alternatives of the schema that owns them. */
export type Choice = { owner: Place; keyword: string; branches: Place[] }

/** What schemas that hold together say of a value itself. */
export type Said = {
  /** Without null; absent means any. An integer is a number too. */
  types: string[] | undefined
  isNullable: boolean
  /** How null is let in when it is by an alternative that also takes other values, as published for `settings` (S). */
  looseNull: string
  /** By their JSON, without null. */
  values: Map<string, unknown> | undefined
  isReadOnly: boolean
  isWriteOnly: boolean
  /** What holds of each rule by name: several values if all of them do. */
  constraints: Map<string, unknown[]>
  /** Alternatives that cannot be merged into one, beside all else. */
  choices: Choice[]
  /** What the alternatives come to, for a schema that names no type beside them. */
  typesOfChoices: string[] | undefined
}

/** What a schema says, whichever way it is put together: references, `allOf` and lone alternatives are merged. */
export type View = Said & {
  /** The schemas that are merged, in order. */
  parts: Place[]
  /** Those that declare properties. */
  owners: Place[]
  properties: Map<string, [Declaration, ...Declaration[]]>
  /** Each with the schema that requires it. */
  required: Map<string, Place>
  items: Place[]
  /** The schema of keys that are not listed, if there is one. */
  others: Place[]
}

/** The view of a value that all of these schemas describe. */
export function viewOf(places: readonly Place[]): View {
  const parts = [
    ...new Map(places.flatMap((place) => leavesOf(place)).map((leaf) => [leaf.value, leaf])).values(),
  ]
  const owners = parts.filter(({ value }) => value.properties !== undefined)
  const properties: View['properties'] = new Map()
  for (const owner of owners) {
    for (const [name, schema] of Object.entries(objectOf(owner.value.properties))) {
      const declaration = {
        owner,
        schema: { ...placeAt(owner, schema), path: propertyPath(owner.path, name) },
      }
      const earlier = properties.get(name)
      if (earlier) earlier.push(declaration)
      else properties.set(name, [declaration])
    }
  }
  return {
    ...saidBy(parts),
    isNullable: places.every((place) => admitsNull(place)),
    parts,
    owners,
    properties,
    required: new Map(parts.flatMap((part) => textsOf(part.value.required).map((name) => [name, part]))),
    items: parts
      .filter(({ value }) => value.items !== undefined)
      .map((part) => placeAt(part, part.value.items, '[]')),
    others: parts
      .filter(({ value }) => Object.keys(objectOf(value.additionalProperties)).length > 0)
      .map((part) => placeAt(part, part.value.additionalProperties, '.*')),
  }
}

/** What these schemas say, each by its own keywords only. */
export function saidBy(parts: readonly Place[]): Said {
  const alternatives = parts.flatMap(choicesOf)
  const choices = alternatives.filter(({ branches }) => branches.length > 1)
  return {
    types: parts.map(typesOf).reduce(common),
    isNullable: parts.some(({ value }) => namesNull(value)),
    looseNull: alternatives.map(({ looseNull }) => looseNull).join(' '),
    values: parts.map(valuesOf).reduce(commonValues),
    isReadOnly: parts.some(({ value }) => value.readOnly === true),
    isWriteOnly: parts.some(({ value }) => value.writeOnly === true),
    constraints: constraintsInForce(parts.map(({ value }) => value)),
    choices,
    typesOfChoices: choices.map(typesOfChoice).reduce(common, undefined),
  }
}

/** The schema itself and all that hold together with it, each with its own keywords only. */
function leavesOf(place: Place, seen: Set<Json> = new Set()): Place[] {
  if (seen.has(place.value)) return []
  seen.add(place.value)
  const further = [targetOf(place), ...branchesOf(place, 'allOf')]
  for (const { branches } of choicesOf(place)) if (branches.length === 1) further.push(...branches)
  return [place, ...further.flatMap((next) => (next ? leavesOf(next, seen) : []))]
}

const branchesOf = (place: Place, keyword: string): Place[] =>
  listOf(place.value[keyword]).map((branch) => placeAt(place, branch))

const alternativesOf = (place: Place, keyword: string): Place[] =>
  branchesOf(place, keyword).filter((branch) => !isNull(landingOf(branch).value))

/** The alternatives of a schema but for null; listed values and bare types are no alternatives. */
function choicesOf(place: Place): (Choice & { looseNull: string })[] {
  return ['oneOf', 'anyOf'].flatMap((keyword) => {
    const branches = alternativesOf(place, keyword)
    if (branches.length === 0 || isPlainUnion(branches)) return []
    const strict = branches.filter((branch) => !isLoose(landingOf(branch).value))
    const [only] = strict
    if (strict.length !== 1 || !only || strict.length === branches.length || !isObject(landingOf(only))) {
      return [{ owner: place, keyword, branches, looseNull: '' }]
    }
    const loose = branches
      .filter((branch) => branch !== only)
      .map((branch) => typesOf(landingOf(branch)) ?? ['any'])
    return [
      { owner: place, keyword, branches: strict, looseNull: `${keyword} with ${loose.flat().join(', ')}` },
    ]
  })
}

/** A type that is no text says nothing. */
const typeNames = ({ type }: Json): string[] | undefined =>
  typeof type === 'string' ? [type] : Array.isArray(type) ? textsOf(type) : undefined

const listedValues = (schema: Json): unknown[] | undefined =>
  'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : undefined

const isNull = (schema: Json) =>
  isDeepStrictEqual(typeNames(schema), ['null']) || isDeepStrictEqual(listedValues(schema), [null])

const isBare = (schema: Json) => rulesOf(schema).every((rule) => rule === 'type' || rule === 'nullable')

/** Any object fits, so it overlaps with an alternative that describes one. */
const isLoose = (schema: Json) =>
  isBare(schema) && (typeNames(schema) ?? []).every((name) => name === 'object' || name === 'null')

const isObject = ({ value }: Place) =>
  (typeNames(value)?.includes('object') ?? false) ||
  value.properties !== undefined ||
  value.allOf !== undefined

/** Several alternatives that each list their values, or each name a type and nothing else. */
function isPlainUnion(branches: readonly Place[]): boolean {
  const schemas = branches.map((branch) => landingOf(branch).value)
  return (
    schemas.length > 1 &&
    (schemas.every((schema) => listedValues(schema) !== undefined) ||
      schemas.every((schema) => typeNames(schema) !== undefined && isBare(schema)))
  )
}

/** The plain unions of a schema, each as the schemas it consists of. */
const plainUnionsOf = (place: Place): Json[][] =>
  ['oneOf', 'anyOf']
    .map((keyword) => alternativesOf(place, keyword))
    .filter(isPlainUnion)
    .map((branches) => branches.map((branch) => landingOf(branch).value))

const typesIn = (schema: Json): string[] | undefined => typeNames(schema) ?? listedValues(schema)?.map(typeOf)

function typesOf(place: Place): string[] | undefined {
  const named = typesIn(place.value)
  const [union] = plainUnionsOf(place)
  const described = place.value.properties === undefined ? undefined : ['object']
  const types = named ?? union?.flatMap((schema) => typesIn(schema) as string[]) ?? described
  return types && [...new Set(types)].filter((name) => name !== 'null')
}

function typesOfChoice({ branches }: Choice): string[] | undefined {
  const types = branches.map((branch) => leavesOf(branch).map(typesOf).reduce(common))
  return types.every((some) => some !== undefined) ? [...new Set(types.flat())] : undefined
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

/** What both allow. */
function common(a: string[] | undefined, b: string[] | undefined): string[] | undefined {
  if (!a || !b) return a ?? b
  return [...new Set([...a.filter((type) => covers(b, type)), ...b.filter((type) => covers(a, type))])]
}

/** Whether the schema says more than that it is one of several. */
export const isDescribed = ({ types, values, properties, required, constraints, items }: View): boolean =>
  types !== undefined ||
  values !== undefined ||
  items.length > 0 ||
  [properties, required, constraints].some(({ size }) => size > 0)

/** Whether these types include this one; an integer is a number. */
export const covers = (types: readonly string[] | undefined, type: string): boolean =>
  types === undefined || types.includes(type) || (type === 'integer' && types.includes('number'))

type Values = Map<string, unknown>

function valuesOf(place: Place): Values | undefined {
  const unions = plainUnionsOf(place).map((schemas) =>
    schemas.flatMap((schema) => listedValues(schema) ?? []),
  )
  const values = listedValues(place.value) ?? unions.find((union) => union.length > 0)
  const given = values?.filter((value) => value !== null)
  return given && new Map(given.map((value) => [JSON.stringify(value), value]))
}

function commonValues(a: Values | undefined, b: Values | undefined): Values | undefined {
  if (!a || !b) return a ?? b
  return new Map([...a].filter(([key]) => b.has(key)))
}

const namesNull = (schema: Json) =>
  schema.nullable === true ||
  Boolean(typeNames(schema)?.includes('null')) ||
  Boolean(listedValues(schema)?.includes(null))

/** `nullable` next to a reference or `allOf` is meant for what stands there, whatever a validator makes of it. */
function admitsNull(place: Place, known: Map<Json, boolean> = new Map()): boolean {
  const { value } = place
  const earlier = known.get(value)
  if (earlier !== undefined) return earlier
  // A schema that holds itself adds nothing by that.
  known.set(value, false)
  const admits = saysNull(place, (next) => admitsNull(next, known))
  known.set(value, admits)
  return admits
}

function saysNull(place: Place, admits: (next: Place) => boolean): boolean {
  const { value } = place
  const named = typeNames(value)
  if (namesNull(value)) return true
  if (named) return false
  const target = targetOf(place)
  const groups = [
    ...(target ? [admits(target)] : []),
    ...branchesOf(place, 'allOf').map(admits),
    ...['oneOf', 'anyOf']
      .map((keyword) => branchesOf(place, keyword))
      .filter((branches) => branches.length > 0)
      .map((branches) => branches.some(admits)),
  ]
  return groups.length > 0 && groups.every(Boolean)
}
