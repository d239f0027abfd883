import { Type } from '@sinclair/typebox'
import type { Operation } from './operation.ts'
import { Success } from './refusal.ts'

export const healthOperation = {
  method: 'GET',
  path: '/health',
  operationId: 'getHealth',
  tags: ['Service'],
  summary: 'Whether the service is up',
  description: 'For probes.',
  isPublic: true,
  responses: { 200: { description: 'It is up', schema: Success } },
} as const satisfies Operation

export const versionOperation = {
  method: 'GET',
  path: '/version',
  operationId: 'getVersion',
  tags: ['Service'],
  summary: 'Which version runs',
  description: 'The version of this mock, so that nobody takes it for the real service.',
  isPublic: true,
  responses: {
    200: {
      description: 'The version',
      schema: Type.Object({
        success: Type.Boolean({ example: true }),
        version: Type.String({ example: 'enneo-mock 0.1.0' }),
      }),
    },
  },
} as const satisfies Operation

/** The vendor serves its document without sign-in, as YAML (P). */
export const documentOperation = {
  method: 'GET',
  path: '/docs/open-api',
  operationId: 'getOpenApiDocument',
  tags: ['Service'],
  summary: 'This document',
  description: 'The OpenAPI document of what is mocked, as YAML.',
  isPublic: true,
  responses: {
    200: { description: 'The document', schema: Type.String(), mediaType: 'application/yaml' },
  },
} as const satisfies Operation
