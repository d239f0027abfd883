type JsonObject = Record<string, unknown>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * JSON Merge Patch (RFC 7396): objects merge at every depth, everything else replaces, null removes a key. Neither
 * argument is changed. The patch must not have a key `__proto__`; the parser of bodies refuses it.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged: JsonObject = isObject(target) ? { ...target } : {}
  for (const key of Object.keys(patch)) {
    const value = patch[key]
    if (value === null) delete merged[key]
    // What is inherited, such as toString, is no part of the target.
    else
      merged[key] = isObject(value)
        ? mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value)
        : value
  }
  return merged
}
