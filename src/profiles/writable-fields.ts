import type { TSchema } from '@sinclair/typebox'
import { isReadOnly } from '../../schemas/read-only.ts'
import { UndocumentedSettings } from '../../schemas/undocumented-settings.ts'
import { ProfileUpdate } from '../../schemas/update-profiles.ts'
import type { ItemViolation } from '../traffic/violations.ts'
import { mergePatch, type Owned, ownObject } from '../values/merge-patch.ts'
import { withoutJwt, withoutSecrets } from '../values/secrets.ts'

type Keys = ReadonlyMap<string, Use>
/** What becomes of a key: kept, kept and told of, checked and dropped, dropped as read only, or looked into. */
type Use = 'write' | 'writeUndocumented' | 'drop' | 'readOnly' | Keys

const documentedKeys: Keys = keysOf(ProfileUpdate)

/** [item.undocumented-key] Kept, checked and noted (P). */
function undocumentedKeys(): [string, Use][] {
  return Object.keys(UndocumentedSettings.properties).map((key) => [key, 'writeUndocumented'])
}

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
  if (!object.properties || Object.keys(object.properties).length === 0) return 'write'
  return key === 'settings' ? new Map([...keysOf(object), ...undocumentedKeys()]) : keysOf(object)
}

/** Whether a key of `settings` is written. */
export function isWritableSetting(key: string): boolean {
  const use = (documentedKeys.get('settings') as Keys).get(key)
  return use !== undefined && use !== 'readOnly'
}

/** A key that somebody should know of: it was ignored, or kept although the contract does not promise it. */
export type NotedKey = ItemViolation & { rule: 'unknown-key' | 'undocumented-key' | 'read-only' | 'secret' }

/**
 * The profile with the writable part of an item merged in: the same object if it is `owned`, else an owned copy.
 * `note` is told of the keys that are not written, or not documented. The item must have passed validation.
 */
export function mergeItem<Profile extends object>(
  profile: Profile,
  item: object,
  owned: Owned,
  note: (key: NotedKey) => void,
): Profile {
  const merged = ownObject(profile, owned)
  mergeInto(merged, item, documentedKeys, '', { owned, note })
  return merged as Profile
}

type Merging = { owned: Owned; note: (key: NotedKey) => void }

/** Runs for every item of a bulk update, so a path is put together only where it is told. */
function mergeInto(
  target: Record<string, unknown>,
  patch: object,
  keys: Keys,
  at: string,
  merging: Merging,
): void {
  const { owned, note } = merging
  // [item.absent]
  for (const key in patch) {
    const entry: unknown = patch[key as never]
    const use = keys.get(key)
    if (use === undefined) note(unknownKey(key, at))
    else if (use === 'readOnly') note(readOnly(at + key))
    else if (use === 'write' || use === 'writeUndocumented') {
      if (use === 'writeUndocumented') note(undocumentedKey(at + key))
      const isPlain = typeof entry !== 'object' || entry === null
      const value = isPlain ? entry : withoutSecrets(entry, at + key, (path) => note(dropped(path)))
      // [item.absent] What is not sent stays; only `rawData` takes null, below itself.
      target[key] = isPlain ? value : mergePatch(target[key], value, owned)
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

/** [item.unknown-key-noted] A key that the document does not have; a long one is cut. `at` is the path before it. */
export function unknownKey(key: string, at = ''): NotedKey {
  const shown = withoutJwt(key).slice(0, longestKeyShown)
  const path = at + shown
  const message = `${path} is not documented and was ignored`
  return { path, rule: 'unknown-key', message, expected: 'a documented key', got: shown }
}

const undocumentedKey = (path: string): NotedKey => ({
  path,
  rule: 'undocumented-key',
  message: `${path} was written, although the published document does not have it`,
  expected: 'a documented key',
  got: path.slice(path.lastIndexOf('.') + 1),
})

const readOnly = (path: string): NotedKey => ({
  path,
  rule: 'read-only',
  message: `${path} cannot be written and was ignored`,
  expected: 'only keys that can be written',
  got: 'a key that is read only',
})

function dropped(whole: string): NotedKey {
  const path = withoutJwt(whole).slice(0, longestPathShown)
  const message = `${path} is never kept and was dropped`
  return { path, rule: 'secret', message, expected: 'no secret in rawData', got: 'a key that names one' }
}
