import { isDeepStrictEqual } from 'node:util'
import { bound, type Ids, type SignIn, tokenOf } from '../../src/checks/case-request.ts'
import { type Case, readCases } from '../../src/checks/cases.ts'

export { type WireRequest, wireRequest } from '../../src/checks/case-request.ts'
export type { Case, CaseRequest, Credential } from '../../src/checks/cases.ts'

/** The contract cases by file, such as `update`. */
export const caseFiles = await readCases()

export type WireAnswer = { status: number; headers: Record<string, unknown>; body: string }

/** What the names of cases stand for in the default seed, unless a case says otherwise. */
export const usualIds = { target: 5, nobody: 999, role: 3, noRole: 99, team: 2, otherTeam: 3, noTeam: 98 }

/** A case on the default seed. */
export const onSeed = (example: Case, personas: Ids): Case =>
  bound(example, { ...personas, ...usualIds, ...example.ids })

/** Tokens of the mock's own secret; a session cookie holds one. */
export const signInWith =
  (secret: string, personas: Ids): SignIn =>
  (credential) =>
    tokenOf(typeof credential === 'string' ? { userId: personas[credential] } : credential, secret)

/** How an answer and the states around it differ from what the case expects; empty when they do not. */
export function differences(
  { answer: expected, change = {} }: Case,
  answer: WireAnswer,
  before: State,
  after: State,
): string[] {
  const found: string[] = []
  const compare = (what: string, got: unknown, want: unknown) => {
    if (!isDeepStrictEqual(got, want))
      found.push(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`)
  }
  compare('status', answer.status, expected.status)
  compare('body', answer.body === '' ? undefined : JSON.parse(answer.body), expected.body)
  for (const [name, value] of Object.entries(expected.headers ?? {}))
    compare(name, answer.headers[name] ?? null, value)
  const header = answer.headers['x-mock-violations']
  const violations = header === undefined ? undefined : JSON.parse(String(header))
  if (expected.status === 403 && expected.violations === undefined) {
    const rules = violations?.map(({ rule }: { rule: string }) => rule).join(', ')
    if (!rules) found.push('violations: a 403 does not say why')
  } else compare('violations', violations, expected.violations)
  compare('state', { ...after, profiles: [] }, { ...before, profiles: [] })
  for (const [index, profile] of before.profiles.entries()) {
    compare(`profile ${profile.id}`, after.profiles[index], merge(profile, change[profile.id]))
  }
  return found
}

export type State = { profiles: { id: number }[] }

/** RFC 7396, written a second time on purpose: the expectation must not lean on the code it checks. */
function merge(target: unknown, patch: unknown): unknown {
  if (patch === undefined) return target
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const result: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = merge(result[key], value)
  }
  return result
}
