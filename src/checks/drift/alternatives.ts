import { isDeepStrictEqual } from 'node:util'
import { type Json, listOf } from '../../contract/json-schema.ts'
import { landingOf, type Place, placeAt, rulesOf, textsOf } from './place.ts'

/** Alternatives of the schema that owns them. */
export type Choice = { owner: Place; keyword: string; branches: Place[] }

/** The schemas that a keyword lists. */
export const branchesOf = (place: Place, keyword: string): Place[] =>
  listOf(place.value[keyword]).map((branch) => placeAt(place, branch))

const alternativesOf = (place: Place, keyword: string): Place[] =>
  branchesOf(place, keyword).filter((branch) => !isNull(landingOf(branch).value))

/** The alternatives of a schema but for null; listed values and bare types are no alternatives. */
export function choicesOf(place: Place): (Choice & { looseNull: string })[] {
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
export const typeNames = ({ type }: Json): string[] | undefined =>
  typeof type === 'string' ? [type] : Array.isArray(type) ? textsOf(type) : undefined

/** The values that a schema lists. */
export const listedValues = (schema: Json): unknown[] | undefined =>
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

/** The types that a schema names or that follow from what it lists, without null. */
export function typesOf(place: Place): string[] | undefined {
  const named = typesIn(place.value)
  const [union] = plainUnionsOf(place)
  const described = place.value.properties === undefined ? undefined : ['object']
  const types = named ?? union?.flatMap((schema) => typesIn(schema) as string[]) ?? described
  return types && [...new Set(types)].filter((name) => name !== 'null')
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

/** The values that a schema lists, by their JSON and without null. */
export function valuesOf(place: Place): Map<string, unknown> | undefined {
  const unions = plainUnionsOf(place).map((schemas) =>
    schemas.flatMap((schema) => listedValues(schema) ?? []),
  )
  const values = listedValues(place.value) ?? unions.find((union) => union.length > 0)
  const given = values?.filter((value) => value !== null)
  return given && new Map(given.map((value) => [JSON.stringify(value), value]))
}
