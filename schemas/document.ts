import { Type } from '@sinclair/typebox'
import type { Operation } from './operation.ts'

/** The vendor serves its document without sign-in, as YAML (P). */
export const documentOperation = {
  method: 'GET',
  path: '/docs/open-api',
  operationId: 'getOpenApiDocument',
  tags: ['Documentation'],
  summary: 'This document',
  description: 'The OpenAPI document of what is mocked, as YAML.',
  isPublic: true,
  responses: {
    200: { description: 'The document', schema: Type.String(), mediaType: 'application/yaml' },
  },
} as const satisfies Operation
