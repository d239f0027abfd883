/** How the contract refuses a call, or one item of it. */
export type RefusalReason = {
  /** Status of the answer; an item fails inside a 200. */
  status: number
  /** S the published document, P another public page of the vendor, A our assumption. */
  source: 'S' | 'P' | 'A'
  about: string
}

/** Every reason for which a call or an item is refused by the contract, by the name that the journal gives it. */
export const refusals = {
  'unknown-path': { status: 404, source: 'A', about: 'the API has no such path' },
  'wrong-method': { status: 405, source: 'A', about: 'the path does not know the method' },
  'sign-in-missing': { status: 401, source: 'P', about: 'no credential was sent' },
  'not-a-bearer': { status: 401, source: 'P', about: 'the Authorization header holds no bearer token' },
  'token-malformed': { status: 401, source: 'P', about: 'the token is no JWT' },
  'token-algorithm': { status: 401, source: 'P', about: 'the token is not signed with HS256' },
  'token-signature': { status: 401, source: 'P', about: 'the token is signed with another secret' },
  'token-expired': { status: 401, source: 'P', about: 'the token has expired' },
  'token-too-early': { status: 401, source: 'A', about: 'the token is not valid yet' },
  'token-without-user': { status: 401, source: 'P', about: 'the token names no user' },
  'user-unknown': { status: 401, source: 'P', about: 'the token names nobody' },
  'represented-unknown': { status: 401, source: 'A', about: 'X-Enneo-On-Behalf-Of names nobody' },
  'permission-missing': { status: 403, source: 'S', about: 'the caller lacks updateSpecificProfile' },
  'enneo-target': {
    status: 403,
    source: 'S',
    about: 'the target is an enneo user, the caller lacks enneoAdmin',
  },
  'body-too-large': { status: 413, source: 'A', about: 'the body is larger than the limit' },
  'encoding-unknown': { status: 415, source: 'A', about: 'the body is encoded, which is not read' },
  'body-not-json': { status: 400, source: 'S', about: 'the body is not JSON' },
  'forbidden-key': { status: 400, source: 'A', about: 'a key could reach a prototype' },
  'profiles-missing': { status: 400, source: 'S', about: 'the body has no profiles array' },
  'body-unfit': { status: 400, source: 'S', about: 'an item does not fit the schema' },
  'own-field-permission': {
    status: 403,
    source: 'P',
    about: 'the caller may not change this key of the own profile',
  },
  'not-current': { status: 409, source: 'P', about: 'the routing status is not the one that was named' },
  'parameter-unfit': { status: 400, source: 'A', about: 'a query parameter does not fit' },
  'not-found': { status: 404, source: 'A', about: 'what the path names does not exist' },
  'unknown-profile': { status: 200, source: 'A', about: 'an item names a profile that does not exist' },
  'unknown-role': { status: 200, source: 'A', about: 'an item names a role that does not exist' },
  'unknown-team': { status: 200, source: 'A', about: 'an item names a team that does not exist' },
} as const satisfies Record<string, RefusalReason>

export type RefusalName = keyof typeof refusals
