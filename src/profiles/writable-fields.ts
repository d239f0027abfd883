import type { TSchema } from '@sinclair/typebox'
import { isReadOnly } from '../../schemas/read-only.ts'
import { ProfileUpdate } from '../../schemas/update-profiles.ts'
import type { ItemViolation } from '../traffic/violations.ts'
import { mergePatch, type Owned, ownObject } from '../values/merge-patch.ts'
import { withoutSecrets } from '../values/secrets.ts'

type Keys = ReadonlyMap<string, Use>
/** What becomes of a documented key: kept, checked and dropped, dropped as read only, or looked into. */
type Use = 'write' | 'drop' | 'readOnly' | Keys

const documented: Keys = keysOf(ProfileUpdate)

function keysOf(schema: TSchema): Keys {
  const branches: TSchema[] = schema.allOf ?? [schema]
  const properties = branches.flatMap((branch) => Object.entries<TSchema>(branch.properties))
  return new Map(properties.map(([key, property]) => [key, useOf(key, property)]))
}

function useOf(key: string, schema: TSchema): Use {
  // [secret.write-only]
  if (key === 'id' || schema.writeOnly) return 'drop'
  if (isReadOnly(key, schema)) return 'readOnly'
  const object = key === 'settings' ? schema.anyOf[0] : schema
  // `rawData` documents no keys: it is the client's own and taken whole.
  return object.properties && Object.keys(object.properties).length > 0 ? keysOf(object) : 'write'
}

/** A key that is accepted and ignored, and why. */
export type IgnoredKey = ItemViolation & { rule: 'unknown-key' | 'read-only' | 'secret' }

/** The part of an item that is written, and the keys that are not. The item must have passed validation. */
export function writableFields(item: object): { fields: Record<string, unknown>; ignored: IgnoredKey[] } {
  const ignored: IgnoredKey[] = []
  return { fields: pick(item, documented, '', ignored), ignored }
}

/**
 * The profile with the writable part of an item merged in: the same object if it is `owned`, else an owned copy.
 * `ignore` is told of the keys that are not written. The item must have passed validation.
 */
export function mergeItem<Profile extends object>(
  profile: Profile,
  item: object,
  owned: Owned,
  ignore: (key: IgnoredKey) => void,
): Profile {
  const merged = ownObject(profile, owned)
  mergeInto(merged, item, documented, '', { owned, ignore })
  return merged as Profile
}

type Merging = { owned: Owned; ignore: (key: IgnoredKey) => void }

/** Runs for every item of a bulk update, so a path is put together only where it is told. */
function mergeInto(
  target: Record<string, unknown>,
  patch: object,
  keys: Keys,
  at: string,
  merging: Merging,
): void {
  const { owned, ignore } = merging
  for (const key in patch) {
    const entry: unknown = patch[key as never]
    const use = keys.get(key)
    if (use === undefined) ignore(unknownKey(key, at))
    else if (use === 'readOnly') ignore(readOnly(at + key))
    else if (use === 'write') {
      const isPlain = typeof entry !== 'object' || entry === null
      const value = isPlain ? entry : withoutSecrets(entry, at + key, (path) => ignore(dropped(path)))
      // [item.absent]
      if (value === null) delete target[key]
      else target[key] = isPlain ? value : mergePatch(target[key], value, owned)
      // [item.settings-null]
    } else if (use !== 'drop' && entry !== null) {
      const below = ownObject(target[key], owned)
      mergeInto(below, entry as object, use, `${at}${key}.`, merging)
      target[key] = below
    }
  }
}

const longestKeyShown = 100
const longestPathShown = 200

function pick(value: object, keys: Keys, at: string, ignored: IgnoredKey[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const key in value) {
    const entry: unknown = value[key as never]
    const use = keys.get(key)
    if (use === 'write') {
      fields[key] =
        typeof entry === 'object'
          ? withoutSecrets(entry, at + key, (path) => ignored.push(dropped(path)))
          : entry
    } else if (use === undefined) {
      ignored.push(unknownKey(key, at))
    } else if (use === 'readOnly') {
      ignored.push(readOnly(at + key))
      // [item.settings-null]
    } else if (use !== 'drop' && entry !== null) {
      fields[key] = pick(entry as object, use, `${at}${key}.`, ignored)
    }
  }
  return fields
}

/** [item.unknown-key-noted] A key that the document does not have; a long one is cut. `at` is the path before it. */
export function unknownKey(key: string, at = ''): IgnoredKey {
  const shown = key.slice(0, longestKeyShown)
  const path = at + shown
  const message = `${path} is not documented and was ignored`
  return { path, rule: 'unknown-key', message, expected: 'a documented key', got: shown }
}

const readOnly = (path: string): IgnoredKey => ({
  path,
  rule: 'read-only',
  message: `${path} cannot be written and was ignored`,
  expected: 'only keys that can be written',
  got: 'a key that is read only',
})

function dropped(whole: string): IgnoredKey {
  const path = whole.slice(0, longestPathShown)
  const message = `${path} is never kept and was dropped`
  return { path, rule: 'secret', message, expected: 'no secret in rawData', got: 'a key that names one' }
}
