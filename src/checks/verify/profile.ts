import { isDeepStrictEqual } from 'node:util'
import secureJson from 'secure-json-parse'
import { AuthProfile } from '../../../schemas/auth-profile.ts'
import { ProfileSettings } from '../../../schemas/mind-profile.ts'
import { isObject, type JsonObject } from '../../values/json.ts'
import { mergePatch } from '../../values/merge-patch.ts'
import { withoutSecrets } from '../../values/secrets.ts'
import { compareValues, type Mismatch } from './compare.ts'
import { CouldNotRun } from './could-not-run.ts'
import { parsed } from './parsed.ts'
import { persistent, type Wait } from './persistent.ts'
import type { Send } from './wire.ts'

/** What a run leaves behind, and how somebody puts it back. */
export type LeftBehind = {
  id: number
  /** Why it could not be put back. */
  why: string
  /** Body of `PATCH /profiles` that holds the old values. */
  body: { profiles: [JsonObject] }
  /** Keys that no body can put back. */
  byHand: string[]
}

/** The profile that cases write to, and the way back to how it was at the start. */
export type WrittenProfile = {
  id: number
  /** How it is shown now. @throws {CouldNotRun} */
  read: () => Promise<JsonObject>
  /** How it differs from the start: keys that the run has sent, and keys that it never sent. */
  moved: (now: JsonObject) => { differences: Mismatch[]; own: string[]; others: string[] }
  /** Is told what a case sends, before it does. */
  send: (items: readonly JsonObject[]) => void
  /** Takes back what a case did, whatever it was; resolves with why that failed. */
  putBack: (items: readonly JsonObject[]) => Promise<string | undefined>
  /** Takes back at the end whatever the run has sent, late effects included. */
  settle: () => Promise<LeftBehind | undefined>
  /** What would be left behind if the run ended now. */
  atStake: () => LeftBehind
  /** Undocumented keys that grow by themselves. */
  clocks: ReadonlySet<string>
}

/** Longer than the caches and queues of a usual service. */
const settlingMs = 500

export function openProfile(
  sendOnce: Send,
  { id, view: first }: { id: number; view: JsonObject },
  signedIn: Record<string, string>,
  wait: Wait,
): WrittenProfile {
  const send = persistent(sendOnce, wait)
  const clocks = new Set<string>()
  const moving = new Set<string>()
  const sentKeys = new Set<string>()
  let sent: JsonObject = {}
  const isOwn = (path: string) =>
    sentKeys.has(keyOf(path)) || (path.startsWith('settings.') && sentKeys.has('settings'))
  const read = () => readView(send, id, signedIn)
  const write = (path: string, body: JsonObject) =>
    send({
      method: 'PATCH',
      path,
      headers: { 'content-type': 'application/json', ...signedIn },
      body: JSON.stringify(body),
    })
  /** Both views without what moves by itself. */
  const still = (now: JsonObject, alsoMoving: Iterable<string> = []): [JsonObject, JsonObject] => {
    const [was, is] = [first, now].map((view) => kept(view, new Set(alsoMoving))) as [JsonObject, JsonObject]
    for (const path of clocksBetween(was, is)) if (!isOwn(path)) clocks.add(path)
    return [withoutPaths(was, clocks), withoutPaths(is, clocks)]
  }
  // One of the two paths may be broken.
  const goBack = async (look: () => Promise<{ way: WayBack; now: JsonObject }>): Promise<WayBack> => {
    for (const path of ['/profiles', `/profile/${id}`]) {
      const { way, now } = await look()
      if (Object.keys(way.patch).length === 0) break
      const fields = wholeOf(way.patch, now)
      await write(path, path === '/profiles' ? { profiles: [{ id, ...fields }] } : fields)
    }
    return (await look()).way
  }
  const leftBehind = (why: string, patch: JsonObject, stuck: readonly string[]): LeftBehind => {
    const byHand = [...stuck]
    const values = withoutSecrets(patch, '', (path) => byHand.push(path.slice(1))) as JsonObject
    return { id, why, body: { profiles: [{ id, ...values }] }, byHand }
  }
  return {
    id,
    read,
    moved: (now) => {
      const [was, is] = still(now)
      const paths = pathsOf(wayBack(was, is))
      return {
        differences: compareValues('profile before the case', was, is),
        own: paths.filter(isOwn),
        others: paths.filter((path) => !isOwn(path)),
      }
    },
    send: (items) => {
      for (const item of items.map(inSettings)) {
        sent = overlaid(sent, item)
        for (const path of pathsIn(item)) sentKeys.add(keyOf(path))
      }
    },
    putBack: async (items) => {
      const alsoMoving = items.flatMap((item) => pathsIn(item)).filter(isMoving)
      try {
        const left = pathsOf(
          await goBack(async () => {
            const [was, now] = still(await read(), alsoMoving)
            return { way: wayBack(was, now), now }
          }),
        )
        for (const path of left) {
          sentKeys.add(keyOf(path))
          if (isMoving(path)) moving.add(path)
        }
        return left.length > 0 ? `${left.join(', ')} could not be put back` : undefined
      } catch (error) {
        return (error as Error).message
      }
    },
    settle: async () => {
      if (sentKeys.size === 0) return undefined
      try {
        const { patch, stuck } = await goBack(async () => {
          await wait(settlingMs)
          const [was, now] = still(await read(), moving)
          const way = wayBack(was, now)
          return { way: { patch: partOf(way.patch, isOwn), stuck: way.stuck.filter(isOwn) }, now }
        })
        const left = pathsOf({ patch, stuck })
        return left.length > 0
          ? leftBehind(`${left.join(', ')} could not be put back`, patch, stuck)
          : undefined
      } catch (error) {
        return leftBehind((error as Error).message, undoing(first, sent), [])
      }
    },
    atStake: () => leftBehind('the run was ended before it could put it back', undoing(first, sent), []),
    clocks,
  }
}

