import type { Verdict, Violation } from './judge-case.ts'
import { type KnownViolation, knownViolations, turnedAway } from './known.ts'

/** What is wrong with one answer, in sentences. */
export function findingsOf(verdict: Verdict): string[] {
  const { name, status, body, isExpected, violations } = verdict
  const isListed = turnedAway.some((entry) => entry.name === name)
  if (isListed && !isExpected) return []
  if (isListed) return [`${name}: Prism lets it through by now; take it off known.ts`]
  const answer = `${status} ${body.length > longest ? `${body.slice(0, longest)}…` : body}`
  const surprises = violations.filter(
    (violation) => !knownViolations.some((known) => isKnown(known, verdict, violation)),
  )
  return [
    ...(isExpected ? [] : [`${name}: the answer is not the case's own: ${answer}`]),
    ...surprises.map(
      ({ location, message }) => `${name}: ${location.join('.')}: ${message}; answer: ${answer}`,
    ),
  ]
}

const longest = 500

/** What known.ts lists and the verdicts on all cases do not have. */
export function staleOnes(verdicts: Verdict[]): string[] {
  const violations = knownViolations.filter((known) => timesSeen(known, verdicts) === 0)
  const names = turnedAway.filter((entry) => !verdicts.some(({ name }) => name === entry.name))
  return [
    ...violations.map(
      ({ operation, status }) =>
        `${operation} ${status}: nothing is said of it any more; take it off known.ts`,
    ),
    ...names.map(({ name }) => `${name}: there is no such case any more; take it off known.ts`),
  ]
}

export const timesSeen = (known: KnownViolation, verdicts: Verdict[]) =>
  verdicts.filter((verdict) => verdict.violations.some((violation) => isKnown(known, verdict, violation)))
    .length

const isKnown = (known: KnownViolation, { operation, status }: Verdict, { message }: Violation) =>
  operation === known.operation && status === known.status && message === known.message
