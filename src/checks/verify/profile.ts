import secureJson from 'secure-json-parse'
import { withoutSecrets } from '../../values/secrets.ts'
import { clocksBetween, withoutPaths } from './clocks.ts'
import { compareValues, type Difference } from './compare.ts'
import { CouldNotRun } from './could-not-run.ts'
import { isObject, type Json, parsed } from './json.ts'
import { persistent, type Wait } from './persistent.ts'
import { type PutBack, putBack } from './put-back.ts'
import { createSentKeys } from './sent-keys.ts'
import { kept } from './shown-profile.ts'
import type { Send } from './wire.ts'

/** What a run leaves behind, and how somebody puts it back. */
export type LeftBehind = {
  id: number
  /** Why it could not be put back. */
  why: string
  /** Body of `PATCH /profiles` that holds the old values. */
  body: { profiles: [Json] }
  /** Keys that no body can put back. */
  byHand: string[]
}

/** How a profile differs from the start: keys that the run has sent, and keys that it never sent. */
type Moved = { differences: Difference[]; own: string[]; others: string[] }

/** The profile that cases write to, and the way back. */
export type WrittenProfile = {
  id: number
  /** How it is shown now. @throws {CouldNotRun} */
  read: () => Promise<Json>
  moved: (now: Json) => Moved
  /** Is told what a case sends, before it does. */
  send: (items: readonly Json[]) => void
  /**
   * Takes it back to an earlier view, `sent` read-only keys included, and looks whether that worked. Resolves with what
   * is left, or why it is not known.
   */
  putBack: (view: Json, sent: readonly string[]) => Promise<string | undefined>
  /** Takes back at the end whatever the run has sent to how it was at the start, late effects included. */
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
  { id, view: first }: { id: number; view: Json },
  signedIn: Record<string, string>,
  wait: Wait,
): WrittenProfile {
  const send = persistent(sendOnce, wait)
  const sentKeys = createSentKeys(kept(first))
  const clocks = new Set<string>()
  const leftOver = new Set<string>()
  const read = () => readView(send, id, signedIn)
  const write = (path: string, body: Json) =>
    send({
      method: 'PATCH',
      path,
      headers: { 'content-type': 'application/json', ...signedIn },
      body: JSON.stringify(body),
    })
  const writeInBulk = (patch: Json) => write('/profiles', { profiles: [{ id, ...patch }] })
  // A server that replaces where it should merge needs everything at once, and one of two paths may be broken.
  const waysBack: ((patch: Json, before: Json) => Promise<unknown>)[] = [
    writeInBulk,
    (patch, before) => writeInBulk(whole(patch, before)),
    (patch) => write(`/profile/${id}`, patch),
    (patch, before) => write(`/profile/${id}`, whole(patch, before)),
  ]
  /** Both views without what moves by itself. */
  const still = (before: Json, now: Json, sent: readonly string[] = []): [Json, Json] => {
    const [was, is] = [kept(before, sent), kept(now, sent)]
    for (const path of clocksBetween(was, is)) if (!sentKeys.mayHaveChanged(path)) clocks.add(path)
    return [withoutPaths(was, clocks), withoutPaths(is, clocks)]
  }
  const goBack = async (wayBack: () => Promise<PutBack>, before: Json): Promise<PutBack> => {
    for (const way of waysBack) {
      const { patch } = await wayBack()
      if (Object.keys(patch).length === 0) break
      await way(patch, before)
    }
    return wayBack()
  }
  const leftBehind = (why: string, patch: Json, stuck: string[]): LeftBehind => {
    const byHand = [...stuck]
    const values = withoutSecrets(patch, '', (path) => byHand.push(path.slice(1))) as Json
    return { id, why, body: { profiles: [{ id, ...values }] }, byHand }
  }
  return {
    id,
    read,
    moved: (now) => {
      const [was, is] = still(first, now)
      const paths = pathsLeft(putBack(was, is))
      return {
        differences: compareValues('profile before the case', was, is),
        own: paths.filter(sentKeys.mayHaveChanged),
        others: paths.filter((path) => !sentKeys.mayHaveChanged(path)),
      }
    },
    send: sentKeys.add,
    putBack: async (view, sent) => {
      try {
        const left = pathsLeft(
          await goBack(async () => putBack(...still(view, await read(), sent)), kept(view, sent)),
        )
        for (const path of left) {
          sentKeys.addPath(path)
          leftOver.add(path)
        }
        return left.length > 0 ? `${left.join(', ')} could not be put back` : undefined
      } catch (error) {
        return (error as Error).message
      }
    },
    settle: async () => {
      if (sentKeys.isEmpty()) return undefined
      const alsoMoving = [...leftOver].map((path) => path.replace(/^settings\./, ''))
      const wayBack = async () => {
        await wait(settlingMs)
        const { patch, stuck } = putBack(...still(first, await read(), alsoMoving))
        return { patch: sentKeys.partOf(patch), stuck: stuck.filter(sentKeys.mayHaveChanged) }
      }
      try {
        const left = await goBack(wayBack, kept(first, alsoMoving))
        const paths = pathsLeft(left)
        return paths.length > 0
          ? leftBehind(`${paths.join(', ')} could not be put back`, left.patch, left.stuck)
          : undefined
      } catch (error) {
        return leftBehind((error as Error).message, sentKeys.undo(), [])
      }
    },
    atStake: () => leftBehind('the run was ended before it could put it back', sentKeys.undo(), []),
    clocks,
  }
}

/** What is still to be put back, by path. */
function pathsLeft({ patch, stuck }: PutBack): string[] {
  const isNamed = (path: string) => stuck.some((longer) => longer.startsWith(`${path}.`))
  return [...stuck, ...pathsOf(patch).filter((path) => !isNamed(path))]
}

const pathsOf = (patch: Json, at = ''): string[] =>
  Object.entries(patch).flatMap(([key, value]) =>
    isObject(value) && Object.keys(value).length > 0 ? pathsOf(value, `${at}${key}.`) : [at + key],
  )

const whole = (patch: Json, before: Json) =>
  Object.fromEntries(Object.keys(patch).map((key) => [key, before[key]]))

/** @throws {CouldNotRun} without a full stop, since it may be the reason for something else */
export async function readView(send: Send, id: number, headers: Record<string, string>): Promise<Json> {
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
