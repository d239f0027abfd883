import { setTimeout } from 'node:timers/promises'
import { mergePatch } from '../../values/merge-patch.ts'
import { type Case, readCases } from '../cases.ts'
import { compareAnswer, compareHeaders, compareValues, type Difference, withBody, withId } from './compare.ts'
import { CouldNotRun } from './could-not-run.ts'
import { type Access, explore, headersOf } from './explore.ts'
import { type Json, parsed } from './json.ts'
import type { Caller } from './known.ts'
import { alarmOf } from './left-behind.ts'
import type { Wait } from './persistent.ts'
import { type Plan, planCase } from './plan.ts'
import { type LeftBehind, openProfile, type WrittenProfile } from './profile.ts'
import { compareRead, derived, leaks } from './reads.ts'
import { ignoredKeysOf, watched } from './shown-profile.ts'
import { correctlyChanged } from './updated-profile.ts'
import { createSend, type Limits, type Send, Unreachable, type WireAnswer } from './wire.ts'

export type CaseVerdict = Pick<Case, 'name' | 'source' | 'rule'> & {
  file: string
  verdict: 'same' | 'different' | 'not applicable'
  /** Why it is not applicable. */
  reason?: string
  /** In what it says less than the case. */
  note?: string
  differences?: Difference[]
}

export type Verification = {
  target: string
  cases: CaseVerdict[]
  /** Why the run stopped before its end, or what it left behind. */
  problem?: string
  /** What it could not put back. */
  left?: LeftBehind
  /** Undocumented keys of the written profile that grow without being written. */
  movesByItself: string[]
}

export type VerifyOptions = Access & {
  /** The base URL, with its path. */
  target: string
  limits?: Limits
  /** How to wait before something is tried again. */
  wait?: Wait
  /** Is told before a case writes what would be left behind if the process ended, and afterwards that nothing would. */
  onStake?: (atStake?: LeftBehind) => void
  /** Ends the run after the case that is under way. */
  signal?: AbortSignal
  /** Is told how many cases are done, before each. */
  onCase?: (done: number, total: number) => void
}

const usualLimits: Limits = { patienceMs: 10_000, mostBytes: 16 * 1024 * 1024 }

/**
 * Runs the contract cases against a running service, one after the other. Without a profile to write, nothing is sent
 * that could change anything. @throws {CouldNotRun} when it cannot begin
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { target, limits = usualLimits, signal, wait = setTimeout, onCase = () => {} } = options
  const send = createSend(target, limits)
  const known = await explore(send, options).catch((error: Error) => {
    throw error instanceof Unreachable ? new CouldNotRun(nobodyAt(target, error)) : error
  })
  const profile =
    known.profile && openProfile(send, known.profile, headersOf(known.callers.get('admin') as Caller), wait)
  const all = (await readCases()).flatMap(({ name: file, cases }) =>
    cases.map((example) => ({ file, example })),
  )
  const verdicts: CaseVerdict[] = []
  const problems: string[] = []
  /** Why no case writes any more; said unless something is left behind, which says more. */
  let late: string | undefined
  let isOver = false
  for (const [done, { file, example }] of all.entries()) {
    onCase(done, all.length)
    const { name, source, rule } = example
    const judge = (verdict: Judgement) => verdicts.push({ name, file, source, rule, ...verdict })
    const plan = planCase(example, known)
    if (signal?.aborted && !isOver) {
      isOver = true
      problems.push('The run was stopped before its end.')
    }
    const writesNoMore = problems.length > 0 || late !== undefined
    if ('reason' in plan) {
      judge({ verdict: 'not applicable', reason: plan.reason })
    } else if (isOver || (writesNoMore && plan.seedId !== undefined)) {
      judge({ verdict: 'not applicable', reason: 'was not run, since the run could not go on' })
    } else {
      const outcome = await run(example, plan, send, profile, options.onStake)
      if (outcome.problem !== undefined) problems.push(outcome.problem)
      late ??= outcome.late
      isOver ||= outcome.isGone
      judge(judgementOf(outcome.differences, plan))
    }
  }
  const left = await profile?.settle()
  if (left) problems.push(alarmOf(left, problems.join(' ')))
  else if (late !== undefined) problems.push(late)
  return {
    target,
    cases: verdicts,
    ...(problems.length > 0 && { problem: problems.join(' ') }),
    ...(left && { left }),
    movesByItself: [...(profile?.clocks ?? [])],
  }
}

type Judgement = Pick<CaseVerdict, 'verdict' | 'reason' | 'note' | 'differences'>

function judgementOf(differences: Difference[], { note }: Plan): Judgement {
  const noted = note === undefined ? {} : { note }
  return differences.length > 0
    ? { verdict: 'different', ...noted, differences }
    : { verdict: 'same', ...noted }
}

const nobodyAt = (target: string, { message }: Unreachable) =>
  isAboutCertificate.test(message)
    ? `The certificate of ${target} is not trusted (${message}); name the file of its authority in NODE_EXTRA_CA_CERTS.`
    : `Nobody answers at ${target} (${message}); start the service or correct the address.`

