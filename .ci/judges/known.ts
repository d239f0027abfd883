/** What Prism says of answers and is right about: each must occur, and nothing else may. */
export type KnownViolation = { operation: string; status: number; message: string; why: string }

const undocumentedStatus =
  'Unable to match the returned status code with those defined in the document: 200,400,403'

export const knownViolations: readonly KnownViolation[] = [
  {
    operation: 'PATCH /profiles',
    status: 401,
    message: undocumentedStatus,
    why: 'the published operation has sign-in and no answer for a call without it',
  },
  {
    operation: 'PATCH /profiles',
    status: 413,
    message: undocumentedStatus,
    why: 'the published operation has no answer for a body that is too large',
  },
]

/** Cases that Prism answers by itself, so that the mock never sees them. */
export const turnedAway: readonly { name: string; why: string }[] = [
  {
    name: 'PATCH /profiles with a type that is no media type at all is accepted and the type noted',
    why: 'Prism cannot read the type either and answers 500',
  },
]
