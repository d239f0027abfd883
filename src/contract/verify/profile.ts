import secureJson from 'secure-json-parse'
import { CouldNotRun } from './could-not-run.ts'
import { isObject, type Json, parsed } from './json.ts'
import { putBack } from './put-back.ts'
import { kept } from './shown-profile.ts'
import type { Send } from './wire.ts'

/** The profile that cases write to, and the way back. */
export type WrittenProfile = {
  id: number
  /** How it was shown when the run began. */
  first: Json
  /** How it is shown now. @throws {CouldNotRun} */
  read: () => Promise<Json>
  /**
   * Takes it back to an earlier view, `sent` read-only keys included, and looks whether that worked. Resolves with a
   * sentence when it did not.
   */
  putBack: (view: Json, sent: readonly string[]) => Promise<string | undefined>
}

export function openProfile(
  send: Send,
  { id, view: first }: { id: number; view: Json },
  signedIn: Record<string, string>,
): WrittenProfile {
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
  return {
    id,
    first,
    read,
    putBack: async (view, sent) => {
      const before = kept(view, sent)
      const wayBack = async () => putBack(before, kept(await read(), sent))
      try {
        for (const goBack of waysBack) {
          const { patch } = await wayBack()
          if (Object.keys(patch).length === 0) break
          await goBack(patch, before)
        }
        const { patch, stuck } = await wayBack()
        const isNamed = (path: string) => stuck.some((longer) => longer.startsWith(`${path}.`))
        const left = [...stuck, ...pathsOf(patch).filter((path) => !isNamed(path))]
        return left.length > 0 ? notAsItWas(id, `${left.join(', ')} could not be put back`) : undefined
      } catch (error) {
        return notAsItWas(id, (error as Error).message)
      }
    },
  }
}

const notAsItWas = (id: number, why: string) =>
  `PROFILE ${id} MAY NOT BE AS IT WAS (${why}): look at it and mend it by hand.`

const pathsOf = (patch: Json, at = ''): string[] =>
  Object.entries(patch).flatMap(([key, value]) =>
    isObject(value) && Object.keys(value).length > 0 ? pathsOf(value, `${at}${key}.`) : [at + key],
  )

const whole = (patch: Json, before: Json) =>
  Object.fromEntries(Object.keys(patch).map((key) => [key, before[key]]))

export async function readView(send: Send, id: number, headers: Record<string, string>): Promise<Json> {
  const path = `/profile/${id}?includeRawData=true`
  const answer = await send({ method: 'GET', path, headers })
  if ('problem' in answer) throw new CouldNotRun(`GET ${path} got ${answer.problem}.`)
  const view = parsed(answer.body)?.value
  if (answer.status === 200 && isObject(view) && view.id === id) {
    if (secureJson.scan(view, { safe: true }) !== null) return view
    throw new CouldNotRun(
      `Profile ${id} has a key __proto__ or constructor.prototype, which cannot be put back safely; name another one with --profile-id.`,
    )
  }
  throw new CouldNotRun(
    `GET ${path} answered ${answer.status} and not that profile, without which nothing can be put back; name another one with --profile-id.`,
  )
}
