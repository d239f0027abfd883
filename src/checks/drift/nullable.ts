import type { Json } from '../../contract/json-schema.ts'
import { branchesOf, listedValues, typeNames } from './alternatives.ts'
import { type Place, targetOf } from './place.ts'

/** Whether a schema lets null in by its own keywords. */
export const namesNull = (schema: Json) =>
  schema.nullable === true ||
  Boolean(typeNames(schema)?.includes('null')) ||
  Boolean(listedValues(schema)?.includes(null))

/** `nullable` next to a reference or `allOf` is meant for what stands there, whatever a validator makes of it. */
export function admitsNull(place: Place, known: Map<Json, boolean> = new Map()): boolean {
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
