/** What Prism says of answers and is right about: each must occur, and nothing else may. */
export type KnownViolation = { operation: string; status: number; message: string; why: string }

const undocumented = (...documented: number[]) =>
  `Unable to match the returned status code with those defined in the document: ${documented}`

export const knownViolations: readonly KnownViolation[] = [
  {
    operation: 'PATCH /profiles',
    status: 401,
    message: undocumented(200, 400, 403),
    why: 'the published operation has sign-in and no answer for a call without it',
  },
  {
    operation: 'PATCH /profiles',
    status: 413,
    message: undocumented(200, 400, 403),
    why: 'the published operation has no answer for a body that is too large',
  },
  {
    operation: 'PATCH /profile/{id}',
    status: 413,
    message: undocumented(200, 400, 401, 403, 404),
    why: 'nor does any public page name one for the single update',
  },
  {
    operation: 'PATCH /profiles',
    status: 415,
    message: undocumented(200, 400, 403),
    why: 'the published operation has no answer for a body that is encoded',
  },
  {
    operation: 'PATCH /profile/{id}',
    status: 415,
    message: undocumented(200, 400, 401, 403, 404),
    why: 'nor does any public page name one for the single update',
  },
  ...[413, 415].flatMap((status) => [
    {
      operation: 'PATCH /profiles/routingStatus',
      status,
      message: undocumented(200, 400, 401, 403),
      why: 'no public page has an answer of this call',
    },
    {
      operation: 'PATCH /profile/{id}/routingStatus',
      status,
      message: undocumented(200, 400, 401, 403, 404, 409),
      why: 'no public page has an answer of this call',
    },
  ]),
]

/** Cases that Prism answers by itself, so that the mock never sees them. */
export const turnedAway: readonly { name: string; why: string }[] = [
  {
    name: 'PATCH /profiles with a type that is no media type at all is accepted and the type noted',
    why: 'Prism cannot read the type either and answers 500',
  },
]
