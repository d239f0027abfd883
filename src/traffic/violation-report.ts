import type { JournalEntry, Misfit, Violation } from '../../schemas/journal.ts'
import { visible } from '../values/visible.ts'
import { type CurlSurroundings, curlOf } from './curl.ts'

/**
 * Calls that broke a rule, and calls whose answer broke the document, each with the command that repeats it
 * [violation-report.calls]; and how many more there were that the journal no longer holds [violation-report.dropped].
 */
export function violationReport(
  entries: readonly JournalEntry[],
  lost: number,
  surroundings: CurlSurroundings,
): string {
  const parts = [
    ...(entries.length > 0 ? [entriesText(entries, surroundings)] : []),
    ...(lost > 0 ? [lostText(lost)] : []),
  ]
  return parts.join('\n')
}

const lostText = (lost: number) =>
  `${lost} earlier ${lost === 1 ? 'call' : 'calls'} that broke a rule no longer ${lost === 1 ? 'stands' : 'stand'} in the journal, which keeps the last 1,000 calls and 16 MiB: verify more often.\n`

function entriesText(entries: readonly JournalEntry[], surroundings: CurlSurroundings): string {
  return [
    `${entries.length} call${entries.length === 1 ? '' : 's'} broke a rule:`,
    // What is spelt out in the command stands in JSON, where it means the same.
    ...entries.flatMap((entry) =>
      ['', ...entryLines(entry), `  ${curlOf(entry, surroundings)}`].map(visible),
    ),
    '',
  ].join('\n')
}

function entryLines(entry: JournalEntry): string[] {
  const { id, method, path, status, violations, violationCount, breaches = [] } = entry
  const left = violationCount - violations.length
  return [
    `#${id} ${method} ${path} answered ${status ?? 'nothing'}`,
    ...violations.flatMap((violation) => violationLines(violation, path)),
    ...(left > 0 ? [`  and ${left} more`] : []),
    ...breaches.flatMap((breach) => [
      `  the mock broke its own document: ${breach.message}`,
      partsOf(breach.path, breach),
    ]),
  ]
}

const bulkPath = /\/profiles(?:\/routingStatus)?$/

function violationLines(violation: Violation, callPath: string): string[] {
  const { rule, message, misfits, index, path } = violation
  if (misfits) return misfits.flatMap((misfit) => misfitLines(rule, misfit))
  // Only a bulk update has its items in a list.
  const item = index === undefined || !bulkPath.test(callPath) ? '' : `profiles[${index}].`
  return [`  ${rule}: ${message}`, partsOf(path === undefined ? placeOf(rule) : item + path, violation)]
}

/** Where a call broke a rule that is about no part of its body. */
const placeOf = (rule: string) => (rule === 'content-type' ? 'Content-Type' : 'the caller')

const partsOf = (path: string, { expected, got }: { expected?: string; got?: string }) =>
  `    path ${path}, expected ${expected}, got ${got}`

/** Where it says that there are more of them, there is no path. */
const misfitLines = (rule: string, misfit: Misfit) => [
  `  ${rule}: ${misfit.message}`,
  ...(misfit.path === '' ? [] : [partsOf(misfit.path, misfit)]),
]
