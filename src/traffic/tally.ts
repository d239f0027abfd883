import type { CallRecord } from './journal.ts'

/** Calls that have one operation and one status in common. */
export type Tallied = {
  /** Of the vendor's API; `undefined` for calls that are none of them. */
  operationId: string | undefined
  /** `undefined` when the connection was broken instead. */
  status: number | undefined
  calls: number
  /** What they took together, without those whose connection was broken. */
  milliseconds: number
  /** What was wrong with their items, of all of them together. */
  violations: number
}

type Counted = Pick<CallRecord, 'status' | 'duration' | 'violationCount'>

/** How many calls there were, by operation and status. It only grows. */
export type Tally = {
  add: (operationId: string | undefined, call: Counted) => void
  list: () => readonly Readonly<Tallied>[]
}

export function createTally(): Tally {
  /** By operation, then by status: two look-ups, for every call does them. */
  const counts = new Map<string | undefined, Map<number | undefined, Tallied>>()
  const countOf = (operationId: string | undefined, status: number | undefined): Tallied => {
    const known = counts.get(operationId)?.get(status)
    if (known) return known
    const fresh = { operationId, status, calls: 0, milliseconds: 0, violations: 0 }
    counts.set(operationId, (counts.get(operationId) ?? new Map()).set(status, fresh))
    return fresh
  }
  return {
    add: (operationId, { status, duration = 0, violationCount }) => {
      const count = countOf(operationId, status)
      count.calls += 1
      count.milliseconds += duration
      count.violations += violationCount
    },
    list: () => [...counts.values()].flatMap((statuses) => [...statuses.values()]),
  }
}