/** A merge patch from one view to an earlier one, and the paths that none can put back. */
export type WayBack = { patch: JsonObject; stuck: string[] }

/** What takes a profile back to how it was `before`. Only inside `rawData` a key can be taken away, by null. */
export function wayBack(before: JsonObject, after: JsonObject): WayBack {
  const stuck: string[] = []
  const patch = patchTo(before, after, '', stuck)
  return { patch, stuck }
}

function patchTo(before: JsonObject, after: JsonObject, at: string, stuck: string[]): JsonObject {
  const patch: [string, unknown][] = []
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before, after].map((view) => (Object.hasOwn(view, key) ? view[key] : undefined))
    const path = at + key
    if (isDeepStrictEqual(was, is)) continue
    if (was === undefined && at.startsWith('rawData.')) patch.push([key, null])
    else if (was === undefined || holdsNull(was)) stuck.push(path)
    else if (isObject(was) && isObject(is)) {
      const inner = patchTo(was, is, `${path}.`, stuck)
      if (Object.keys(inner).length > 0) patch.push([key, inner])
    } else patch.push([key, was])
  }
  return Object.fromEntries(patch)
}

/** A null that a merge patch would take for a removal. */
const holdsNull = (value: unknown): boolean =>
  value === null || (isObject(value) && Object.values(value).some(holdsNull))

/** The view after items that a server took whole, whatever they hold. */
export const afterAll = (items: readonly JsonObject[], view: JsonObject): JsonObject =>
  items.map(inSettings).reduce((now, item) => mergePatch(now, item) as JsonObject, view)

/** Without its id; a routing status is one value at two places. */
function inSettings({ id: _id, callRoutingStatus, chatRoutingStatus, ...item }: JsonObject): JsonObject {
  const statuses = Object.entries({ callRoutingStatus, chatRoutingStatus }).filter(
    ([, value]) => value !== undefined,
  )
  if (statuses.length === 0) return item
  return {
    ...item,
    settings: { ...(item.settings as JsonObject | undefined), ...Object.fromEntries(statuses) },
  }
}

/** One object over another at every depth; null is a value like any other. */
const overlaid = (under: JsonObject, over: JsonObject): JsonObject => ({
  ...under,
  ...Object.fromEntries(
    Object.entries(over).map(([key, value]) => [
      key,
      isObject(value) && isObject(under[key]) ? overlaid(under[key], value) : value,
    ]),
  ),
})

/** The top-level fields of a patch as they will be, for a server that replaces where it should merge. */
const wholeOf = (patch: JsonObject, now: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(overlaid(now, patch)).filter(([key]) => Object.hasOwn(patch, key)))

