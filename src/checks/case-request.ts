import { createHmac } from 'node:crypto'
import { sessionCookie } from '../http/tokens.ts'
import type { Case, CaseRequest, Credential, TokenParts } from './cases.ts'

/** What the names of a case stand for, such as `target`. */
export type Ids = Readonly<Record<string, number | undefined>>

/**
 * A copy with ids in place of their names: `$target` alone becomes the number, `${target}` and names within a text become
 * text. A name that stands for nothing stays.
 */
export function bound<T>(value: T, ids: Ids): T {
  const bind = (part: unknown): unknown => {
    if (typeof part === 'string') return alone.test(part) ? (ids[bare(part)] ?? part) : bindText(part)
    if (Array.isArray(part)) return part.map(bind)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([key, entry]) => [bindText(key), bind(entry)]))
  }
  const bindText = (text: string) => text.replace(within, (name) => String(ids[bare(name)] ?? name))
  return bind(value) as T
}

/** The names in a value, such as `$target`. */
export const namesIn = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(within)].map(([name]) => `$${bare(name)}`)

const alone = /^\$\w+$/
const within = /\$\w+|\$\{\w+\}/g
const bare = (name: string) => name.replace(/[${}]/g, '')

/** What goes over the wire: the same for every transport. The path is below the base path. */
export type WireRequest = { method: string; path: string; headers: Record<string, string>; body?: string }

/** Somebody's token or cookie, or one that is made. */
export type SignIn = (credential: Credential, kind: 'token' | 'cookie') => string

/** A bound request as it is sent. */
export function wireRequest(request: CaseRequest, signIn: SignIn): WireRequest {
  const { method = 'PATCH', path = '/profiles', bearer, cookie } = request
  const body = textOf(request)
  const own = Object.entries(request.headers ?? {}).map(([name, value]) => [name, String(value)])
  return {
    method,
    path,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(bearer !== undefined && { authorization: `Bearer ${signIn(bearer, 'token')}` }),
      ...(cookie !== undefined && { cookie: `${sessionCookie}=${signIn(cookie, 'cookie')}` }),
      ...Object.fromEntries(own),
    },
    ...(body !== undefined && { body }),
  }
}

/** The body as it stands. */
export const textOf = ({ text, body }: CaseRequest): string | undefined =>
  text ?? (body === undefined ? undefined : JSON.stringify(body))

const [longAgo, farAhead] = [946_684_800, 4_102_444_800]

/** By hand: a library that signs well refuses to sign badly, and cases do not trust the code under test to make tokens. */
export function tokenOf(credential: TokenParts, ownSecret: string): string {
  if ('raw' in credential) return credential.raw
  const { userId, expiresIn, algorithm = 'HS256', secret = ownSecret, payload } = credential
  const claims = {
    ...(userId !== undefined && { userId }),
    ...(expiresIn !== undefined && { exp: expiresIn < 0 ? longAgo : farAhead }),
    ...payload,
  }
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: algorithm, typ: 'JWT' })}.${part(claims)}`
  if (algorithm === 'none') return `${signed}.`
  return `${signed}.${createHmac(`sha${algorithm.slice(2)}`, secret)
    .update(signed)
    .digest('base64url')}`
}

/** Sends what comes before a case, and after `begin` its request. Answers that are not 200 beforehand end it. */
export async function play<Answer extends object>(
  { before = [], request }: Case,
  send: (request: CaseRequest) => Promise<Answer>,
  begin: () => Promise<unknown> = async () => undefined,
): Promise<{ before: Answer[]; answer?: Answer }> {
  const earlier: Answer[] = []
  for (const one of before) {
    const answer = await send(one)
    earlier.push(answer)
    if (!('status' in answer) || answer.status !== 200) return { before: earlier }
  }
  await begin()
  return { before: earlier, answer: await send(request) }
}
