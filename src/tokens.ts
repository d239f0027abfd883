import jwt from '@fastify/jwt'
import Fastify from 'fastify'

/** The session cookie of the vendor (S); here it holds a token. */
export const sessionCookie = 'connect.sid'

/** Signs and reads the vendor's tokens: HS256, payload `{userId}`, `exp` optional (P). */
export type Tokens = {
  /** A token for a profile; with `expiresIn` seconds it expires, negative means it already has. */
  sign: (userId: number, expiresIn?: number) => string
  /** The payload of a token with a good signature that has not expired. @throws when it is not one */
  verify: (token: string) => unknown
  /** The payload, unchecked. @throws when it is none */
  decode: (token: string) => unknown
}

const rememberedTokens = 1000

/**
 * Signing with one secret. It has an instance of its own to live on, so that it cannot clash with what a host
 * application registered.
 */
export async function createTokens(secret: string, now: () => number): Promise<Tokens> {
  const owner = Fastify()
  await owner.register(jwt, {
    secret,
    sign: { algorithm: 'HS256', noTimestamp: true },
    // A client sends the same token again and again. The library still looks at the expiry of a token it remembers.
    verify: { algorithms: ['HS256'], cache: rememberedTokens },
  })
  const { sign, verify, decode } = owner.jwt
  return {
    sign: (userId, expiresIn) =>
      sign(expiresIn === undefined ? { userId } : { userId, exp: Math.floor(now() / 1000) + expiresIn }),
    verify: (token) => verify(token),
    decode: (token) => decode(token),
  }
}
