import type { FastifyReply, FastifyRequest } from 'fastify'
import { failure } from '../http/failure.ts'
import { callOf } from './call.ts'
import type { BadItem } from './check-update-profiles.ts'
import { handleError, toRefusal } from './errors.ts'
import { Refusal } from './refusal.ts'

/** Carries what is wrong from validation to the answer. */
export class BadItems extends Refusal {
  readonly items: readonly BadItem[]
  constructor(items: readonly BadItem[]) {
    super(400, 'the body does not fit the schema', { name: refusalOf(items) })
    this.items = items
  }
}

/** Without an index it is the body itself, and a list is all that can be missing from it. */
const refusalOf = ([first]: readonly BadItem[]) =>
  first?.index === undefined ? 'profiles-missing' : 'body-unfit'

/** [refusal.entries] A 400 of a bulk update lists results (S); all else is answered as everywhere. */
export function answerInResults(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, message, refusal, misfits = [] } = toRefusal(error)
  if (status !== 400) return handleError(error, request, reply)
  const items = error instanceof BadItems ? error.items : [{ message, misfits }]
  const call = callOf(request)
  call.reason = 'the body does not fit the schema'
  call.refusal = refusal
  for (const item of items) call.violations.add({ ...item, rule: 'schema' })
  return reply.code(400).send({
    results: items.map(({ id, message }) => ({ id, ...failure(message) })),
  })
}
