import t from 'tap'
import type { CoverageReport } from '../../schemas/coverage.ts'
import { type CoveredCall, createCoverage, hitsOf } from '../../src/contract/coverage.ts'
import { mergeCoverage } from '../../src/contract/coverage-report.ts'

const bulk = 'bulkUpdateSpecificProfiles'

const call = (changes: Partial<CoveredCall> = {}): CoveredCall => ({
  operationId: bulk,
  status: 200,
  refusals: [],
  body: undefined,
  query: undefined,
  ...changes,
})

function reportOf(...calls: CoveredCall[]): CoverageReport {
  const coverage = createCoverage()
  for (const entry of calls) coverage.add(hitsOf(entry))
  return coverage.report()
}

const operationOf = (report: CoverageReport, id = bulk) => {
  const operation = report.operations.find(({ operationId }) => operationId === id)
  if (!operation) throw new Error(`there is no operation ${id}`)
  return operation
}

/** What a report counts of one operation, in short: `status 200`, `profiles[].id`, `isSsoOnly=1`, `unknown-role`. */
function counted(report: CoverageReport, id = bulk): Record<string, number> {
  const { statuses, properties, values, refusals } = operationOf(report, id)
  return Object.fromEntries(
    [
      ...statuses.map(({ status, count }) => [`status ${status}`, count] as const),
      ...properties.map(({ path, count }) => [path, count] as const),
      ...values.map(({ path, value, count }) => [`${path}=${value}`, count] as const),
      ...[...refusals, ...report.refusals].map(({ refusal, count }) => [refusal, count] as const),
    ].filter(([, count]) => count > 0),
  )
}

const exercised: [what: string, calls: CoveredCall[], counted: Record<string, number>, operation?: string][] =
  [
    ['no call', [], {}],
    ['a call with no items', [call({ body: { profiles: [] } })], { 'status 200': 1, profiles: 1 }],
    [
      'properties at any depth and values of enums',
      [
        call({
          body: {
            profiles: [{ id: 5, isSsoOnly: 1, settings: { status: 'busy', skills: { tagIds: [1] } } }],
          },
        }),
      ],
      {
        'status 200': 1,
        profiles: 1,
        'profiles[].id': 1,
        'profiles[].isSsoOnly': 1,
        'profiles[].isSsoOnly=1': 1,
        'profiles[].settings': 1,
        'profiles[].settings.status': 1,
        'profiles[].settings.status=busy': 1,
        'profiles[].settings.skills': 1,
        'profiles[].settings.skills.tagIds': 1,
      },
    ],
    [
      'the same thing in many items, once for each call',
      [
        call({
          body: {
            profiles: [
              { id: 5, lang: 'a' },
              { id: 6, lang: 'b' },
            ],
          },
        }),
        call({ body: { profiles: [{ id: 5 }] } }),
      ],
      { 'status 200': 2, profiles: 2, 'profiles[].id': 2, 'profiles[].lang': 1 },
    ],
    [
      'settings null, custom data, and keys that nobody documents or can write',
      [
        call({
          body: {
            profiles: [
              { settings: null, rawData: { settings: { status: 'busy' } }, email: 'a', toString: 1, x: 1 },
            ],
            more: [],
          },
        }),
      ],
      { 'status 200': 1, profiles: 1, 'profiles[].settings': 1, 'profiles[].rawData': 1 },
    ],
    [
      'a refused call: the refusal and the status, but none of its properties',
      [
        call({
          status: 400,
          refusals: ['body-unfit', 'schema'],
          body: { profiles: [{ id: 5, isSsoOnly: 1 }] },
        }),
      ],
      { 'status 400': 1, 'body-unfit': 1 },
    ],
    [
      'items that fail in a call that was not refused',
      [call({ refusals: ['unknown-role', 'unknown-key'], body: { profiles: [{ id: 5 }] } })],
      { 'status 200': 1, profiles: 1, 'profiles[].id': 1, 'unknown-role': 1 },
    ],
    [
      'a refusal that any operation can answer',
      [call({ status: 401, refusals: ['token-expired'] })],
      { 'token-expired': 1 },
    ],
    [
      'a path that does not exist',
      [call({ operationId: undefined, status: 404, refusals: ['unknown-path'] })],
      { 'unknown-path': 1 },
    ],
    [
      'a call whose connection was dropped',
      [call({ status: undefined, body: { profiles: [{ id: 5 }] } })],
      {},
    ],
    [
      'parameters of a query and their values',
      [
        call({
          operationId: 'getProfiles',
          query: { show: ['all', 'enneo'], teamIds: [1, 'unassigned'], limit: 5 },
        }),
      ],
      {
        'status 200': 1,
        show: 1,
        'show[]=all': 1,
        'show[]=enneo': 1,
        teamIds: 1,
        'teamIds[]=unassigned': 1,
        limit: 1,
      },
      'getProfiles',
    ],
    [
      'the body of a single update, whose id is in the path',
      [
        call({
          operationId: 'updateSpecificProfile',
          body: { id: 5, lang: 'en', callRoutingStatus: 'idle' },
        }),
      ],
      { 'status 200': 1, lang: 1, callRoutingStatus: 1, 'callRoutingStatus=idle': 1 },
      'updateSpecificProfile',
    ],
  ]

