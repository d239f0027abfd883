import { type Static, Type } from '@sinclair/typebox'
import { Enum } from './enum.ts'
import './formats.ts'

const closed = { additionalProperties: false } as const

/** Milliseconds, or a range of them such as `200-800`. */
export const Delay = Type.Union([
  Type.Integer({ minimum: 0, maximum: 60_000 }),
  Type.String({ pattern: '^\\d{1,5}-\\d{1,5}$', title: 'a range such as 200-800' }),
])
export type Delay = Static<typeof Delay>

/** HTTP reserves these for how a message is sent. */
const reserved = [
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]
const inAnyCase = (name: string) => name.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
/** [fault.reserved-headers] */
const headerName = `^(?!(?:${reserved.map(inAnyCase).join('|')})$)[A-Za-z0-9-]+$`

/** What to do to calls that match: an answer, a broken connection, a delay, or an answer after the change was made. */
export const Fault = Type.Partial(
  Type.Object({
    match: Type.Partial(
      Type.Object({ method: Type.String(), path: Type.String({ format: 'path' }), userId: Type.Integer() }),
      closed,
    ),
    status: Type.Integer({ minimum: 200, maximum: 599 }),
    body: Type.Unknown({
      description: 'Sent as JSON, a text as it is; without it the vendor’s shape for the status',
    }),
    headers: Type.Record(
      Type.String({ pattern: headerName }),
      Type.String({ pattern: '^[\\x20-\\x7e]*$' }),
      closed,
    ),
    delay: Delay,
    fault: Enum(['CONNECTION_RESET_BY_PEER', 'EMPTY_RESPONSE', 'MALFORMED_RESPONSE_CHUNK']),
    repetition: Type.Boolean({
      description:
        'Of a broken connection: what a browser then sends again by itself is broken, too, and not counted',
    }),
    phase: Enum(['before-commit', 'after-commit'], { default: 'before-commit' }),
    times: Type.Integer({ minimum: 1, description: 'How often; without it until it is removed' }),
    after: Type.Integer({ minimum: 0, description: 'How many matching calls pass first' }),
  }),
  closed,
)
export type Fault = Static<typeof Fault>

/** A fault as it is listed: how many calls matched, and to how many it was done. */
export const ArmedFault = Type.Composite([
  Type.Object({
    id: Type.String(),
    matched: Type.Integer(),
    injected: Type.Integer(),
    note: Type.Optional(Type.String({ description: 'What to know about it, when it is armed' })),
  }),
  Fault,
])
export type ArmedFault = Static<typeof ArmedFault>