const isAboutCertificate = /CERT|SIGNATURE|ISSUER/

type Outcome = { differences: Difference[]; problem?: string; late?: string; isGone: boolean }

/** One case. What it changed is put back whatever happens on the way. */
async function run(
  example: Case,
  plan: Plan,
  send: Send,
  profile: WrittenProfile | undefined,
  onStake: VerifyOptions['onStake'] = () => {},
): Promise<Outcome> {
  const outcome: Outcome = { differences: [], isGone: false }
  const { seedId } = plan
  const attempt = async (differencesOf: () => Promise<Difference[]>) => {
    try {
      outcome.differences = await differencesOf()
    } catch (error) {
      const { message } = error as Error
      outcome.isGone = error instanceof Unreachable
      outcome.problem = outcome.isGone ? `The target stopped answering (${message}).` : `${message}.`
      outcome.differences = [{ what: 'answer', expected: 'one', got: message }]
    }
  }
  if (!profile || seedId === undefined) {
    await attempt(async () => answered(example, plan, await send(plan.request)))
    return outcome
  }
  const items = [...plan.items.before, ...plan.items.request]
  const sent = items.flatMap(ignoredKeysOf)
  let start: Json | undefined
  await attempt(async () => {
    const now = await profile.read()
    const { differences, own, others } = profile.moved(now)
    if (others.length > 0) {
      outcome.problem = `Profile ${profile.id} was changed from outside during the run: look at it.`
    } else if (own.length > 0) {
      outcome.late = `Profile ${profile.id} was not as at the start (${own.join(', ')}), by what this run had sent: the target carries out updates or shows them late. It was put back at the end.`
    }
    // Nothing of this case was sent. What the run has sent before is put back at its end.
    if (differences.length > 0) return differences
    start = now
    profile.send(items)
    onStake(profile.atStake())
    return exchange(example, { ...plan, seedId }, send, profile, start, sent)
  })
  const why = start && (await profile.putBack(start, sent))
  if (why !== undefined)
    outcome.late = `Profile ${profile.id} was not put back after a case (${why}), but at the end of the run.`
  else if (start) onStake()
  return outcome
}

/** The requests of a case that writes, and what became of the profile. */
async function exchange(
  example: Case,
  plan: Plan & { seedId: number },
  send: Send,
  profile: WrittenProfile,
  start: Json,
  sent: readonly string[],
): Promise<Difference[]> {
  for (const request of plan.before) {
    const answer = await send(request)
    if ('problem' in answer) return noAnswer(answer.problem)
    if (answer.status !== 200)
      return [{ what: 'status of a request before', expected: 200, got: answer.status }]
  }
  const begun = plan.before.length > 0 ? await profile.read() : start
  const prepared = plan.items.before.reduce(correctlyChanged, start)
  const answer = await send(plan.request)
  const end = await profile.read()
  const changed = mergePatch(begun, example.change?.[plan.seedId] ?? {}) as Json
  const compare = (what: string, expected: Json, got: Json) =>
    compareValues(what, watched(expected, sent), watched(got, sent))
  return [
    ...compareValues('profile after the requests before', watched(prepared), watched(begun)),
    ...answered(example, plan, answer, profile.id),
    ...compare('profile', changed, end),
    ...derivedAnew(start, end),
  ]
}

/** What is derived has to follow a change, where it did follow before. */
function derivedAnew(start: Json, end: Json): Difference[] {
  const before = derived(start)
  return derived(end)
    .filter((message) => !before.includes(message))
    .map((message) => ({ what: 'profile', expected: 'what follows from it', got: message }))
}

const noAnswer = (problem: string): Difference[] => [{ what: 'answer', expected: 'one', got: problem }]

/** How an answer differs; that of a read by what can be known without the data. */
function answered(
  { answer: expected }: Case,
  { request, seedId }: Plan,
  answer: Awaited<ReturnType<Send>>,
  id?: number,
): Difference[] {
  if ('problem' in answer) return noAnswer(answer.problem)
  if (request.method === 'GET' && expected.status === 200 && answer.status === 200) {
    const shown = withBody(answer, (body) => [...compareRead(request, body), ...leaks(body)])
    return [...compareHeaders(expected, answer), ...shown]
  }
  if (request.method === 'GET' && expected.status !== answer.status) {
    // What it shows instead is data that nobody knows.
    return [...compareValues('status', expected.status, answer.status), ...leaksIn(answer)]
  }
  const body = seedId === undefined || id === undefined ? expected.body : withId(expected.body, seedId, id)
  return [...compareAnswer({ ...expected, body }, answer), ...leaksIn(answer)]
}

/** A body that is no JSON is a difference by itself, and not twice. */
function leaksIn({ body }: WireAnswer): Difference[] {
  const shown = parsed(body)
  return shown ? leaks(shown.value) : []
}
