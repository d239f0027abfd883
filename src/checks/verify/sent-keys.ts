import { isObject, type Json } from './json.ts'
import { putBack } from './put-back.ts'
import { laxlyChanged } from './updated-profile.ts'

/** The keys that a run has sent so far, those of the settings by their own names. */
export type SentKeys = {
  add: (items: readonly Json[]) => void
  /** A key that moved along with what was sent. */
  addPath: (path: string) => void
  isEmpty: () => boolean
  /** Whether what stands at a path may be the run's doing. */
  mayHaveChanged: (path: string) => boolean
  /** The part of a patch that may undo the run's doing. */
  partOf: (patch: Json) => Json
  /** A patch that undoes all that a lax server could have made of it. */
  undo: () => Json
}

/** `first` is the profile before any of it. */
export function createSentKeys(first: Json): SentKeys {
  const keys = new Set<string>()
  let undo: Json = {}
  const mayHaveChanged = (path: string) =>
    keys.has(keyOf(path)) || (isOfSettings(path) && keys.has('settings'))
  const entriesOf = (object: Json, at = '') =>
    Object.entries(object).filter(([key]) => mayHaveChanged(at + key))
  return {
    add: (items) => {
      for (const { id: _id, ...item } of items) {
        const changed = laxlyChanged({}, item)
        for (const object of [item, changed]) {
          for (const [key, value] of Object.entries(object)) {
            if (key !== 'settings' || !isObject(value)) keys.add(key)
            else for (const name of Object.keys(value)) keys.add(`settings.${name}`)
          }
        }
        undo = joined(undo, putBack(first, laxlyChanged(first, item)).patch)
      }
    },
    addPath: (path) => keys.add(keyOf(path)),
    isEmpty: () => keys.size === 0,
    mayHaveChanged,
    partOf: ({ settings, ...patch }) => {
      const own = isObject(settings) ? entriesOf(settings, 'settings.') : []
      return Object.fromEntries([
        ...entriesOf(patch),
        ...(own.length > 0 ? [['settings', Object.fromEntries(own)]] : []),
      ])
    },
    undo: () => undo,
  }
}

const isOfSettings = (path: string) => path.startsWith('settings.')

const keyOf = (path: string) =>
  path
    .split('.')
    .slice(0, isOfSettings(path) ? 2 : 1)
    .join('.')

/** Two patches to one state as one. */
const joined = (one: Json, other: Json): Json => ({
  ...one,
  ...Object.fromEntries(
    Object.entries(other).map(([key, value]) => [
      key,
      isObject(value) && isObject(one[key]) ? joined(one[key], value) : value,
    ]),
  ),
})
