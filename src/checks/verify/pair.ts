import { isDeepStrictEqual } from 'node:util'
import { isObject, type JsonObject } from '../../values/json.ts'
import { play, type SignIn, tokenOf, wireRequest } from '../case-request.ts'
import type { Case } from '../cases.ts'
import { compareAnswers, compareViews, isAsTold, type Mismatch } from './compare.ts'
import { parsed } from './parsed.ts'
import type { Wait } from './persistent.ts'
import { type Plan, planCase } from './plan.ts'
import { type LeftBehind, openProfile, type WrittenProfile } from './profile.ts'
import { type Access, type Credentials, headersOf, lookAt } from './target.ts'
import { openTwin, twinSecret } from './twin.ts'
import { type Send, Unreachable, type WireAnswer } from './wire.ts'

/** What there is to say about one case. */
export type Judgement = {
  verdict: 'same' | 'different' | 'not applicable'
  /** Why it is not applicable. */
  reason?: string
  /** In what it says less than the case. */
  note?: string
  differences?: Mismatch[]
}

export type Outcome = {
  verdict: Judgement
  /** Why the run cannot go on. */
  problem?: string
  /** Why no case writes any more. */
  late?: string
  /** Nobody is there any more. */
  isGone?: boolean
}

/** The target and its twin. */
export type Pair = {
  /** Sends one case to both, as far as that may be sent still. What it changed is put back whatever happens on the way. */
  judge: (given: Case, allowed: 'all' | 'reads' | 'nothing') => Promise<Outcome>
  profile: WrittenProfile | undefined
  close: () => Promise<void>
}

/** A case as the twin plays it: its answer, and the profile as it shows it afterwards. */
type Rehearsal = { answer: WireAnswer; view: unknown }

/** How often a difference in a read makes the target be read anew, since others may have changed it. */
const mostLooks = 5

/** Looks at the target and makes its twin. @throws {CouldNotRun} */
export async function openPair(
  send: Send,
  access: Access,
  wait: Wait,
  onStake: (atStake?: LeftBehind) => void,
): Promise<Pair> {
  let target = await lookAt(send, access)
  let twin = await openTwin(target.seed)
  let looksLeft = mostLooks
  const { callers, secret = 'a secret that is made up for this run' } = access
  const profile =
    target.profile && openProfile(send, target.profile, headersOf(callers.get('admin') as Credentials), wait)
  const asCaller: SignIn = (credential, kind) =>
    typeof credential === 'string' ? (callers.get(credential)?.[kind] as string) : tokenOf(credential, secret)
  const asTwin: SignIn = (credential) =>
    tokenOf(typeof credential === 'string' ? { userId: target.ids[credential] } : credential, twinSecret)

  const twinView = async (): Promise<unknown> => {
    const path = `/profile/${target.ids.target}?includeRawData=true`
    const answer = await twin.send(wireRequest({ method: 'GET', path, bearer: 'admin' }, asTwin))
    return parsed(answer.body)?.value
  }
  // Where they differ from the start, cases that write say nothing new.
  const atStart = new Set(
    target.profile && compareViews(await twinView(), target.profile.view, true).map(({ what }) => what),
  )

  /** Undefined when the case means something else in this world. */
  const rehearse = async ({ example, items }: Plan): Promise<Rehearsal | undefined> => {
    const { before, answer } = await play(example, (request) => twin.send(wireRequest(request, asTwin)))
    const view = items && (await twinView())
    if (items) await twin.reset()
    return answer && before.every(isWhole) && isAsTold(example, answer) ? { answer, view } : undefined
  }

  const perform = async (example: Case, { answer: expected }: Rehearsal): Promise<Mismatch[]> => {
    const { before, answer } = await play(example, (request) => send(wireRequest(request, asCaller)))
    const last = answer ?? (before.at(-1) as NonNullable<typeof answer>)
    if ('problem' in last) return [{ what: 'answer', expected: 'one', got: last.problem }]
    return answer
      ? compareAnswers(example, expected, last)
      : [{ what: 'status of a request before', expected: 200, got: last.status }]
  }

  /** Whether others have changed what reads show; then there is a new twin. */
  const hasMoved = async (): Promise<boolean> => {
    if (callers.size === 0 || looksLeft-- <= 0) return false
    const now = await lookAt(send, access).catch(() => target)
    if (isDeepStrictEqual(withoutLogins(now.seed), withoutLogins(target.seed))) return false
    await twin.close()
    target = now
    twin = await openTwin(target.seed)
    return true
  }

  const performWriting = async (
    { example, items = [] }: Plan,
    expected: Rehearsal,
    written: WrittenProfile,
    outcome: Outcome,
  ): Promise<Mismatch[]> => {
    const { differences, own, others } = written.moved(await written.read())
    if (others.length > 0) {
      outcome.problem = `Profile ${written.id} was changed from outside during the run: look at it.`
    } else if (own.length > 0) {
      outcome.late = `Profile ${written.id} was not as at the start (${own.join(', ')}), by what this run had sent: the target carries out updates or shows them late. It was put back at the end.`
    }
    // Nothing of this case was sent. What the run has sent before is put back at its end.
    if (differences.length > 0) return differences
    written.send(items)
    onStake(written.atStake())
    try {
      const answered = await perform(example, expected)
      const isLoginSent = items.some((item) => Object.hasOwn(item, 'lastSeen'))
      const shown = compareViews(expected.view, await written.read(), isLoginSent)
      return [...answered, ...shown.filter(({ what }) => !atStart.has(what))]
    } finally {
      const why = await written.putBack(items)
      if (why === undefined) onStake()
      else
        outcome.late = `Profile ${written.id} was not put back after a case (${why}), but at the end of the run.`
    }
  }

  const judge: Pair['judge'] = async (given, allowed) => {
    const notApplicable = (reason: string): Outcome => ({ verdict: { verdict: 'not applicable', reason } })
    const plan = planCase(given, target, access)
    if ('reason' in plan) return notApplicable(plan.reason)
    const { items, note } = plan
    if (allowed === 'nothing' || (items && allowed === 'reads'))
      return notApplicable('was not run, since the run could not go on')
    const expected = await rehearse(plan)
    if (!expected) return notApplicable('means something else with what this target holds')
    const noted = note === undefined ? {} : { note }
    const outcome: Outcome = { verdict: { verdict: 'same', ...noted } }
    try {
      const differences = await (items && profile
        ? performWriting(plan, expected, profile, outcome)
        : perform(plan.example, expected))
      const isData = plan.example.request.method === 'GET' && expected.answer.status === 200
      if (differences.length > 0 && isData && !items && (await hasMoved())) return judge(given, allowed)
      if (differences.length > 0) outcome.verdict = { verdict: 'different', ...noted, differences }
    } catch (error) {
      const { message } = error as Error
      outcome.isGone = error instanceof Unreachable
      outcome.problem = outcome.isGone ? `The target stopped answering (${message}).` : `${message}.`
      const differences = [{ what: 'answer', expected: 'one', got: message }]
      outcome.verdict = { verdict: 'different', ...noted, differences }
    }
    return outcome
  }

  return { judge, profile, close: () => twin.close() }
}

/** Every item of an update beforehand was taken. */
function isWhole({ body }: WireAnswer): boolean {
  const results = (parsed(body)?.value as JsonObject | null | undefined)?.results
  return !Array.isArray(results) || results.every((result) => isObject(result) && result.success === true)
}

const withoutLogins = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (key, entry) => (key === 'lastSeen' ? undefined : entry)))
