import jwt from '@fastify/jwt'
import Fastify from 'fastify'
import type { RefusalName } from '../../schemas/refusals.ts'
import { ExpectedError } from '../values/expected-error.ts'
import { ownCompilers } from './own-compilers.ts'

/** The session cookie of the vendor (S); here it holds a token. */
export const sessionCookie = 'connect.sid'

/** Signs and reads the vendor's tokens: HS256, payload `{userId}`, `exp` optional (P). */
export type Tokens = {
  /** A token for a profile; with `expiresIn` seconds from `at` it expires, negative means it already has. */
  sign: (userId: number, expiresIn?: number, at?: number) => string
  /** The payload of a token with a good signature that is in force `at` a time. @throws {TokenError} when it is not one */
  verify: (token: string, at?: number) => unknown
  /** The payload, unchecked. @throws {TokenError} when it is none */
  decode: (token: string) => unknown
}

/** Why a token is not believed, by the contract's name for it. */
export class TokenError extends ExpectedError {
  readonly code: RefusalName
  constructor(code: RefusalName) {
    super(code)
    this.code = code
  }
}

type Payload = { exp?: unknown; nbf?: unknown }

/** A client sends the same token again and again. */
const mostRemembered = 1000

/**
 * Signing with one secret. It has an instance of its own to live on, so that it cannot clash with what a host
 * application registered. Only a signature is remembered as good, by the token itself (measured: the library's own
 * memory hashes each token first, 4.6 µs a call); what depends on the time is looked at each time, by the clock of the
 * call's world, and without one by `now`, in milliseconds since 1970.
 */
export async function createTokens(secret: string, now: () => number): Promise<Tokens> {
  const owner = Fastify(ownCompilers)
  await owner.register(jwt, {
    secret,
    sign: { algorithm: 'HS256', noTimestamp: true },
    verify: { algorithms: ['HS256'], ignoreExpiration: true, ignoreNotBefore: true },
  })
  const remembered = new Map<string, Payload>()
  const signed = (token: string): Payload => {
    const payload = read(() => owner.jwt.verify<Payload>(token))
    if (remembered.size === mostRemembered) remembered.clear()
    remembered.set(token, payload)
    return payload
  }
  return {
    sign: (userId, expiresIn, at = now()) =>
      owner.jwt.sign(expiresIn === undefined ? { userId } : { userId, exp: expiry(expiresIn, at) }),
    verify: (token, at = now()) => {
      const payload = remembered.get(token) ?? signed(token)
      const { exp = Number.POSITIVE_INFINITY, nbf = 0 } = payload
      if (typeof exp !== 'number' || typeof nbf !== 'number') throw new TokenError('token-malformed')
      // [signin.not-yet-valid]
      if (at < nbf * 1000) throw new TokenError('token-too-early')
      if (at > exp * 1000) throw new TokenError('token-expired')
      return payload
    },
    decode: (token) => read(() => owner.jwt.decode(token)),
  }
}

/** In seconds since 1970, which no claim is before. */
const expiry = (expiresIn: number, at: number) => Math.max(1, Math.floor(at / 1000) + expiresIn)

/** The library's texts may quote the token, so only its codes are heard. */
function read<T>(reading: () => T): T {
  try {
    return reading()
  } catch (error) {
    throw new TokenError(refusals[String((error as { code?: unknown }).code)] ?? 'token-malformed')
  }
}

const refusals: Readonly<Record<string, RefusalName>> = {
  FAST_JWT_INVALID_SIGNATURE: 'token-signature',
  FAST_JWT_INVALID_ALGORITHM: 'token-algorithm',
  FAST_JWT_MISSING_SIGNATURE: 'token-algorithm',
}
