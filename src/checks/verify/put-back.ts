import { isDeepStrictEqual } from 'node:util'
import { isObject, type Json } from './json.ts'

/** A merge patch from one view to an earlier one, and the paths that none can put back. */
export type PutBack = { patch: Json; stuck: string[] }

/** What takes a profile back to how it was `before`. Only inside `rawData` a key can be taken away, by null. */
export function putBack(before: Json, after: Json): PutBack {
  const stuck: string[] = []
  const patch = wayBack(before, after, '', stuck)
  return { patch, stuck }
}

function wayBack(before: Json, after: Json, at: string, stuck: string[]): Json {
  const isRaw = at.startsWith('rawData.')
  const patch: [string, unknown][] = []
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = Object.hasOwn(before, key) ? before[key] : undefined
    const is = Object.hasOwn(after, key) ? after[key] : undefined
    const path = at + key
    if (isDeepStrictEqual(was, is)) continue
    if (was === undefined && isRaw) patch.push([key, null])
    else if (was === undefined || holdsNull(was)) stuck.push(path)
    else patch.push([key, isObject(was) && isObject(is) ? wayBack(was, is, `${path}.`, stuck) : was])
  }
  return Object.fromEntries(patch)
}

/** A null that a merge patch would take for a removal. */
const holdsNull = (value: unknown): boolean =>
  value === null || (isObject(value) && Object.values(value).some(holdsNull))
