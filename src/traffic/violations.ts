import type { JournalEntry, Violation } from '../../schemas/journal.ts'

/** What is wrong with one item, before anybody says which one. */
export type ItemViolation = Required<Pick<Violation, 'path' | 'rule' | 'message' | 'expected' | 'got'>>

/** Whether something about a call is to be told: it broke a rule, or its answer broke the document. */
export const isBroken = ({
  violationCount,
  breaches = [],
}: Pick<JournalEntry, 'violationCount'> & { breaches?: JournalEntry['breaches'] | undefined }) =>
  violationCount > 0 || breaches.length > 0

const mostKept = 1000

/** The violations of one request: the first 1,000 are kept, all are counted. */
export class Violations {
  // Lists are made when there is something to put into them: most calls break no rule, and are kept for long.
  #kept: Violation[] | undefined
  #rules: string[] | undefined
  count = 0

  get kept(): readonly Violation[] {
    return this.#kept ?? none
  }

  /** Of all of them. */
  get rules(): readonly string[] {
    return this.#rules ?? none
  }

  add(violation: Violation): void {
    this.count += 1
    this.#addRule(violation.rule)
    this.#kept ??= []
    if (this.#kept.length < mostKept) this.#kept.push(violation)
  }

  addAll(others: Violations): void {
    if (others.count === 0) return
    this.count += others.count
    for (const rule of others.rules) this.#addRule(rule)
    this.#kept ??= []
    this.#kept.push(...others.kept.slice(0, mostKept - this.#kept.length))
  }

  #addRule(rule: string): void {
    this.#rules ??= []
    if (!this.#rules.includes(rule)) this.#rules.push(rule)
  }
}

const none: readonly never[] = []

const mostBytes = 4096
const markerBytes = 80

/**
 * The value of `X-Mock-Violations`: a JSON array of at most 4 KiB [violations.length]; what did not fit is counted in
 * its last entry.
 */
export function violationsHeader(violations: Pick<Violations, 'kept' | 'count'>): string {
  const entries: string[] = []
  let bytes = 2
  for (const violation of violations.kept) {
    const { expected, got, misfits, ...told } = violation
    const entry = asciiJson(told)
    if (bytes + entry.length + 1 > mostBytes - markerBytes) break
    entries.push(entry)
    bytes += entry.length + 1
  }
  const left = violations.count - entries.length
  if (left > 0) entries.push(asciiJson({ rule: 'truncated', message: `${left} more` }))
  return `[${entries.join(',')}]`
}

/**
 * [violations.ascii] Header values are Latin-1 without control characters, so everything beyond printable ASCII is
 * escaped.
 */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
