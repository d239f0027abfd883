import { isDeepStrictEqual } from 'node:util'
import { AuthProfile } from '../../../schemas/auth-profile.ts'
import { Settings } from '../../../schemas/mind-profile.ts'
import { mergePatch } from '../../profiles/merge-patch.ts'
import { writableFields } from '../../profiles/writable-fields.ts'
import { isObject } from './safety.ts'

export type Json = Record<string, unknown>

const topLevelKeys = [...Object.keys(AuthProfile.properties), 'rawData', 'settings']
const settingsKeys = Object.keys(Settings.properties)

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

/** The profile after an item that a server took whole, whatever it holds. */
export function laxlyChanged(view: Json, { id: _id, ...item }: Json): Json {
  return mergePatch(view, routingInSettings(item)) as Json
}

/** The profile after an item that succeeded, by the rules of an update. */
export function correctlyChanged(view: Json, item: Json): Json {
  return mergePatch(view, routingInSettings(writableFields(item).fields)) as Json
}

/** Both places of a routing status are one value, and the top level wins (A). */
function routingInSettings({ callRoutingStatus, chatRoutingStatus, ...item }: Json): Json {
  const statuses = Object.entries({ callRoutingStatus, chatRoutingStatus }).filter(
    ([, value]) => value !== undefined,
  )
  if (statuses.length === 0) return item
  const settings = isObject(item.settings) ? item.settings : {}
  return { ...item, settings: { ...settings, ...Object.fromEntries(statuses) } }
}

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
