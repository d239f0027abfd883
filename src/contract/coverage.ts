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

/**
 * What one call exercised, each thing by its number and once, and a status that the document does not list. The list
 * holds until the next call is looked at.
 */
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
  numbers.begin()
  const operation = coverableOperations.get(operationId ?? '')
  for (const refusal of refusals) {
    numbers.add(operation?.refusals.get(refusal) ?? refusalsAnywhere.get(refusal))
  }
  if (!operation || status === undefined)
    return { operationId, numbers: numbers.list, undocumented: undefined }
  const documented = operation.statuses.get(status)
  numbers.add(documented)
  if (status < 400) {
    walk(body, operation.body)
    walk(query, operation.query)
  }
  return { operationId, numbers: numbers.list, undocumented: documented === undefined ? status : undefined }
}

/** Each number of one call once. All calls share the tables, which saves making and clearing some for each. */
class Numbers {
  #call = 0
  readonly #seenIn = new Float64Array(coverables.length)
  readonly list: number[] = []
  begin(): void {
    this.#call += 1
    this.list.length = 0
  }
  add(number: number | undefined): void {
    if (number === undefined || this.#seenIn[number] === this.#call) return
    this.#seenIn[number] = this.#call
    this.list.push(number)
  }
}

const numbers = new Numbers()

/** Runs for every item of a bulk update. */
function walk(value: unknown, { keys, entries }: CoverablePlace): void {
  if (typeof value !== 'object' || value === null) return
  if (entries && Array.isArray(value)) for (const entry of value) visit(entry, entries)
  if (!keys) return
  for (const key in value) {
    const place = keys.get(key)
    if (place) visit(value[key as never], place)
  }
}

function visit(value: unknown, place: CoverablePlace): void {
  numbers.add(place.property)
  if (typeof value === 'object') walk(value, place)
  else if (place.values) numbers.add(place.values.get(value))
}
