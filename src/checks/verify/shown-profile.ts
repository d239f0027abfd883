import { AuthProfile } from '../../../schemas/auth-profile.ts'
import { Settings } from '../../../schemas/mind-profile.ts'
import { isObject, type Json } from './json.ts'

const topLevelKeys = [...Object.keys(AuthProfile.properties), 'rawData', 'settings']
const settingsKeys = Object.keys(Settings.properties)

/** Whether a document lists what stands at this path. */
export const isDocumented = (path: string): boolean =>
  topLevelKeys.includes(path) || settingsKeys.some((key) => path === `settings.${key}`)

/** Whether a key moves by itself: the last login, and what is derived from teams and roles. */
const movesByItself = (key: string) => key === 'lastSeen' || key.startsWith('actual')

/**
 * The part of a shown profile that a change is seen in: the documented keys, without those that move by themselves unless
 * they are among the `sent`. Null is as good as absent, but not inside `rawData`.
 */
export function watched(view: Json, sent: readonly string[] = []): Json {
  const pick = (object: Json, keys: readonly string[]) =>
    Object.fromEntries(
      keys
        .filter((key) => Object.hasOwn(object, key) && (!movesByItself(key) || sent.includes(key)))
        .map((key) => [key, key === 'rawData' ? object[key] : withoutNulls(object[key])])
        .filter(([, value]) => value !== null),
    )
  const own = pick(view, topLevelKeys)
  return isObject(own.settings) ? { ...own, settings: pick(own.settings, settingsKeys) } : own
}

/** Keys that follow from others: nobody writes them, so they need not be put back. */
const derivedKeys = new Set(['permissions'])

/**
 * All of a shown profile that is to be as it was in the end, whether documented or not, but what moves by itself or
 * follows from the rest. Null is as good as absent, but not inside `rawData`.
 */
export function kept(view: Json, sent: readonly string[] = []): Json {
  const pick = (object: Json) =>
    Object.fromEntries(
      Object.entries(object)
        .filter(([key]) => (!movesByItself(key) || sent.includes(key)) && !derivedKeys.has(key))
        .map(([key, value]) => [key, key === 'rawData' ? value : withoutNulls(value)])
        .filter(([, value]) => value !== null),
    )
  const own = pick(view)
  return isObject(own.settings) ? { ...own, settings: pick(own.settings) } : own
}

const withoutNulls = (value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, entry]) => entry !== null)
          .map(([key, entry]) => [key, withoutNulls(entry)]),
      )
    : value

/** Keys of an item that a correct service ignores, so that they are worth a look when they are sent. */
export const ignoredKeysOf = (item: Json): string[] =>
  [...Object.keys(item), ...(isObject(item.settings) ? Object.keys(item.settings) : [])].filter(movesByItself)
