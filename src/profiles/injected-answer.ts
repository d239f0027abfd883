import type { TSchema } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Operation } from '../../schemas/operation.ts'
import { failure } from '../http/failure.ts'
import { callOf } from './call.ts'
import { refusalBody } from './errors.ts'

/** What to answer; a status or a body is enough. */
type Wanted = { status?: number; body?: unknown; headers?: Record<string, string> }

/** An answer that did not come about by the rules, ready to send: its body is not held against a schema. */
export function injectedAnswer(request: FastifyRequest, { status = 200, body, headers = {} }: Wanted) {
  const content = body === undefined ? usualBody(request, status) : body
  return {
    status,
    headers: { ...usualHeaders[status], ...lowerCased(headers) },
    text: typeof content === 'string' ? content : JSON.stringify(content),
  }
}

/** Sends such an answer. */
export function sendInjected(request: FastifyRequest, reply: FastifyReply, wanted: Wanted): FastifyReply {
  const { status, headers, text } = injectedAnswer(request, wanted)
  return reply.code(status).type('application/json; charset=utf-8').headers(headers).send(text)
}

/** A body that the operation could answer with this status, the smallest that its schema allows. */
function usualBody(request: FastifyRequest, status: number): unknown {
  const operation: Operation | undefined = callOf(request).operation
  const schema = operation?.responses[status]?.schema
  if (status < 300) return schema ? smallest(schema) : { success: true }
  const message = `the mock was asked to answer ${status}`
  return schema?.properties?.results
    ? { results: [failure(message)] }
    : refusalBody(status, message, request, 'by a fault, a scenario or the header Prefer')
}

function smallest(schema: TSchema): unknown {
  if (schema.anyOf) return smallest(schema.anyOf[0])
  if (schema.const !== undefined) return schema.const
  switch (schema.type) {
    case 'object': {
      const required: string[] = schema.required ?? []
      return Object.fromEntries(required.map((key) => [key, smallest(schema.properties[key])]))
    }
    case 'array':
      return []
    case 'boolean':
      return true
    case 'integer':
      return 0
    default:
      return ''
  }
}

/** Headers that go with a status wherever it comes from. */
const usualHeaders: Readonly<Record<number, Record<string, string>>> = {
  401: { 'www-authenticate': 'Bearer' },
  429: { 'retry-after': '1' },
  503: { 'retry-after': '1' },
}

const lowerCased = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
