import { type Static, Type } from '@sinclair/typebox'
import { Enum } from './enum.ts'

const closed = { additionalProperties: false } as const
const nullable = <T extends ReturnType<typeof Type.Integer>>(schema: T) => Type.Union([schema, Type.Null()])

const named = {
  id: Type.Integer({ example: 123 }),
  name: Type.String({ example: 'Complaint' }),
}

const optional = {
  parent: nullable(Type.Integer({ example: 6 })),
  reference: Enum(['ticket', 'contract', 'customer'], { description: 'What can have the tag' }),
  type: Enum(['skill', 'product', 'brand', 'customerProperty', 'contractProperty', 'other']),
  visibility: Enum(['public', 'private', 'disabled']),
  color: Enum(['grey', 'green', 'red', 'blue', 'yellow', 'purple', 'orange', 'teal']),
  properties: Type.Array(Type.String({ example: 'defaultSkill' })),
  complexity: Type.String({ example: 'moderate' }),
  sla: nullable(Type.Integer({ description: 'Business hours', example: 8 })),
  priority: Enum(['do-not-change', 'low', 'medium', 'high', 'urgent']),
  channels: Type.Array(Type.String(), { description: 'Where it is detected', example: ['email', 'chat'] }),
  subchannels: Type.Array(Type.Integer(), { description: 'Where it is detected', example: [2, 4] }),
  detectionDetails: Type.Unsafe<Record<string, unknown>>(Type.Object({}, { additionalProperties: true })),
  assignment: Type.Array(Type.String({ example: 'assignBySubchannel' })),
  modifiedBy: Type.String({ example: 'John Doe' }),
  modifiedAt: Type.String({ example: '2024-08-29 14:38:12' }),
}

/** A tag of a seed (P). What is absent is shown as a root of type skill, public and grey (P for the last two). */
export const Tag = Type.Composite([Type.Object(named), Type.Partial(Type.Object(optional))], closed)
export type Tag = Readonly<Static<typeof Tag>>

/** Where and how a tag can be detected, which only the full format shows (A). */
const detection = [
  'reference',
  'properties',
  'complexity',
  'sla',
  'priority',
  'channels',
  'subchannels',
  'detectionDetails',
  'assignment',
  'modifiedBy',
  'modifiedAt',
] as const

/** A tag as shown: `fullName` has the names of all tags above it (P). */
export const TagView = Type.Composite([
  Type.Object({ ...named, fullName: Type.String({ example: 'Second Level: Complaint' }) }),
  Type.Omit(Type.Object(optional), detection),
  Type.Partial(Type.Pick(Type.Object(optional), detection)),
])
export type TagView = Static<typeof TagView>
