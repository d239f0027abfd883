import type { TObject, TSchema } from '@sinclair/typebox'

/** One operation of the vendor's API: the route is validated by it, its answers are serialized by it, the document shows it. */
export type Operation = {
  method: 'GET' | 'PATCH'
  /** Below the base path, with `{parameters}` as in OpenAPI; all of them are integers. */
  path: string
  operationId: string
  tags: readonly string[]
  summary: string
  description: string
  /** Can be called without sign-in. */
  isPublic?: boolean
  query?: TObject
  body?: TSchema
  responses: Readonly<Record<number, { description: string; schema: TSchema; mediaType?: string }>>
}
