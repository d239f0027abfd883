import { mergePatch } from '../../profiles/merge-patch.ts'
import { type Case, readCases } from '../cases.ts'
import { compareAnswer, compareHeaders, compareValues, type Difference, withBody, withId } from './compare.ts'
import { CouldNotRun } from './could-not-run.ts'
import { type Access, explore, headersOf } from './explore.ts'
import type { Json } from './json.ts'
import type { Caller } from './known.ts'
import { type Plan, planCase } from './plan.ts'
import { openProfile, type WrittenProfile } from './profile.ts'
import { compareRead, leaks } from './reads.ts'
import { ignoredKeysOf, kept, watched } from './shown-profile.ts'
import { correctlyChanged } from './updated-profile.ts'
import { createSend, type Limits, type Send, Unreachable } from './wire.ts'

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
}

export type VerifyOptions = Access & {
  /** The base URL, with its path. */
  target: string
  limits?: Limits
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
  const { target, limits = usualLimits, signal, onCase = () => {} } = options
  const send = createSend(target, limits)
  const known = await explore(send, options).catch((error: Error) => {
    throw error instanceof Unreachable ? new CouldNotRun(nobodyAt(target, error)) : error
  })
  const profile =
    known.profile && openProfile(send, known.profile, headersOf(known.callers.get('admin') as Caller))
  const all = (await readCases()).flatMap(({ name: file, cases }) =>
    cases.map((example) => ({ file, example })),
  )
  const verification: Verification = { target, cases: [] }
  let isOver = false
  for (const [done, { file, example }] of all.entries()) {
    onCase(done, all.length)
    const { name, source, rule } = example
    const judge = (verdict: Judgement) => verification.cases.push({ name, file, source, rule, ...verdict })
    const plan = planCase(example, known)
    if (signal?.aborted && !isOver) {
      isOver = true
      addProblem(verification, 'The run was stopped before its end.')
    }
    if ('reason' in plan) {
      judge({ verdict: 'not applicable', reason: plan.reason })
    } else if (isOver || (verification.problem !== undefined && plan.seedId !== undefined)) {
      judge({ verdict: 'not applicable', reason: 'was not run, since the run could not go on' })
    } else {
      const { differences, problem, isGone } = await run(example, plan, send, profile)
      addProblem(verification, problem)
      isOver ||= isGone
      judge(judgementOf(differences, plan))
    }
  }
  return verification
}

type Judgement = Pick<CaseVerdict, 'verdict' | 'reason' | 'note' | 'differences'>

function judgementOf(differences: Difference[], { note }: Plan): Judgement {
  const noted = note === undefined ? {} : { note }
  return differences.length > 0
    ? { verdict: 'different', ...noted, differences }
    : { verdict: 'same', ...noted }
}

function addProblem(to: { problem?: string }, problem: string | undefined): void {
  if (problem !== undefined) to.problem = to.problem === undefined ? problem : `${to.problem} ${problem}`
}

const nobodyAt = (target: string, { message }: Unreachable) =>
  `Nobody answers at ${target} (${message}); start the service or correct the address.`

type Outcome = { differences: Difference[]; problem?: string; isGone: boolean }

/** One case. What it changed is put back whatever happens on the way. */
async function run(
  example: Case,
  plan: Plan,
  send: Send,
  profile: WrittenProfile | undefined,
): Promise<Outcome> {
  const outcome: Outcome = { differences: [], isGone: false }
  const { seedId } = plan
  const attempt = async (differencesOf: () => Promise<Difference[]>) => {
    try {
      outcome.differences = await differencesOf()
    } catch (error) {
      const { message } = error as Error
      outcome.isGone = error instanceof Unreachable
      outcome.problem = outcome.isGone ? `The target stopped answering (${message}).` : message
      outcome.differences = [{ what: 'answer', expected: 'one', got: message }]
    }
  }
  if (!profile || seedId === undefined) {
    await attempt(async () => answered(example, plan, await send(plan.request)))
    return outcome
  }
  const sent = [...plan.items.before, ...plan.items.request].flatMap(ignoredKeysOf)
  let start: Json | undefined
  await attempt(async () => {
    const now = await profile.read()
    const moved = compareValues('profile before the case', kept(profile.first), kept(now))
    if (moved.length > 0) {
      // Also what a request that was given up has done later. It is left alone: nothing of this case was sent.
      addProblem(outcome, `Profile ${profile.id} was changed from outside during the run: look at it.`)
      return moved
    }
    start = now
    return exchange(example, { ...plan, seedId }, send, profile, start, sent)
  })
  if (start) addProblem(outcome, await profile.putBack(start, sent))
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
  ]
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
  const body = seedId === undefined || id === undefined ? expected.body : withId(expected.body, seedId, id)
  return [
    ...compareAnswer({ ...expected, body }, answer),
    ...(answer.body === '' ? [] : withBody(answer, leaks)),
  ]
}