for (const [what, calls, expected, operation] of exercised) {
  // [coverage.counted]
  t.test(`${what} counts`, async (t) => {
    t.strictSame(counted(reportOf(...calls), operation), expected)
  })
}

t.test('calls and statuses that the document does not list are told beside what counts', async (t) => {
  const report = reportOf(
    call(),
    call({ status: 413 }),
    call({ status: 401 }),
    call({ status: 413 }),
    call({ status: undefined }),
  )
  const { calls, undocumented, covered } = operationOf(report)
  t.strictSame([calls, covered], [5, 1])
  t.strictSame(undocumented, [
    { status: 401, count: 1 },
    { status: 413, count: 2 },
  ])
})

t.test('shares: of each operation and of all, in percent rounded down', async (t) => {
  const report = reportOf(
    call({ body: { profiles: [] } }),
    call({ status: 401, refusals: ['token-expired'] }),
  )
  const operation = operationOf(report)
  t.equal(operation.covered, 2)
  t.equal(
    operation.all,
    operation.statuses.length +
      operation.properties.length +
      operation.values.length +
      operation.refusals.length,
  )
  t.equal(report.covered, 3)
  t.equal(
    report.all,
    report.operations.reduce((sum, { all }) => sum + all, report.refusals.length),
  )
  t.equal(report.percent, Math.floor((3 / report.all) * 1000) / 10)
})

t.test('a client that never provokes a 403 sees exactly that', async (t) => {
  const { statuses, refusals } = operationOf(
    reportOf(call(), call({ status: 400, refusals: ['profiles-missing'] })),
  )
  t.strictSame(
    statuses.map(({ status, count }) => [status, count]),
    [
      [200, 1],
      [400, 1],
      [403, 0],
    ],
  )
  t.match(
    refusals.filter(({ status }) => status === 403),
    [
      { refusal: 'permission-missing', count: 0 },
      { refusal: 'enneo-target', count: 0 },
    ],
  )
})

t.test('clear forgets all', async (t) => {
  const coverage = createCoverage()
  coverage.add(hitsOf(call({ status: 413 })))
  coverage.add(hitsOf(call({ body: { profiles: [] } })))
  coverage.clear()
  t.strictSame(coverage.report(), createCoverage().report())
})

t.test('reports add up, however they were cut', async (t) => {
  const calls = [
    call({ body: { profiles: [{ id: 1, isSsoOnly: 0 }] } }),
    call({ operationId: 'getProfiles', query: { show: ['all'] } }),
    call({ status: 413, refusals: ['body-too-large'] }),
    call({ status: 401, refusals: ['sign-in-missing'] }),
    call({ status: 413 }),
  ]
  const whole = reportOf(...calls)
  const parts = [
    reportOf(...calls.slice(0, 2)),
    reportOf(...calls.slice(2, 3)),
    reportOf(...calls.slice(3)),
    reportOf(),
  ]
  t.strictSame(mergeCoverage(parts), whole)
  t.strictSame(mergeCoverage([whole, whole]).operations[0]?.calls, 8)
  t.strictSame(mergeCoverage([]), reportOf())
})

t.test('a report of some operations counts these and nothing else', async (t) => {
  const whole = reportOf(call(), call({ operationId: 'getRole' }))
  const one = mergeCoverage([whole], [bulk])
  t.strictSame(
    one.operations.map(({ operationId }) => operationId),
    [bulk],
  )
  t.strictSame([one.covered, one.all, one.refusals], [1, operationOf(one).all, []])
})

t.test('a report that counts what this contract has not is refused', async (t) => {
  const report = reportOf(call())
  operationOf(report).properties.push({ path: 'profiles[].nickname', count: 1 })
  t.throws(() => mergeCoverage([report]), { message: 'this contract has no property profiles[].nickname' })
  const other = reportOf(call())
  operationOf(other).statuses.push({ status: 418, count: 0 })
  t.throws(() => mergeCoverage([other]), { message: 'this contract has no status 418' })
  const foreign = reportOf(call())
  operationOf(foreign).operationId = 'getTicket'
  t.throws(() => mergeCoverage([foreign]), { message: 'this contract has no operation getTicket' })
  const third = reportOf(call())
  third.refusals.push({ refusal: 'bad-mood', status: 400, count: 0 })
  t.throws(() => mergeCoverage([third]), { message: 'this contract has no refusal bad-mood' })
})
