import type { CallRecord } from '../../src/traffic/journal.ts'
import { keptHeadersOf } from '../../src/values/redaction.ts'

/** A call as the journal is told of it. */
export const callRecord = (changes: Partial<CallRecord> = {}): CallRecord => ({
  at: Date.parse('2026-01-01T00:00:00.000Z'),
  method: 'PATCH',
  url: '/api/mind/profiles',
  path: '/api/mind/profiles',
  headers: keptHeadersOf({}),
  status: 200,
  violations: [],
  violationCount: 0,
  bytes: 0,
  outcomeBytes: 0,
  ...changes,
})
