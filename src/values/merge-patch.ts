import { isObject, type JsonObject } from './json.ts'

/** Objects that one call has made and that nobody else has seen yet: those it may change. */
export type Owned = Set<object>

/** The object itself where the call has made it, else a copy that is the call's from now on. */
export function ownObject(value: unknown, owned: Owned): JsonObject {
  if (isObject(value) && owned.has(value)) return value
  const copy = isObject(value) ? { ...value } : {}
  owned.add(copy)
  return copy
}

/**
 * JSON Merge Patch (RFC 7396): objects merge at every depth [item.merge], everything else replaces [item.replace], null
 * removes a key [item.null]. Neither argument is changed, but what is `owned`: patches of one call that share it copy
 * each object once, not once a patch (20,000 new keys of one object, each in a patch of its own, took 55 s). The patch
 * must not have a key `__proto__`; the parser of bodies refuses it.
 */
export function mergePatch(target: unknown, patch: unknown, owned: Owned = new Set()): unknown {
  if (!isObject(patch)) return patch
  const merged = ownObject(target, owned)
  for (const key of Object.keys(patch)) {
    const value = patch[key]
    if (value === null) delete merged[key]
    // What is inherited, such as toString, is no part of the target.
    else
      merged[key] = isObject(value)
        ? mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value, owned)
        : value
  }
  return merged
}
