import type { CoverageReport, OperationCoverage } from '../../schemas/coverage.ts'
import {
  type Coverable,
  type CoverableOperation,
  coverableOperations,
  coverables,
  statusOf,
} from './coverable.ts'
import { contractVersion } from './openapi.ts'

/** How many calls exercised what. */
export type Counts = {
  /** By the number of what can be exercised. */
  exercised: Float64Array
  /** By operation id. */
  calls: Map<string, number>
  /** By operation id, then by a status that the document does not list. */
  undocumented: Map<string, Map<number, number>>
}

export const noCounts = (): Counts => ({
  exercised: new Float64Array(coverables.length),
  calls: new Map(),
  undocumented: new Map(),
})

/** Adds to the count of something that can be exercised. */
export function addExercised({ exercised }: Counts, number: number, times = 1): void {
  exercised[number] = (exercised[number] as number) + times
}

export function addCalls({ calls }: Counts, operationId: string, times = 1): void {
  calls.set(operationId, (calls.get(operationId) ?? 0) + times)
}

export function addUndocumented(
  { undocumented }: Counts,
  operationId: string,
  status: number,
  times = 1,
): void {
  const statuses = undocumented.get(operationId) ?? new Map<number, number>()
  undocumented.set(operationId, statuses.set(status, (statuses.get(status) ?? 0) + times))
}

/** The counts as a report; of these operations and nothing else, if any are named. */
export function reportOf(counts: Counts, operationIds?: readonly string[]): CoverageReport {
  const operations = [...coverableOperations.values()]
    .filter(({ operation }) => operationIds?.includes(operation.operationId) ?? true)
    .map((operation) => operationCoverage(operation, counts))
  const refusals = operationIds ? [] : entriesOf(undefined, counts).refusals
  const covered = sum([...operations.map((entry) => entry.covered), refusals.filter(isCovered).length])
  const all = sum([...operations.map((entry) => entry.all), refusals.length])
  return { contract: contractVersion, ...share(covered, all), operations, refusals }
}

function operationCoverage({ operation }: CoverableOperation, counts: Counts): OperationCoverage {
  const { operationId, method, path } = operation
  const entries = entriesOf(operationId, counts)
  const counted = Object.values(entries).flat()
  return {
    operationId,
    method,
    path,
    calls: counts.calls.get(operationId) ?? 0,
    ...share(counted.filter(isCovered).length, counted.length),
    ...entries,
    undocumented: [...(counts.undocumented.get(operationId) ?? [])]
      .map(([status, count]) => ({ status, count }))
      .sort((a, b) => a.status - b.status),
  }
}

type Entries = Pick<OperationCoverage, 'statuses' | 'properties' | 'values' | 'refusals'>

/** All that can be exercised of one operation, or without an id of any. */
function entriesOf(operationId: string | undefined, { exercised }: Counts): Entries {
  const entries: Entries = { statuses: [], properties: [], values: [], refusals: [] }
  for (const [number, coverable] of coverables.entries()) {
    if (coverable.operationId !== operationId) continue
    const count = exercised[number] as number
    if (coverable.kind === 'status') entries.statuses.push({ status: coverable.status, count })
    else if (coverable.kind === 'property') entries.properties.push({ path: coverable.path, count })
    else if (coverable.kind === 'value')
      entries.values.push({ path: coverable.path, value: coverable.value, count })
    else entries.refusals.push({ refusal: coverable.refusal, status: statusOf(coverable), count })
  }
  return entries
}

const isCovered = ({ count }: { count: number }) => count > 0
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** Rounded down to a tenth, so that 100 is said only of all. */
const share = (covered: number, all: number) => ({
  covered,
  all,
  percent: Math.floor((covered / all) * 1000) / 10,
})

/**
 * What several reports add up to, of these operations only, if any are named.
 * @throws an Error when a report counts something else than this contract has
 */
export function mergeCoverage(
  reports: readonly CoverageReport[],
  operationIds?: readonly string[],
): CoverageReport {
  const counts = noCounts()
  for (const report of reports) {
    for (const entry of report.refusals) addEntry(counts, { kind: 'refusal', ...entry }, entry.count)
    for (const operation of report.operations) addOperation(counts, operation)
  }
  return reportOf(counts, operationIds)
}

function addOperation(counts: Counts, report: OperationCoverage): void {
  const { operationId } = report
  if (!coverableOperations.has(operationId)) throw new Error(`this contract has no operation ${operationId}`)
  addCalls(counts, operationId, report.calls)
  for (const { status, count } of report.undocumented) addUndocumented(counts, operationId, status, count)
  for (const entry of report.statuses)
    addEntry(counts, { operationId, kind: 'status', ...entry }, entry.count)
  for (const entry of report.properties)
    addEntry(counts, { operationId, kind: 'property', ...entry }, entry.count)
  for (const entry of report.values) addEntry(counts, { operationId, kind: 'value', ...entry }, entry.count)
  for (const entry of report.refusals)
    addEntry(counts, { operationId, kind: 'refusal', ...entry }, entry.count)
}

type Key = {
  operationId?: string
  kind: string
  status?: number
  path?: string
  value?: unknown
  refusal?: string
}

const keyOf = ({ operationId, kind, status, path, value, refusal }: Key) =>
  JSON.stringify([operationId, kind, kind === 'status' ? status : undefined, path, value, refusal])

const numbersByKey = new Map(coverables.map((coverable: Coverable, number) => [keyOf(coverable), number]))

function addEntry(counts: Counts, key: Key, times: number): void {
  const number = numbersByKey.get(keyOf(key))
  if (number === undefined) {
    throw new Error(`this contract has no ${key.kind} ${key.path ?? key.refusal ?? key.status}`)
  }
  addExercised(counts, number, times)
}
