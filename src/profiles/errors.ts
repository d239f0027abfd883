import { createHash } from 'node:crypto'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { failure } from '../http/failure.ts'
import { BodyError } from '../http/incoming-body.ts'
import { BodyEncodingError, JsonBodyError } from '../http/json-body.ts'
import { StoreAway } from '../stores/profile-store.ts'
import type { Call } from './call.ts'
import { Refusal, refusal } from './refusal.ts'

/** Anything thrown on the way, as a refusal; what nobody foresaw becomes a 500 whose cause only the log holds. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const { statusCode, message } = error as FastifyError
  if (error instanceof BodyError)
    return statusCode === 413 ? refusal('body-too-large', message) : new Refusal(error.statusCode, message)
  if (error instanceof JsonBodyError) return noJson(error)
  if (error instanceof BodyEncodingError)
    return refusal('encoding-unknown', message, { headers: { 'accept-encoding': 'identity' } })
  // [store.away]
  if (error instanceof StoreAway)
    return new Refusal(503, 'the store of the mock cannot be reached; try again', {
      headers: { 'retry-after': '1' },
    })
  // A later hook of the host application refused the call.
  if (statusCode !== undefined && statusCode < 500) return new Refusal(statusCode, message)
  return new Refusal(500, 'the mock failed')
}

/** [refusal.not-json] [refusal.prototype-keys] */
function noJson({ message, hasForbiddenKey }: JsonBodyError): Refusal {
  const [name, expected, got] = hasForbiddenKey
    ? (['forbidden-key', 'no key __proto__ or constructor.prototype', 'one'] as const)
    : (['body-not-json', 'JSON', 'something else'] as const)
  return refusal(name, message, { misfits: [{ path: 'the body', expected, got, message }] })
}

/**
 * The one place that gives refusals their shape: 403 says nothing more [answer.forbidden], all others carry a message
 * [answer.message].
 */
export function sendRefusal(refusal: Refusal, reply: FastifyReply): FastifyReply {
  const { status, message, headers } = refusal
  return reply
    .code(status)
    .headers(headers)
    .send(refusalBody(status, message, reply.request))
}

/**
 * What a refusal says: 403 nothing more (S), all others a message (A). [answer.failure] [answer.other-failures] A failure has the vendor's three
 * keys, its `txId` ten lower-case hex digits (P for 500, A for others).
 */
export function refusalBody(
  status: number,
  message: string,
  request: FastifyRequest,
  details = 'the log of the mock has the cause beside this txId',
): object {
  if (status >= 500) return { error: message, details, txId: txIdOf(request) }
  return status === 403 ? { success: false } : failure(message)
}

/** The same for all that is said of one call; no two calls of a server have the same. */
const txIdOf = ({ id }: FastifyRequest) => createHash('sha256').update(String(id)).digest('hex').slice(0, 10)

export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // A hook of the host application refused the call before it was ours: its own error handler answers.
  if (!request.enneoCall) throw error
  const refusal = toRefusal(error)
  if (refusal.status === 500) request.log.error({ err: error, txId: txIdOf(request) }, 'unexpected error')
  if (error instanceof StoreAway)
    request.log.warn({ reason: error.message, txId: txIdOf(request) }, 'the store is away')
  noteReason(request.enneoCall, refusal)
  return sendRefusal(refusal, reply)
}

function noteReason(call: Call, { message, refusal, misfits, violations }: Refusal): void {
  call.reason = message
  call.refusal = refusal
  if (misfits) call.violations.add({ rule: 'schema', message, misfits })
  for (const violation of violations) call.violations.add(violation)
}
