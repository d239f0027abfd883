import { createHmac } from 'node:crypto'
import { sessionCookie } from '../../http/tokens.ts'
import type { CaseRequest, Credential } from '../cases.ts'
import { idAtTarget, personaOf } from './ids-at-target.ts'
import type { Known, NotApplicable } from './known.ts'

export type SignIn = { headers: Record<string, string>; note?: string }

/**
 * How a case signs in at the target. A read that just needs somebody takes whom there is, and notes it. Tokens that are
 * good by the target's own secret only are made when that is known; bad ones need nothing.
 */
export function signIn(
  { bearer, cookie }: CaseRequest,
  known: Known,
  isReadBy: boolean,
): SignIn | NotApplicable {
  const signed: SignIn = { headers: {} }
  if (bearer !== undefined) {
    const found = bearerOf(bearer, known, isReadBy && cookie === undefined)
    if ('reason' in found) return found
    signed.headers.authorization = `Bearer ${found.text}`
    if (found.note !== undefined) signed.note = found.note
  }
  if (cookie !== undefined) {
    const found = typeof cookie === 'string' ? cookieOf(cookie, known) : madeToken(cookie, known)
    if ('reason' in found) return found
    signed.headers.cookie = `${sessionCookie}=${found.text}`
  }
  return signed
}

type Found = { text: string; note?: string }

function bearerOf(credential: Credential, known: Known, takesAnybody: boolean): Found | NotApplicable {
  if (typeof credential !== 'string') return madeToken(credential, known)
  const own = known.callers.get(credential)?.token
  if (own !== undefined) return { text: own }
  const [other] = [...known.callers].filter(([, { token }]) => token !== undefined)
  if (!takesAnybody || !other) return { reason: `needs --token ${prefix(credential)}<token>` }
  return { text: other[1].token as string, note: `read as ${other[0]}` }
}

/** A cookie that holds a token is our assumption (A): elsewhere its value comes from a browser. */
function cookieOf(persona: string, { callers }: Known): Found | NotApplicable {
  const text = callers.get(persona)?.cookie
  return text === undefined ? { reason: `needs --cookie ${prefix(persona)}<value>` } : { text }
}

const prefix = (persona: string) => (persona === 'admin' ? '' : `${persona}=`)

const [longAgo, farAhead] = [946_684_800, 4_102_444_800]
const secretOfNobody = 'a secret that is made up for this run'

type Made = Exclude<Credential, string>

function madeToken(credential: Made, known: Known): Found | NotApplicable {
  if ('raw' in credential) return { text: credential.raw }
  const { userId, expiresIn, algorithm = 'HS256', secret, payload } = credential
  const isPersona = typeof userId === 'number' && personaOf(userId, known.seed) !== undefined
  const id = typeof userId === 'number' ? idAtTarget(userId, known) : undefined
  if (isGood(credential, known)) {
    if (!isPersona) return { reason: `signs in as profile ${userId} of the default seed` }
    if (known.secret === undefined) return { reason: 'makes a token of its own: needs --jwt-secret <secret>' }
    if (id === undefined) return { reason: 'makes a token for a caller whose id is not known' }
  }
  const claims = {
    ...(userId !== undefined && { userId: id ?? userId }),
    ...(expiresIn !== undefined && { exp: expiresIn < 0 ? longAgo : farAhead }),
    ...payload,
  }
  return { text: token(claims, algorithm, secret ?? known.secret ?? secretOfNobody) }
}

/** Whether the target would take a token like this if it were signed with its own secret. */
function isGood(credential: Exclude<Made, { raw: string }>, { seed }: Known): boolean {
  const { userId, expiresIn = 1, algorithm = 'HS256', secret, payload = {} } = credential
  return (
    algorithm === 'HS256' &&
    secret === undefined &&
    expiresIn > 0 &&
    !('exp' in payload) &&
    seed.profiles.some(({ id }) => id === userId)
  )
}

/** By hand: a library that signs well refuses to sign badly. */
function token(claims: object, algorithm: string, secret: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: algorithm, typ: 'JWT' })}.${part(claims)}`
  if (algorithm === 'none') return `${text}.`
  return `${text}.${createHmac(`sha${algorithm.slice(2)}`, secret)
    .update(text)
    .digest('base64url')}`
}
