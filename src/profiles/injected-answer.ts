import type { TSchema } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Operation } from '../../schemas/operation.ts'

/** An answer of this status that the operation could give, with the smallest body its schema allows. */
export function injectedBody(operation: Operation | undefined, status: number): unknown {
  const schema = operation?.responses[status]?.schema
  if (status < 300) return schema ? smallest(schema) : { success: true }
  const message = `the mock was asked to answer ${status}`
  if (status === 403) return { success: false }
  return schema?.properties?.results
    ? { results: [{ success: false, message }] }
    : { success: false, message }
}

function smallest(schema: TSchema): unknown {
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

/** Sends an answer that did not come about by the rules. Its body is not held against the operation's schema. */
export function sendInjected(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: { status: number; body?: unknown; headers?: Record<string, string> },
): FastifyReply {
  const { status, body = injectedBody(request.routeOptions.config.operation, status), headers = {} } = answer
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .headers({ ...usualHeaders[status], ...headers })
    .send(injectedText(body))
}

export const injectedText = (body: unknown): string =>
  typeof body === 'string' ? body : JSON.stringify(body)
