import { type Json, objectOf } from '../../contract/json-schema.ts'
import { branchesOf, type Choice, choicesOf, typesOf, valuesOf } from './alternatives.ts'
import { constraintsInForce } from './constraints.ts'
import { admitsNull, namesNull } from './nullable.ts'
import { type Place, placeAt, propertyPath, targetOf, textsOf } from './place.ts'

/** A property as one of the merged schemas declares it. */
export type Declaration = { owner: Place; schema: Place }

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

function typesOfChoice({ branches }: Choice): string[] | undefined {
  const types = branches.map((branch) => leavesOf(branch).map(typesOf).reduce(common))
  return types.every((some) => some !== undefined) ? [...new Set(types.flat())] : undefined
}

/** Whether these types include this one; an integer is a number. */
export const covers = (types: readonly string[] | undefined, type: string): boolean =>
  types === undefined || types.includes(type) || (type === 'integer' && types.includes('number'))

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

type Values = Map<string, unknown>

function commonValues(a: Values | undefined, b: Values | undefined): Values | undefined {
  if (!a || !b) return a ?? b
  return new Map([...a].filter(([key]) => b.has(key)))
}
