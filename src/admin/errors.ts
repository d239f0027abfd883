import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { StoreAway } from '../stores/profile-store.ts'
import type { ValidationFault } from '../values/validation.ts'

/** A call to the control plane that cannot be carried out; its message says what to do. */
export class AdminError extends Error {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly faults: readonly ValidationFault[] | undefined
  constructor(
    statusCode: number,
    message: string,
    headers: Record<string, string> = {},
    faults?: readonly ValidationFault[],
  ) {
    super(message)
    this.statusCode = statusCode
    this.headers = headers
    this.faults = faults
  }
}

export function handleAdminError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // [store.away]
  if (error instanceof StoreAway) {
    request.log.warn({ reason: error.message }, 'the store is away')
    return reply
      .code(503)
      .header('retry-after', '1')
      .send({ message: storeAway(error) })
  }
  const { statusCode = 500, message, headers = {}, faults } = error as FastifyError & Partial<AdminError>
  if (statusCode >= 500) {
    request.log.error({ err: error }, 'unexpected error')
    return reply.code(500).send({ message: 'the mock failed; its log says why' })
  }
  return reply
    .code(statusCode)
    .headers(headers)
    .send({ message, ...(faults && { faults }) })
}

/** Why calls cannot be served now. */
export const storeAway = ({ message }: Error) => `the store cannot be reached: ${message}`
