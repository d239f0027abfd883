import type { FastifyRequest } from 'fastify'
import type { Operation } from '../../schemas/operation.ts'
import type { RefusalName } from '../../schemas/refusals.ts'
import type { World } from '../stores/profile-store.ts'
import type { Sandbox } from '../traffic/sandboxes.ts'
import { Violations } from '../traffic/violations.ts'
import { type KeptHeaders, keptHeadersOf } from '../values/redaction.ts'
import { sandboxName } from '../values/sandbox-name.ts'
import { withoutJwt } from '../values/secrets.ts'
import type { Caller } from './caller.ts'
import type { AnswerCheck } from './self-check.ts'

/** What the mock knows of one request on the vendor's paths; it learns more on the request's way. */
export class Call {
  /** Which one it is of the vendor's API, if any. */
  readonly operation: Operation | undefined
  /** Path without the query. */
  readonly path: string
  /** As they came, without any that may hold a secret. */
  readonly headers: KeptHeaders
  /** The body, once it has been found to be JSON. */
  bodyText: string | undefined
  /** What the request named, whether or not it exists. */
  readonly sandboxName: string | undefined
  /** Whose traffic this is, once sign-in has let the call in. */
  sandbox: Sandbox | undefined
  caller: Caller | undefined
  readonly violations = new Violations()
  /** Why it was refused, for the log and the journal: in words, and by the contract's name for it. */
  reason: string | undefined
  refusal: RefusalName | undefined
  /** What was injected. */
  fault: string | undefined
  /** How its answer stands to the document, where that is checked. */
  answerCheck: AnswerCheck | undefined
  /** A change has been made. */
  hasCommitted = false

  constructor({ url, headers, routeOptions }: FastifyRequest) {
    // The framework puts its options together anew whenever they are asked for.
    this.operation = routeOptions.config.operation
    const query = url.indexOf('?')
    this.path = withoutJwt(query === -1 ? url : url.slice(0, query))
    this.headers = keptHeadersOf(headers)
    const named = headers['x-mock-sandbox']
    if (named !== undefined && sandboxName.test(String(named))) this.sandboxName = String(named)
  }

  get world(): World | undefined {
    return this.sandbox?.world
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    enneoCall: Call | null
  }
  interface FastifyContextConfig {
    /** Which operation of the vendor's API the route is. */
    operation?: Operation
  }
}

export function openCall(request: FastifyRequest): Call {
  const call = new Call(request)
  request.enneoCall = call
  return call
}

/** The call of a request, from the first hook of the vendor's scope on. */
export const callOf = (request: FastifyRequest): Call => request.enneoCall as Call

/** Sign-in has let it in. */
export type SignedInCall = Call & { caller: Caller; sandbox: Sandbox; readonly world: World }

/** The call of a request, behind sign-in: on every route that is not public. */
export const signedInCall = (request: FastifyRequest): SignedInCall => request.enneoCall as SignedInCall

/** Faults that are due after a change are due now, if at least one item was applied. */
export function noteCommit(request: FastifyRequest, results: readonly { success: boolean }[]): void {
  callOf(request).hasCommitted = results.some(({ success }) => success)
}
