import { isObject, type Json } from './json.ts'
import { isDocumented } from './shown-profile.ts'

/** Paths of undocumented keys whose value grew from one view to a later one, as a clock or a version does. */
export function clocksBetween(was: Json, is: Json, at = ''): string[] {
  return Object.entries(was).flatMap(([key, value]) => {
    const path = at + key
    if (!Object.hasOwn(is, key) || (isDocumented(path) && path !== 'settings')) return []
    const later = is[key]
    if (isObject(value) && isObject(later)) return clocksBetween(value, later, `${path}.`)
    return hasGrown(value, later) ? [path] : []
  })
}

function hasGrown(was: unknown, is: unknown): boolean {
  if (typeof was === 'number' && typeof is === 'number') return is > was
  return isTime(was) && isTime(is) && Date.parse(is) > Date.parse(was)
}

const isTime = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value)

/** A view without these paths. */
export const withoutPaths = (view: Json, paths: ReadonlySet<string>, at = ''): Json =>
  Object.fromEntries(
    Object.entries(view)
      .filter(([key]) => !paths.has(at + key))
      .map(([key, value]) => [key, isObject(value) ? withoutPaths(value, paths, `${at}${key}.`) : value]),
  )
