import t from 'tap'
import type { JournalEntry } from '../../schemas/journal.ts'
import { curlOf } from '../../src/traffic/curl.ts'
import { violationReport } from '../../src/traffic/violation-report.ts'

const here = {
  origin: 'http://localhost:8005',
  adminPath: '/__admin',
  needsAdminToken: false,
  isListening: true,
}

const entry = (changes: Partial<JournalEntry> = {}): JournalEntry => ({
  id: 1,
  at: '2026-01-02T03:04:05.678Z',
  method: 'PATCH',
  path: '/api/mind/profiles',
  headers: {},
  violations: [],
  violationCount: 0,
  ...changes,
})

const address = "'http://localhost:8005/api/mind/profiles'"

const commands: [what: string, entry: Partial<JournalEntry>, command: string][] = [
  ['a call that nobody signed in for', {}, `curl -X PATCH ${address}`],
  ['a HEAD', { method: 'HEAD' }, `curl -I ${address}`],
  [
    'a query',
    { query: 'q=a&show=all' },
    "curl -X PATCH 'http://localhost:8005/api/mind/profiles?q=a&show=all'",
  ],
  [
    'a body whose type was not said',
    { body: { profiles: [] }, headers: { 'content-length': '15' } },
    `curl -X PATCH ${address} -H 'content-type:' -d '{"profiles":[]}'`,
  ],
  [
    'headers that decide, and none of the others',
    { headers: { 'user-agent': 'x', accept: '*/*', prefer: 'code=200', origin: 'http://localhost:3000' } },
    `curl -X PATCH ${address} -H 'prefer: code=200' -H 'origin: http://localhost:3000'`,
  ],
  [
    'a body that was not kept',
    { headers: { 'content-length': '9' } },
    `curl -X PATCH ${address} # its body was not kept`,
  ],
  [
    'a body that was cut',
    { headers: { 'content-length': '90000' }, body: '{"profiles":[', bodyIsCut: true },
    `curl -X PATCH ${address} # its body was not kept`,
  ],
]

for (const [what, changes, command] of commands) {
  t.test(`${what} becomes a command`, async (t) => t.equal(curlOf(entry(changes), here), command))
}

t.test('a certificate of its own is no obstacle, and without a socket it is said', async (t) => {
  const body = { profiles: [] }
  const sent = entry({ userId: 1, headers: { 'content-type': 'application/json' }, body })
  t.match(
    curlOf(sent, { ...here, origin: 'https://localhost:8005' }),
    /^curl -k -X PATCH 'https:.*Bearer \$\(curl -k -s -X POST 'https:/,
  )
  t.match(curlOf(entry(), { ...here, isListening: false }), / # this mock does not listen$/)
})

t.test('a portrait that was good is sent as another good one, a bad one as what stands for it', async (t) => {
  const body = { profiles: [{ id: 5, image: '[redacted]', password: '[redacted]' }] }
  t.match(
    curlOf(entry({ body }), here),
    `-d '{"profiles":[{"id":5,"image":"aW1hZ2U=","password":"[redacted]"}]}'`,
  )
  const misfit = { path: 'profiles[0].image', expected: 'base64', got: 'a string', message: '' }
  const violations = [{ rule: 'schema', message: '', misfits: [misfit] }]
  t.match(curlOf(entry({ body, violations }), here), '"image":"[redacted]"')
})

const text =
  'no longer stand in the journal, which keeps the last 1,000 calls and 16 MiB: verify more often.\n'

t.test('calls that the journal no longer holds are told, beside those that it does or alone', async (t) => {
  t.equal(violationReport([], 2, here), `2 earlier calls that broke a rule ${text}`)
  t.match(
    violationReport([entry()], 2, here),
    new RegExp(`^1 call broke a rule:\n\n#1 [^]*\n\n2 earlier calls that broke a rule ${text}$`),
  )
})

t.test(
  'a token for the command is asked for as the control plane wants it, for the sandbox of the call',
  async (t) => {
    const command = curlOf(entry({ userId: 3, sandbox: 'a' }), { ...here, needsAdminToken: true })
    t.match(command, '-H "Authorization: Bearer $MOCK_ADMIN_API_TOKEN"')
    t.match(command, "-H 'x-mock-sandbox: a' -d '{")
    t.notMatch(curlOf(entry({ userId: 3 }), here), /MOCK_ADMIN_API_TOKEN/)
  },
)

t.test('a rule that is about no part of the body is told with what it is about', async (t) => {
  const parts = { message: 'm', expected: 'e', got: 'g' }
  const violations = [
    { rule: 'permission-missing', ...parts },
    { rule: 'content-type', ...parts },
  ]
  const report = violationReport([entry({ violations, violationCount: 2 })], 0, here)
  t.match(report, / {4}path the caller, expected e, got g\n {2}content-type: m\n {4}path Content-Type, /)
})
