import { type Static, Type } from '@sinclair/typebox'

const count = Type.Integer({ minimum: 0, description: 'Calls in which it was exercised' })

/** How much of what could be exercised was, each thing counting once; the percentage is rounded down. */
const share = {
  covered: Type.Integer({ minimum: 0 }),
  all: Type.Integer({ minimum: 0 }),
  percent: Type.Number({ minimum: 0, maximum: 100 }),
}

const RefusalCoverage = Type.Object({ refusal: Type.String(), status: Type.Integer(), count })

/** What calls have exercised of one operation. */
export const OperationCoverage = Type.Object({
  operationId: Type.String(),
  method: Type.String(),
  path: Type.String(),
  calls: count,
  ...share,
  statuses: Type.Array(Type.Object({ status: Type.Integer(), count }), {
    description: 'Those that the document lists',
  }),
  properties: Type.Array(Type.Object({ path: Type.String(), count }), {
    description: 'Of the body and the query, in calls that were not refused',
  }),
  values: Type.Array(
    Type.Object({ path: Type.String(), value: Type.Union([Type.String(), Type.Integer()]), count }),
    { description: 'Each value of an enum, in calls that were not refused' },
  ),
  refusals: Type.Array(RefusalCoverage),
  undocumented: Type.Array(Type.Object({ status: Type.Integer(), count }), {
    description: 'Answers with a status that the document does not list; they do not count',
  }),
})
export type OperationCoverage = Static<typeof OperationCoverage>

/** What calls have exercised of the contract: answer of GET /__admin/coverage, and what several of them add up to. */
export const CoverageReport = Type.Object({
  contract: Type.String({ description: 'Version of the contract' }),
  ...share,
  operations: Type.Array(OperationCoverage),
  refusals: Type.Array(RefusalCoverage, { description: 'Those that any operation can answer' }),
})
export type CoverageReport = Static<typeof CoverageReport>
