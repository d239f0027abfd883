import { type Static, Type } from '@sinclair/typebox'
import { Enum } from './enum.ts'
import type { Operation } from './operation.ts'
import { invalidAnswer, notFoundAnswer, unauthorizedAnswer } from './refusal.ts'
import { Tag, TagView } from './tag.ts'

const tree = {
  type: Type.Index(Tag, ['type']),
  includeDisabled: Type.Boolean({ description: 'Show disabled tags too', default: false }),
}

export const TagTreeQuery = Type.Partial(Type.Object(tree))
export type TagTreeQuery = Static<typeof TagTreeQuery>

export const TagsQuery = Type.Partial(
  Type.Object({
    q: Type.String({ description: 'Text in the name or the full name' }),
    ...tree,
    format: Enum(['full', 'medium', 'short', 'compact'], {
      description: 'All but full leave out where and how a tag is detected',
      default: 'full',
    }),
  }),
)
export type TagsQuery = Static<typeof TagsQuery>

export const tagsOperation = {
  method: 'GET',
  path: '/tag',
  operationId: 'getTags',
  tags: ['Tag'],
  summary: 'All tags',
  description: 'Choices for every list of tag ids, ordered by id. The skills of a profile or team are tags.',
  query: TagsQuery,
  responses: {
    200: {
      description: 'The tags',
      schema: Type.Object({ success: Type.Boolean({ example: true }), tags: Type.Array(TagView) }),
    },
    400: invalidAnswer,
    401: unauthorizedAnswer,
  },
} as const satisfies Operation

export const tagTreeOperation = {
  method: 'GET',
  path: '/tag/tree',
  operationId: 'getTagTree',
  tags: ['Tag'],
  summary: 'All tags as a tree',
  description: 'The roots; each tag holds its `children`.',
  query: TagTreeQuery,
  responses: {
    200: {
      description: 'The roots',
      schema: Type.Array(
        Type.Object({}, { additionalProperties: true, description: 'A tag with its `children`' }),
      ),
    },
    400: invalidAnswer,
    401: unauthorizedAnswer,
  },
} as const satisfies Operation

export const tagOperation = {
  method: 'GET',
  path: '/tag/{id}',
  operationId: 'getTag',
  tags: ['Tag'],
  summary: 'One tag',
  description: 'One that the caller may not see is as good as none.',
  responses: {
    200: { description: 'The tag', schema: TagView },
    401: unauthorizedAnswer,
    404: notFoundAnswer,
  },
} as const satisfies Operation
