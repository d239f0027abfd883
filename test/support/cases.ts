import { createHmac } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Case, type CaseRequest, type Credential, readCases } from '../../src/checks/cases.ts'
import { sessionCookie } from '../../src/http/tokens.ts'

export type { Case, CaseRequest, Credential } from '../../src/checks/cases.ts'

/** The contract cases by file, such as `update`. */
export const caseFiles = await readCases()

/** What goes over the wire: the same for every transport. */
export type WireRequest = { method: string; path: string; headers: Record<string, string>; body?: string }
export type WireAnswer = { status: number; headers: Record<string, unknown>; body: string }

export function wireRequest(
  request: CaseRequest,
  { personas, secret }: { personas: Record<string, number>; secret: string },
): WireRequest {
  const token = (credential: Credential) => tokenOf(credential, personas, secret)
  const body = request.text ?? (request.body === undefined ? undefined : JSON.stringify(request.body))
  return {
    method: request.method ?? 'PATCH',
    path: request.path ?? '/profiles',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(request.bearer !== undefined && { authorization: `Bearer ${token(request.bearer)}` }),
      ...(request.cookie !== undefined && { cookie: `${sessionCookie}=${token(request.cookie)}` }),
      ...request.headers,
    },
    ...(body !== undefined && { body }),
  }
}

/** Tokens are made here by hand, so that the cases do not trust the code under test to make them. */
function tokenOf(credential: Credential, personas: Record<string, number>, ownSecret: string): string {
  if (typeof credential === 'object' && 'raw' in credential) return credential.raw
  const {
    userId,
    expiresIn,
    algorithm = 'HS256',
    secret = ownSecret,
    payload,
  } = typeof credential === 'string' ? { userId: personas[credential] } : credential
  const claims = {
    ...(userId !== undefined && { userId }),
    ...(expiresIn !== undefined && { exp: Math.floor(Date.now() / 1000) + expiresIn }),
    ...payload,
  }
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: algorithm, typ: 'JWT' })}.${part(claims)}`
  if (algorithm === 'none') return `${signed}.`
  return `${signed}.${createHmac(`sha${algorithm.slice(2)}`, secret)
    .update(signed)
    .digest('base64url')}`
}

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
