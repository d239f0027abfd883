import type { CoverageReport } from '../../../schemas/coverage.ts'
import { coverableOperations, coverables, type Place, refusalsAnywhere } from './coverable.ts'
import { addCalls, addExercised, addUndocumented, noCounts, reportOf } from './report.ts'

/** What is known of a call when its answer leaves. */
export type CoveredCall = {
  operationId: string | undefined
  /** None when the connection was dropped. */
  status: number | undefined
  /** Why the contract refused the call, and what was wrong with its items. */
  refusals: Iterable<string>
  body: unknown
  query: unknown
}

/** What one call exercised, and a status that the document does not list. */
export type Hits = {
  operationId: string | undefined
  /** 1 at the number of each thing that was exercised. */
  marks: Uint8Array
  undocumented: number | undefined
}

/** What calls have exercised of the contract since the start, or since it was cleared. */
export type Coverage = {
  /** Counts one call. */
  add: (hits: Hits) => void
  report: () => CoverageReport
  clear: () => void
}

export function createCoverage(): Coverage {
  let counts = noCounts()
  return {
    add: ({ operationId, marks, undocumented }) => {
      for (let number = 0; number < marks.length; number += 1) {
        if (marks[number] === 1) addExercised(counts, number)
      }
      if (operationId === undefined) return
      addCalls(counts, operationId)
      if (undocumented !== undefined) addUndocumented(counts, operationId, undocumented)
    },
    report: () => reportOf(counts),
    clear: () => {
      counts = noCounts()
    },
  }
}

/**
 * What a call exercises: each thing once, however often it stands in the call. Properties and values count only in a
 * call that was not refused.
 */
export function hitsOf({ operationId, status, refusals, body, query }: CoveredCall): Hits {
  const marks = new Uint8Array(coverables.length)
  const operation = coverableOperations.get(operationId ?? '')
  for (const refusal of refusals) {
    const number = operation?.refusals.get(refusal) ?? refusalsAnywhere.get(refusal)
    if (number !== undefined) marks[number] = 1
  }
  if (!operation || status === undefined) return { operationId, marks, undocumented: undefined }
  const documented = operation.statuses.get(status)
  if (documented !== undefined) marks[documented] = 1
  if (status < 400) {
    walk(body, operation.body, marks)
    walk(query, operation.query, marks)
  }
  return { operationId, marks, undocumented: documented === undefined ? status : undefined }
}

/** Runs for every item of a bulk update. */
function walk(value: unknown, { property, values, keys, entries }: Place, marks: Uint8Array): void {
  if (property !== undefined) marks[property] = 1
  const listed = values?.get(value)
  if (listed !== undefined) marks[listed] = 1
  if (typeof value !== 'object' || value === null) return
  if (entries && Array.isArray(value)) for (const entry of value) walk(entry, entries, marks)
  if (!keys) return
  for (const key in value) {
    const place = keys.get(key)
    if (place) walk(value[key as never], place, marks)
  }
}