/** What brings back all that was sent, as far as the first view has it. */
function undoing(first: JsonObject, sent: JsonObject, isRaw = false): JsonObject {
  return Object.fromEntries(
    Object.entries(sent).flatMap(([key, value]) => {
      const was = Object.hasOwn(first, key) ? first[key] : undefined
      if (isObject(value) && isObject(was)) return [[key, undoing(was, value, isRaw || key === 'rawData')]]
      if (was === undefined) return isRaw ? [[key, null]] : []
      return [[key, was]]
    }),
  )
}

/** What is still to be put back, by path. */
const pathsOf = ({ patch, stuck }: WayBack): string[] => [...stuck, ...pathsIn(patch)]

const pathsIn = (patch: JsonObject, at = ''): string[] =>
  Object.entries(patch).flatMap(([key, value]) =>
    isObject(value) && Object.keys(value).length > 0 ? pathsIn(value, `${at}${key}.`) : [at + key],
  )

/** The key that a path is within; those of the settings by their own names. */
const keyOf = (path: string) =>
  path
    .split('.')
    .slice(0, path.startsWith('settings.') ? 2 : 1)
    .join('.')

const partOf = (patch: JsonObject, isOwn: (path: string) => boolean): JsonObject =>
  withoutPaths(patch, new Set(pathsIn(patch).filter((path) => !isOwn(path))))

/** The last login, and what is derived from teams and roles. */
const isMoving = (path: string) => /^lastSeen$|^settings\.actual|^actual/.test(path)

/**
 * All of a shown profile that is to be as it was in the end, whether documented or not, but what moves by itself and was
 * not sent, and what follows from roles. Null is as good as absent, but not inside `rawData`.
 */
function kept(view: JsonObject, sent: ReadonlySet<string> = new Set(), at = ''): JsonObject {
  return Object.fromEntries(
    Object.entries(view)
      .filter(([key, value]) => value !== null && at + key !== 'permissions')
      .filter(([key]) => !isMoving(at + key) || sent.has(at + key))
      .map(([key, value]) => {
        const path = at + key
        return [key, isObject(value) && path !== 'rawData' ? kept(value, sent, `${path}.`) : value]
      }),
  )
}

const documented = new Set([
  ...Object.keys(AuthProfile.properties),
  'rawData',
  ...Object.keys(ProfileSettings.properties).map((key) => `settings.${key}`),
])

/** Paths of undocumented keys whose value grew from one view to a later one, as a clock or a version does. */
function clocksBetween(was: JsonObject, is: JsonObject, at = ''): string[] {
  return Object.entries(was).flatMap(([key, value]) => {
    const path = at + key
    if (!Object.hasOwn(is, key) || documented.has(path)) return []
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
const withoutPaths = (view: JsonObject, paths: ReadonlySet<string>, at = ''): JsonObject =>
  Object.fromEntries(
    Object.entries(view)
      .filter(([key]) => !paths.has(at + key))
      .map(([key, value]) => [key, isObject(value) ? withoutPaths(value, paths, `${at}${key}.`) : value]),
  )

/** Says loudly that a profile is not as it was, unless the reason has been said. */
export function alarmOf({ id, why, body, byHand }: LeftBehind, said = ''): string {
  const isOnlyByHand = byHand.length > 0 && Object.keys(body.profiles[0]).length === 1
  const ways = [
    ...(isOnlyByHand ? [] : ['send PATCH /profiles with the body that is printed']),
    ...(byHand.length > 0 ? [`mend ${byHand.join(', ')} by hand`] : []),
  ]
  return `PROFILE ${id} MAY NOT BE AS IT WAS${said.includes(why) ? '' : ` (${why})`}: ${ways.join(', and ')}.`
}

/** @throws {CouldNotRun} without a full stop, since it may be the reason for something else */
export async function readView(send: Send, id: number, headers: Record<string, string>): Promise<JsonObject> {
  const path = `/profile/${id}?includeRawData=true`
  const answer = await send({ method: 'GET', path, headers })
  if ('problem' in answer) throw new CouldNotRun(`GET ${path} got ${answer.problem}`)
  const view = parsed(answer.body)?.value
  if (answer.status !== 200 || !isObject(view) || view.id !== id)
    throw new CouldNotRun(`GET ${path} answered ${answer.status} and not that profile`)
  if (secureJson.scan(view, { safe: true }) === null)
    throw new CouldNotRun(
      `Profile ${id} has a key __proto__ or constructor.prototype, which cannot be put back safely`,
    )
  return view
}
