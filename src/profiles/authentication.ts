import { fastifyCookie } from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import type { RefusalName } from '../../schemas/refusals.ts'
import type { StoredProfile } from '../../schemas/seed.ts'
import { sessionCookie, type TokenError, type Tokens } from '../http/tokens.ts'
import type { Settings } from '../settings.ts'
import type { PeopleOfWorld } from '../stores/profile-store.ts'
import { type Awaitable, andThen } from '../values/awaitable.ts'
import { type Caller, callerOf, onBehalfOf } from './caller.ts'
import { unauthorized } from './refusal.ts'

/**
 * `strict`: tokens must be signed and valid. `any`: any decodable token or any cookie is believed, for apps that hold
 * tokens of the real service [auth.any]. `off`: every call is profile 1 [auth.off].
 */
export type AuthMode = Settings['auth']

/** Says who calls, at a time of the world's clock. @throws {Refusal} 401, with the cause in its message */
export type Authenticate = (request: FastifyRequest, world: PeopleOfWorld, at?: number) => Awaitable<Caller>

export function createAuthenticate(mode: AuthMode, tokens: Tokens): Authenticate {
  const claimOf = mode === 'any' ? leniently(tokens) : strictly(tokens)
  return (request, world, at) => {
    const other = request.headers['x-enneo-on-behalf-of']
    const claims = mode === 'off' ? [profileOne] : claimsOf(request, (sent) => claimOf(sent, at))
    const profile = firstKnown(claims, world)
    if (other === undefined) return callerIn(world, profile)
    return andThen(callerIn(world, profile), (caller) =>
      andThen(callerIn(world, represented(String(other), world)), (represented) =>
        onBehalfOf(caller, represented),
      ),
    )
  }
}

/**
 * What one credential says: the profile it stands for, or why it stands for nobody. With `--auth any` one that names
 * nobody here may still be believed to be somebody.
 */
type Claim = ({ userId: number } | { problem: Problem }) & { orElse?: number }

type Problem = { refusal: RefusalName; message: string }

const profileOne: Claim = { userId: 1 }

const callerIn = (world: PeopleOfWorld, profile: Awaitable<StoredProfile>): Awaitable<Caller> =>
  andThen(profile, (known) => andThen(world.directory(), (directory) => callerOf(known, directory)))

function claimsOf({ headers }: FastifyRequest, claimOf: (credential: Credential) => Claim): Claim[] {
  const claims: Claim[] = []
  for (const way of [bearer, session]) {
    // [signin.several-cookies] Only when none of a kind names somebody, one is believed to be somebody else.
    const strangers: Claim[] = []
    for (const sent of way(headers)) {
      const claim: Claim = 'problem' in sent ? sent : claimOf(sent)
      claims.push(claim)
      if (claim.orElse !== undefined) strangers.push({ userId: claim.orElse })
    }
    claims.push(...strangers)
  }
  return claims
}

/**
 * [signin.either] The first claim that stands for somebody decides, from `index` on; a bad one beside a good one does
 * not spoil it.
 */
function firstKnown(
  claims: readonly Claim[],
  world: PeopleOfWorld,
  index = 0,
  problems: readonly Problem[] = [],
): Awaitable<StoredProfile> {
  const claim = claims[index]
  if (!claim) throw signInRefused(problems)
  if ('problem' in claim) return firstKnown(claims, world, index + 1, [...problems, claim.problem])
  return andThen(
    world.profile(claim.userId),
    (profile) => profile ?? firstKnown(claims, world, index + 1, [...problems, unknownUser(claim.userId)]),
  )
}

const unknownUser = (userId: number): Problem => ({
  refusal: 'user-unknown',
  message: `the token's userId ${userId} is nobody here`,
})

/** [signin.message] Every credential that was sent, with what is wrong with it. */
function signInRefused(problems: readonly Problem[]): Error {
  const [first = signInMissing, ...others] = problems
  return unauthorized(first.refusal, [first, ...others].map(({ message }) => message).join('; '))
}

const signInMissing: Problem = {
  refusal: 'sign-in-missing',
  message: `sign-in is missing: send Authorization: Bearer <token> or the cookie ${sessionCookie}`,
}

const strictly =
  (tokens: Tokens) =>
  ({ token }: Credential, at?: number): Claim =>
    read(() => tokens.verify(token, at))

const leniently =
  (tokens: Tokens) =>
  ({ token, isCookie }: Credential): Claim => {
    const claim = read(() => tokens.decode(token))
    // [auth.any-stranger] [auth.any-refused]
    const isBelieved = isCookie === true || 'userId' in claim || claim.problem === noUserId
    return isBelieved ? { ...claim, orElse: 1 } : claim
  }

type Credential = { token: string; isCookie?: boolean }

/** Where credentials can stand. [signin.both] Bearer first: with two good ones it wins. */
type Way = (headers: FastifyRequest['headers']) => readonly (Credential | { problem: Problem })[]

/** [signin.bearer] */
const bearer: Way = ({ authorization }) => {
  if (authorization === undefined) return none
  const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
  return [token === undefined ? { problem: notABearer } : { token }]
}

/**
 * [signin.cookie] [signin.cookie-token] [signin.several-cookies] A browser sends the cookies that other servers of this host have set as well.
 */
const session: Way = ({ cookie }) => {
  if (cookie === undefined || !cookie.includes(sessionCookie)) return none
  return cookie.split(';').flatMap((pair) => {
    const token = fastifyCookie.parse(pair)[sessionCookie]
    return token ? [{ token, isCookie: true }] : none
  })
}

const none: readonly Credential[] = []

const notABearer: Problem = {
  refusal: 'not-a-bearer',
  message: 'the Authorization header must be Bearer <token>',
}

const noUserId: Problem = {
  refusal: 'token-without-user',
  message: "the token's payload has no integer userId",
}

function read(payload: () => unknown): Claim {
  try {
    const { userId } = payload() as { userId?: unknown }
    return Number.isInteger(userId) ? { userId: userId as number } : { problem: noUserId }
  } catch (error) {
    const { code } = error as TokenError
    return { problem: { refusal: code, message: tokenProblems[code] as string } }
  }
}

/** [signin.refused] */
const tokenProblems: Partial<Record<RefusalName, string>> = {
  'token-expired': 'the token has expired',
  'token-signature': "the token's signature is wrong",
  'token-algorithm': 'the token must be signed with HS256',
  'token-too-early': 'the token is not valid yet',
  'token-malformed': 'the token is malformed',
}

/** [behalf.unknown] */
function represented(header: string, world: PeopleOfWorld): Awaitable<StoredProfile> {
  return andThen(/^\d+$/.test(header) ? world.profile(Number(header)) : undefined, (profile) => {
    if (profile) return profile
    throw unauthorized(
      'represented-unknown',
      'X-Enneo-On-Behalf-Of names nobody: it takes the id of a profile',
    )
  })
}
