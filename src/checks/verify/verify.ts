import { setTimeout } from 'node:timers/promises'
import type { Case, CaseFile } from '../cases.ts'
import { CouldNotRun } from './could-not-run.ts'
import { type Judgement, openPair } from './pair.ts'
import type { Wait } from './persistent.ts'
import { alarmOf, type LeftBehind } from './profile.ts'
import type { Access } from './target.ts'
import { createSend, type Limits, Unreachable } from './wire.ts'

export type CaseVerdict = Pick<Case, 'name' | 'source' | 'rule'> & { file: string } & Judgement

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
  /** The cases, asked for when the target can be used. */
  readCases: () => Promise<readonly CaseFile[]>
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
  const {
    target,
    readCases,
    limits = usualLimits,
    wait = setTimeout,
    signal,
    onCase = () => {},
    onStake = () => {},
  } = options
  const pair = await openPair(createSend(target, limits), options, wait, onStake).catch((error: Error) => {
    throw error instanceof Unreachable ? new CouldNotRun(nobodyAt(target, error)) : error
  })
  const all = (await readCases()).flatMap(({ name: file, cases }) =>
    cases.map((example) => ({ file, example })),
  )
  const verdicts: CaseVerdict[] = []
  const problems: string[] = []
  /** Why no case writes any more; said unless something is left behind, which says more. */
  let late: string | undefined
  let isOver = false
  try {
    for (const [done, { file, example }] of all.entries()) {
      onCase(done, all.length)
      if (signal?.aborted && !isOver) {
        isOver = true
        problems.push('The run was stopped before its end.')
      }
      const writesNoMore = problems.length > 0 || late !== undefined
      const outcome = await pair.judge(example, isOver ? 'nothing' : writesNoMore ? 'reads' : 'all')
      if (outcome.problem !== undefined) problems.push(outcome.problem)
      late ??= outcome.late
      isOver ||= outcome.isGone === true
      const { name, source, rule } = example
      verdicts.push({ name, file, source, rule, ...outcome.verdict })
    }
    const left = await pair.profile?.settle()
    if (left) problems.push(alarmOf(left, problems.join(' ')))
    else if (late !== undefined) problems.push(late)
    return {
      target,
      cases: verdicts,
      ...(problems.length > 0 && { problem: problems.join(' ') }),
      ...(left && { left }),
      movesByItself: [...(pair.profile?.clocks ?? [])],
    }
  } finally {
    await pair.close()
  }
}

const nobodyAt = (target: string, { message }: Unreachable) =>
  isAboutCertificate.test(message)
    ? `The certificate of ${target} is not trusted (${message}); name the file of its authority in NODE_EXTRA_CA_CERTS.`
    : `Nobody answers at ${target} (${message}); start the service or correct the address.`

const isAboutCertificate = /CERT|SIGNATURE|ISSUER/
