import { type Static, Type } from '@sinclair/typebox'
import './formats.ts'

const closed = { additionalProperties: false } as const

/** One value that does not fit: where, what was expected, what came, and the sentence these make. */
export const Misfit = Type.Object(
  { path: Type.String(), expected: Type.String(), got: Type.String(), message: Type.String() },
  closed,
)

/** Something a client should know about its request although the answer's body cannot say it. */
export const Violation = Type.Object(
  {
    index: Type.Optional(Type.Integer({ description: 'Position of the item in the request' })),
    id: Type.Optional(Type.Integer({ description: 'Profile the item names' })),
    path: Type.Optional(Type.String({ description: 'Where in the item' })),
    rule: Type.String({ description: 'Name of the rule, such as unknown-key' }),
    message: Type.String(),
    expected: Type.Optional(Type.String()),
    got: Type.Optional(Type.String({ description: 'Never a text that could be a secret' })),
    misfits: Type.Optional(
      Type.Array(Misfit, { description: 'Of a body that does not fit: what, place by place' }),
    ),
  },
  closed,
)

/** One call on the vendor's paths, as the journal shows it: without secrets. */
export const JournalEntry = Type.Object({
  id: Type.Integer({ description: 'Counts from 1 since the last reset' }),
  at: Type.String({ description: 'When the answer left, ISO 8601' }),
  method: Type.String(),
  path: Type.String({ description: 'Without the query' }),
  query: Type.Optional(Type.String()),
  headers: Type.Record(Type.String(), Type.String(), { description: 'Those that cannot hold a secret' }),
  body: Type.Optional(Type.Unknown({ description: 'The JSON that was sent; text when it was cut' })),
  bodyIsCut: Type.Optional(Type.Boolean()),
  status: Type.Optional(Type.Integer({ description: 'Absent when the connection was dropped' })),
  userId: Type.Optional(Type.Integer({ description: 'Who had signed in' })),
  // [journal.reason]
  reason: Type.Optional(Type.String({ description: 'Why the call was refused' })),
  refusal: Type.Optional(Type.String({ description: 'The same by name, where the contract refused it' })),
  fault: Type.Optional(Type.String({ description: 'What was injected, as X-Mock-Fault says' })),
  violations: Type.Array(Violation),
  violationCount: Type.Integer({ description: 'Of which the first 1,000 are listed' }),
  isUndocumented: Type.Optional(
    Type.Boolean({ description: 'With self-check: the document does not list this status' }),
  ),
  breaches: Type.Optional(
    Type.Array(Misfit, { description: 'With self-check: where the answer breaks the document' }),
  ),
  sandbox: Type.Optional(Type.String({ description: 'The sandbox the call named' })),
})
export type Violation = Static<typeof Violation>
export type Misfit = Static<typeof Misfit>
export type JournalEntry = Static<typeof JournalEntry>

/** Body of POST /__admin/requests/count and /find: all that is named must match. */
export const JournalMatch = Type.Partial(
  Type.Object({
    method: Type.String({ description: 'In any case' }),
    path: Type.String({
      format: 'path',
      description: 'Such as /profiles or /api/mind/profiles; * and {id} stand for one part',
    }),
    status: Type.Integer(),
    userId: Type.Integer(),
    violation: Type.String({ description: 'A rule that the call broke' }),
    body: Type.Unknown({
      description: 'A part of the body: keys that are named must be equal, list entries somewhere',
    }),
  }),
  closed,
)
export type JournalMatch = Static<typeof JournalMatch>
