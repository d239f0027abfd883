import { isDeepStrictEqual } from 'node:util'
import { isObject, type JsonObject } from './json.ts'

/** One place in which two JSON values differ; what is absent on one side is absent here. */
export type Difference = { path: string; before?: unknown; after?: unknown }

/** Where two JSON values differ, in the order of their keys. Objects are looked into, lists are compared whole. */
export function differencesOf(before: unknown, after: unknown, path = ''): Difference[] {
  // What two versions of an object share is one and the same.
  if (before === after) return []
  if (!isObject(before) || !isObject(after)) {
    return isDeepStrictEqual(before, after) ? [] : [differenceOf(path, before, after)]
  }
  return keysOf(before, after).flatMap((key) =>
    differencesOf(own(before, key), own(after, key), path === '' ? key : `${path}.${key}`),
  )
}

function differenceOf(path: string, before: unknown, after: unknown): Difference {
  return { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }
}

/** The JSON merge patch (RFC 7396) from one value to another, or undefined when they are the same. */
export function patchBetween(before: unknown, after: unknown): unknown {
  if (before === after || isDeepStrictEqual(before, after)) return undefined
  if (!isObject(before) || !isObject(after)) return after === undefined ? null : after
  return Object.fromEntries(
    keysOf(before, after).flatMap((key) => {
      const patch = patchBetween(own(before, key), own(after, key))
      return patch === undefined ? [] : [[key, patch]]
    }),
  )
}

const keysOf = (before: JsonObject, after: JsonObject) => [
  ...new Set([...Object.keys(before), ...Object.keys(after)]),
]

/** What is inherited, such as toString, is no part of an object. */
const own = (object: JsonObject, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined)
