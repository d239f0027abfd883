import t from 'tap'
import { coverageJunit, coverageMarkdown, uncoveredOf } from '../../../src/checks/coverage/text.ts'
import { createCoverage } from '../../../src/contract/coverage.ts'
import { mergeCoverage } from '../../../src/contract/coverage-report.ts'

/** Everything exercised once. */
const full = mergeCoverage([
  JSON.parse(JSON.stringify(createCoverage().report()), (key, value) => (key === 'count' ? 1 : value)),
])

t.test('of a contract that was exercised whole nothing is missing', async (t) => {
  t.strictSame(uncoveredOf(full), {})
  const text = coverageMarkdown(full)
  t.match(text, `**100 %**: ${full.all} of ${full.all} were exercised.`)
  t.notMatch(text, '##')
  t.notMatch(await coverageJunit(full, 100), /skipped message|<failure/)
})

t.test('all but one thing is less than 100 percent, however little', async (t) => {
  const [operation] = full.operations
  const report = mergeCoverage([
    {
      ...full,
      operations: full.operations.map((entry) =>
        entry === operation ? { ...entry, statuses: entry.statuses.slice(1) } : entry,
      ),
    },
  ])
  t.strictSame(uncoveredOf(report), { bulkUpdateSpecificProfiles: ['status 200'] })
  t.equal(report.covered, full.all - 1)
  t.equal(report.percent, 99.7)
})
