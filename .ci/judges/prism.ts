// Sends the contract cases to the mock through Prism's validating proxy. Fails for an answer that is not the case's own,
// for what Prism says of an answer and known.ts does not list, and for what known.ts lists and does not happen.
// Usage: node .ci/judges/prism.ts <folder where Prism is installed> <document> [name of the only case to send]
import { readSeed } from '../../src/seed/seed-file.ts'
import type { Given } from '../../src/settings.ts'
import { type Case, caseFiles } from '../../test/support/cases.ts'
import { findingsOf, staleOnes, timesSeen } from './findings.ts'
import { judgeCase, type Verdict } from './judge-case.ts'
import { knownViolations, turnedAway } from './known.ts'
import { type ProxiedMock, startProxiedMock } from './proxied-mock.ts'

const [folder = '', document = '', only] = process.argv.slice(2)
const { personas } = await readSeed()
const cases = caseFiles
  .flatMap(({ cases }) => cases)
  .filter(({ name }) => only === undefined || name === only)

const isHeard = await withMock({}, isBrokenAnswerHeard)
const verdicts: Verdict[] = []
for (const [settings, group] of bySettings()) {
  await withMock(settings, async (mock) => {
    for (const example of group) {
      await control(mock, 'reset')
      verdicts.push(await judgeCase(example, mock, personas))
    }
  })
}
report([
  ...(isHeard
    ? []
    : ['Prism is silent on an answer that is broken on purpose, so its silence means nothing']),
  ...(cases.length === 0 ? [`There is no case of the name ${only}`] : []),
  ...verdicts.flatMap(findingsOf),
  ...(only === undefined ? staleOnes(verdicts) : []),
])

async function withMock<Result>(
  settings: Given,
  use: (mock: ProxiedMock) => Promise<Result>,
): Promise<Result> {
  const mock = await startProxiedMock({ folder, document }, settings)
  try {
    return await use(mock)
  } finally {
    await mock.stop()
  }
}

/** One mock per set of settings serves all its cases. */
function bySettings(): [Given, Case[]][] {
  const groups = new Map<string, Case[]>()
  for (const example of cases) {
    const key = JSON.stringify(example.settings ?? {})
    groups.set(key, [...(groups.get(key) ?? []), example])
  }
  return [...groups].map(([key, group]) => [JSON.parse(key), group])
}

async function control({ origin }: ProxiedMock, path: string, body: unknown = {}): Promise<void> {
  const { ok, status } = await fetch(`${origin}/__admin/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  if (!ok) throw new Error(`POST /__admin/${path} answered ${status}`)
}

/** A fault of the mock's puts text where the document has a number. */
async function isBrokenAnswerHeard(mock: ProxiedMock): Promise<boolean> {
  const body = { results: [{ id: 'five', success: true }] }
  await control(mock, 'faults', { status: 200, body, times: 1 })
  const example: Case = {
    name: 'an answer that is broken on purpose',
    source: 'A',
    rule: 'fault.marked',
    request: { bearer: 'admin', body: { profiles: [] } },
    answer: { status: 200, body },
  }
  const { isExpected, violations } = await judgeCase(example, mock, personas)
  return isExpected && violations.some(({ location }) => location.join('.') === 'response.body.results.0.id')
}

function report(findings: string[]): void {
  const answered = verdicts.filter(({ isExpected }) => isExpected)
  const judged = answered.filter(({ isJudged }) => isJudged)
  console.log(`${verdicts.length} cases sent, ${answered.length} answered as they should be`)
  console.log(
    `${judged.length} of these answers judged; the document does not have the path or method of the others`,
  )
  for (const known of knownViolations) {
    const { operation, status, why } = known
    console.log(`known: ${operation} ${status}, ${timesSeen(known, verdicts)} times: ${why}`)
  }
  for (const { name, why } of turnedAway) console.log(`turned away: ${name}: ${why}`)
  for (const finding of findings) console.error(`FOUND ${finding}`)
  if (findings.length > 0) console.error("Send one case alone with: npm run judges -- '<its name>'")
  process.exitCode = findings.length === 0 ? 0 : 1
}
