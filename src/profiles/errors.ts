import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { JsonBodyError } from '../http/json-body.ts'
import { StoreAway } from '../stores/profile-store.ts'
import type { Call } from './call.ts'
import { Refusal, refusal } from './refusal.ts'

/** Anything thrown on the way, as a refusal; what nobody foresaw becomes a 500 whose cause only the log holds. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const { code, statusCode } = error as FastifyError
  // [transport.body-limit]
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return refusal('body-too-large', 'the body is larger than the limit')
  if (error instanceof JsonBodyError) return noJson(error)
  // [store.away]
  if (error instanceof StoreAway)
    return new Refusal(503, 'the store of the mock cannot be reached; try again', {
      headers: { 'retry-after': '1' },
    })
  if (statusCode !== undefined && statusCode < 500)
    return new Refusal(statusCode, 'the request could not be read')
  return new Refusal(500, 'the mock failed; its log says why')
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
  const { status, message } = refusal
  const body = status === 403 ? { success: false } : { success: false, message }
  return reply.code(status).headers(refusal.headers).send(body)
}

export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toRefusal(error)
  if (refusal.status === 500) request.log.error({ err: error }, 'unexpected error')
  if (refusal.status === 503) request.log.warn({ reason: (error as Error).message }, 'the store is away')
  if (request.enneoCall) noteReason(request.enneoCall, refusal)
  return sendRefusal(refusal, reply)
}

function noteReason(call: Call, { message, refusal, misfits }: Refusal): void {
  call.reason = message
  call.refusal = refusal
  if (misfits) call.violations.add({ rule: 'schema', message, misfits })
}
