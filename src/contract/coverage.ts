import type { CoverageReport } from '../../schemas/coverage.ts'
import { type CoverablePlace, coverableOperations, coverables, refusalsAnywhere } from './coverable.ts'
import { addCalls, addExercised, addUndocumented, noCounts, reportOf } from './coverage-report.ts'

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

/** What one call exercised, each thing by its number and once, and a status that the document does not list. */
export type Hits = {
  operationId: string | undefined
  numbers: readonly number[]
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
    add: ({ operationId, numbers, undocumented }) => {
      for (const number of numbers) addExercised(counts, number)
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
 * [coverage.counted] What a call exercises: each thing once, however often it stands in the call. Properties and values
 * count only in a call that was not refused.
 */
export function hitsOf({ operationId, status, refusals, body, query }: CoveredCall): Hits {
  const numbers = new Numbers()
  const operation = coverableOperations.get(operationId ?? '')
  for (const refusal of refusals) {
    numbers.add(operation?.refusals.get(refusal) ?? refusalsAnywhere.get(refusal))
  }
  if (!operation || status === undefined)
    return { operationId, numbers: numbers.list, undocumented: undefined }
  const documented = operation.statuses.get(status)
  numbers.add(documented)
  if (status < 400) {
    walk(body, operation.body, numbers)
    walk(query, operation.query, numbers)
  }
  return { operationId, numbers: numbers.list, undocumented: documented === undefined ? status : undefined }
}

/** Each number once. All calls share the table that says so, which saves making and clearing one for each. */
class Numbers {
  static #calls = 0
  static readonly #seenIn = new Float64Array(coverables.length)
  readonly #call = ++Numbers.#calls
  readonly list: number[] = []
  add(number: number | undefined): void {
    if (number === undefined || Numbers.#seenIn[number] === this.#call) return
    Numbers.#seenIn[number] = this.#call
    this.list.push(number)
  }
}

/** Runs for every item of a bulk update. */
function walk(value: unknown, { keys, entries }: CoverablePlace, numbers: Numbers): void {
  if (typeof value !== 'object' || value === null) return
  if (entries && Array.isArray(value)) for (const entry of value) visit(entry, entries, numbers)
  if (!keys) return
  for (const key in value) {
    const place = keys.get(key)
    if (place) visit(value[key as never], place, numbers)
  }
}

function visit(value: unknown, place: CoverablePlace, numbers: Numbers): void {
  numbers.add(place.property)
  if (typeof value === 'object') walk(value, place, numbers)
  else if (place.values) numbers.add(place.values.get(value))
}
