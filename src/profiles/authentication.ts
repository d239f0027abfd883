import type {} from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import type { RefusalName } from '../../schemas/refusals.ts'
import type { StoredProfile } from '../../schemas/seed.ts'
import type { PeopleOfWorld } from '../stores/profile-store.ts'
import { sessionCookie, type Tokens } from '../tokens.ts'
import { type Caller, callerOf, onBehalfOf } from './caller.ts'
import { unauthorized } from './refusal.ts'

/**
 * `strict`: tokens must be signed and valid. `any`: any decodable token or any cookie is believed, for apps that hold
 * tokens of the real service. `off`: every call is profile 1.
 */
export type AuthMode = 'strict' | 'any' | 'off'

/** Says who calls. @throws {Refusal} 401, with the cause in its message */
export type Authenticate = (request: FastifyRequest, world: PeopleOfWorld) => Promise<Caller>

export function createAuthenticate(mode: AuthMode, tokens: Tokens): Authenticate {
  const identify = { strict: identifyStrictly, any: identifyAnybody, off: () => profileOne }[mode]
  return async (request, world) => {
    const profile = await signedIn(identify(request, tokens), world)
    const caller = callerOf(profile, await world.directory())
    const other = request.headers['x-enneo-on-behalf-of']
    return other === undefined ? caller : onBehalfOf(caller, await represented(String(other), world))
  }
}

/** What one credential says: the profile it stands for, or why it stands for nobody. */
type Claim = { userId: number; orElse?: number } | { problem: Problem }

type Problem = { refusal: RefusalName; message: string }

const profileOne: Claim[] = [{ userId: 1 }]

/** The first credential that stands for somebody decides; a bad one beside a good one does not spoil it. */
async function signedIn(claims: readonly Claim[], world: PeopleOfWorld): Promise<StoredProfile> {
  const problems: Problem[] = []
  for (const claim of claims) {
    if ('problem' in claim) {
      problems.push(claim.problem)
      continue
    }
    const profile =
      (await world.profile(claim.userId)) ??
      (claim.orElse === undefined ? undefined : await world.profile(claim.orElse))
    if (profile) return profile
    problems.push({
      refusal: 'user-unknown',
      message: `the token's userId ${claim.userId} is nobody here`,
    })
  }
  const [first = signInMissing, ...others] = problems
  throw unauthorized(first.refusal, [first, ...others].map(({ message }) => message).join('; '))
}

const signInMissing: Problem = {
  refusal: 'sign-in-missing',
  message: `sign-in is missing: send Authorization: Bearer <token> or the cookie ${sessionCookie}`,
}

function identifyStrictly(request: FastifyRequest, tokens: Tokens): Claim[] {
  return credentials(request).map(({ token, problem }) =>
    problem ? { problem } : claimOf(() => tokens.verify(token)),
  )
}

function identifyAnybody(request: FastifyRequest, tokens: Tokens): Claim[] {
  return credentials(request).map(({ from, token, problem }) => {
    if (problem) return { problem }
    const claim = claimOf(() => tokens.decode(token))
    if ('userId' in claim) return { ...claim, orElse: 1 }
    const isBelieved = from === 'cookie' || claim.problem === noUserId
    return isBelieved ? { userId: 1 } : claim
  })
}

type Credential = { from: 'bearer' | 'cookie'; token: string; problem?: Problem }

/** Bearer first: with two good ones it wins. */
function credentials(request: FastifyRequest): Credential[] {
  const found: Credential[] = []
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
    found.push(
      token === undefined ? { from: 'bearer', token: '', problem: notABearer } : { from: 'bearer', token },
    )
  }
  const cookie = request.cookies[sessionCookie]
  if (cookie) found.push({ from: 'cookie', token: cookie })
  return found
}

const notABearer: Problem = {
  refusal: 'not-a-bearer',
  message: 'the Authorization header must be Bearer <token>',
}

const noUserId: Problem = {
  refusal: 'token-without-user',
  message: "the token's payload has no integer userId",
}

function claimOf(read: () => unknown): Claim {
  try {
    const userId = (read() as { userId?: unknown } | null)?.userId
    return Number.isInteger(userId) ? { userId: userId as number } : { problem: noUserId }
  } catch (error) {
    return { problem: tokenProblem((error as { code?: string }).code) }
  }
}

/** The signing library's texts may quote the token, so its codes are put into words here. */
function tokenProblem(code: string | undefined): Problem {
  switch (code) {
    case 'FAST_JWT_EXPIRED':
      return { refusal: 'token-expired', message: 'the token has expired' }
    case 'FAST_JWT_INVALID_SIGNATURE':
      return { refusal: 'token-signature', message: "the token's signature is wrong" }
    case 'FAST_JWT_INVALID_ALGORITHM':
    case 'FAST_JWT_MISSING_SIGNATURE':
      return { refusal: 'token-algorithm', message: 'the token must be signed with HS256' }
    case 'FAST_JWT_INACTIVE':
      return { refusal: 'token-too-early', message: 'the token is not valid yet' }
    default:
      return { refusal: 'token-malformed', message: 'the token is malformed' }
  }
}

async function represented(header: string, world: PeopleOfWorld): Promise<Caller> {
  const profile = /^\d+$/.test(header) ? await world.profile(Number(header)) : undefined
  if (!profile)
    throw unauthorized(
      'represented-unknown',
      'X-Enneo-On-Behalf-Of names nobody: it takes the id of a profile',
    )
  return callerOf(profile, await world.directory())
}
