import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import type { CoverageReport } from '../../../schemas/coverage.ts'
import { createMock } from '../../../src/library/create-mock.ts'
import { forgetSettingsOfEnvironment, runHere } from '../../support/run-here.ts'

forgetSettingsOfEnvironment()

/** A mock that has answered 200 and 401 to a bulk update. */
async function usedMock(t: Test, options = {}) {
  const mock = await createMock(options)
  t.teardown(() => mock.close())
  const authorization = `Bearer ${mock.token('admin')}`
  const patch = (headers: Record<string, string>) =>
    fetch(`${mock.url}/profiles`, { method: 'PATCH', headers, body: '{"profiles":[{"id":5}]}' })
  await patch({ authorization, 'content-type': 'application/json' })
  await patch({})
  return { mock, origin: new URL(mock.url).origin }
}

t.test('coverage asks a running mock and prints a page to read, exit 0', async (t) => {
  const { origin } = await usedMock(t)
  const { code, stdout, stderr } = await runHere(t, ['coverage', '--url', origin])
  t.strictSame([code, stderr], [0, ''])
  t.match(stdout, /^# Coverage of the contract\n\n\*\*\d+(\.\d)? %\*\*: 4 of \d+ were exercised\.\n/)
  t.match(stdout, /\| PATCH \/profiles \| 2 \| 3 \| \d+ \|\n/)
  t.match(stdout, /\| any operation \| {2}\| 1 \| 12 \|\n/)
  const [, missing = ''] = stdout.split('## Not exercised: PATCH /profiles\n')
  t.match(missing, /^\n- status 400\n- status 403\n- property profiles\[\]\.settings\n/)
  t.match(missing, '- value profiles[].isSsoOnly = 1\n')
  t.match(missing, '- refusal permission-missing (403)\n')
  t.notMatch(missing.split('##')[0], '- status 200\n')
  t.match(stdout, /## Answered, but not in the document: PATCH \/profiles\n\n- status 401, once\n/)
})

t.test('coverage asks the mock on the port of the settings', async (t) => {
  const { origin } = await usedMock(t)
  const { code, stdout } = await runHere(t, ['coverage', '--port', new URL(origin).port])
  t.equal(code, 0)
  t.match(stdout, '| PATCH /profiles | 2 | 3 |')
})

t.test('coverage --json is what GET /__admin/coverage answers, and adds up over files', async (t) => {
  const { mock, origin } = await usedMock(t)
  const asked = await runHere(t, ['coverage', '--url', origin, '--json'])
  t.strictSame(JSON.parse(asked.stdout), await mock.coverage())
  t.chdir(t.testdir({ 'a.json': asked.stdout }))
  writeFileSync('b.json', JSON.stringify(await mock.coverage()))
  const twice: CoverageReport = JSON.parse(
    (await runHere(t, ['coverage', 'a.json', 'b.json', '--json'])).stdout,
  )
  t.equal(twice.operations[0]?.calls, 4)
  const thrice = JSON.parse(
    (await runHere(t, ['coverage', 'a.json', 'b.json', '--url', origin, '--json'])).stdout,
  )
  t.equal(thrice.operations[0]?.calls, 6)
  t.equal(thrice.percent, twice.percent)
})

t.test('coverage --min is the threshold: exit 0 at it, 1 below it', async (t) => {
  const { origin } = await usedMock(t)
  t.equal((await runHere(t, ['coverage', '--url', origin, '--min', '1'])).code, 0)
  const { code, stdout, stderr } = await runHere(t, ['coverage', '--url', origin, '--min', '80'])
  t.equal(code, 1)
  t.match(stdout, '# Coverage of the contract')
  t.match(stderr, /^1\.1 % of the contract was exercised, which is less than 80 %\.\n$/)
})

t.test('coverage --operation looks at these operations only', async (t) => {
  const { origin } = await usedMock(t)
  const args = [
    'coverage',
    '--url',
    origin,
    '--json',
    '--operation',
    'getRoles',
    '--operation',
    'getTeamTree',
  ]
  const report: CoverageReport = JSON.parse((await runHere(t, args)).stdout)
  t.strictSame(
    report.operations.map(({ operationId }) => operationId),
    ['getRoles', 'getTeamTree'],
  )
  t.strictSame([report.covered, report.refusals], [0, []])
})

t.test('coverage --junit is XML with a suite for each operation, and the threshold as a test', async (t) => {
  const { origin } = await usedMock(t)
  const { code, stdout } = await runHere(t, ['coverage', '--url', origin, '--junit', '--min', '80'])
  t.equal(code, 1)
  t.match(
    stdout,
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="Coverage of the contract">\n/,
  )
  const [, suite = ''] = stdout.split('<testsuite name="PATCH /profiles" ')
  const [, tests, failures, skipped] = /^tests="(\d+)" failures="(\d+)" skipped="(\d+)">/.exec(suite) ?? []
  const cases = (suite.split('</testsuite>')[0] as string).match(/<testcase /g) ?? []
  const skips = (suite.split('</testsuite>')[0] as string).match(/<skipped /g) ?? []
  t.strictSame([Number(tests), failures, Number(skipped)], [cases.length, '0', skips.length])
  t.equal(cases.length - skips.length, 3)
  t.match(suite, '<testcase classname="bulkUpdateSpecificProfiles" name="status 200"/>')
  t.match(
    suite,
    /<testcase classname="bulkUpdateSpecificProfiles" name="status 403">\s*<skipped message="not exercised"\/>\s*<\/testcase>/,
  )
  t.match(
    stdout,
    /<testsuite name="threshold" tests="1" failures="1" skipped="0">\s*<testcase classname="threshold" name="at least 80 % of the contract">\s*<failure message="1\.1 % of the contract was exercised"\/>/,
  )

  const fine = await runHere(t, ['coverage', '--url', origin, '--junit', '--min', '1'])
  t.equal(fine.code, 0)
  t.notMatch(fine.stdout, '<failure')
  t.notMatch((await runHere(t, ['coverage', '--url', origin, '--junit'])).stdout, 'threshold')
})

t.test('coverage beyond loopback wants the admin token', async (t) => {
  const { origin } = await usedMock(t, { host: '0.0.0.0', adminApiToken: 'right' })
  const ask = (...more: string[]) => runHere(t, ['coverage', '--url', origin, ...more])
  t.equal((await ask('--admin-api-token', 'right')).code, 0)
  t.match(await ask('--admin-api-token', 'wrong'), { code: 2, stdout: '', stderr: /send the admin token as/ })
})

t.test('coverage --url of something else is told, exit 2', async (t) => {
  for (const [answer, sentence] of [
    ['{}', /did not tell its coverage: it is something else\./],
    ['<html>', /did not tell its coverage: its answer is not JSON\./],
  ] as const) {
    const server = createServer((_request, response) => response.end(answer)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const run = await runHere(t, ['coverage', '--url', `http://127.0.0.1:${port}`])
    server.close()
    t.strictSame([run.code, run.stdout], [2, ''])
    t.match(run.stderr, sentence)
  }
})

const unusable: [args: string[], sentence: RegExp][] = [
  [['no.json'], /^The file no\.json cannot be read \(ENOENT\)\.$/],
  [['text.json'], /^The file text\.json is no coverage of this contract: it is not JSON\.$/],
  [['other.json'], /^The file other\.json is no coverage of this contract: it is something else\.$/],
  [
    ['newer.json'],
    /^The file newer\.json is no coverage of this contract: this contract has no refusal bad-mood\.$/,
  ],
  [['--min', '101'], /^--min must be a whole number from 0 to 100\.$/],
  [['--operation', 'getTicket'], /^There is no operation getTicket; there are bulkUpdateSpecificProfiles, /],
  [
    ['--url', 'http://127.0.0.1:1'],
    /^The mock at http:\/\/127\.0\.0\.1:1 did not tell its coverage: .+\. Is it started/,
  ],
  [['--url', 'nowhere'], /^--url must be the origin of a mock, such as http:\/\/localhost:8005\.$/],
  [['--url', 'file:///etc/hosts'], /^--url must be the origin of a mock, [^:]+:\/\/localhost:8005\.$/],
  [
    ['--url', 'http://user:secret@localhost:1'],
    /^--url must be the origin of a mock, [^:]+:\/\/localhost:8005\.$/,
  ],
  [['--port', 'x'], /^--port must be a whole number from 0 to 65535\.$/],
  [['--json', '--junit'], /^option '--json' cannot be used with option '--junit'$/],
  [['--jsn'], /^unknown option '--jsn'; did you mean --json\?$/],
]

for (const [args, sentence] of unusable) {
  t.test(`coverage ${args.join(' ')}: one sentence on standard error, exit 2`, async (t) => {
    const newer = { contract: '1', covered: 0, all: 1, percent: 0, operations: [] }
    t.chdir(
      t.testdir({
        'text.json': 'text',
        'other.json': '{"results":[]}',
        'newer.json': JSON.stringify({
          ...newer,
          refusals: [{ refusal: 'bad-mood', status: 400, count: 0 }],
        }),
      }),
    )
    const { code, stdout, stderr } = await runHere(t, ['coverage', ...args])
    t.strictSame([code, stdout], [2, ''])
    t.match(stderr.trimEnd(), sentence)
  })
}

t.test('coverage --help says what it does, exit 0', async (t) => {
  const { code, stdout } = await runHere(t, ['coverage', '--help'])
  t.equal(code, 0)
  t.match(stdout, '--min <percent>')
})
