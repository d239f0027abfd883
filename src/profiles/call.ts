import type { FastifyRequest } from 'fastify'
import type { Operation } from '../../schemas/operation.ts'
import type { RefusalName } from '../../schemas/refusals.ts'
import { sandboxName } from '../sandbox-name.ts'
import type { World } from '../stores/profile-store.ts'
import { shownHeadersOf } from '../traffic/redaction.ts'
import type { Sandbox } from '../traffic/sandboxes.ts'
import { Violations } from '../traffic/violations.ts'
import type { Caller } from './caller.ts'
import type { AnswerCheck } from './self-check.ts'

/** What the mock knows of one request on the vendor's paths; it learns more on the request's way. */
export type Call = {
  /** Path without the query. */
  path: string
  /** As they came, without any that may hold a secret. */
  headers: Record<string, string>
  /** What the request named, whether or not it exists. */
  sandboxName?: string
  /** Whose traffic this is, once sign-in has let the call in. */
  sandbox?: Sandbox
  readonly world: World | undefined
  caller?: Caller
  violations: Violations
  /** Why it was refused, for the log and the journal: in words, and by the contract's name for it. */
  reason?: string
  refusal?: RefusalName | undefined
  /** What was injected. */
  fault?: string
  /** How its answer stands to the document, where that is checked. */
  answerCheck?: AnswerCheck
  /** A change has been made. */
  hasCommitted?: boolean
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
  const named = String(request.headers['x-mock-sandbox'] ?? '')
  const call: Call = {
    path: request.url.split('?', 1)[0] as string,
    headers: shownHeadersOf(request.headers),
    ...(sandboxName.test(named) && { sandboxName: named }),
    violations: new Violations(),
    get world() {
      return this.sandbox?.world
    },
  }
  request.enneoCall = call
  return call
}

/** The call of a request, from the first hook of the vendor's scope on. */
export const callOf = (request: FastifyRequest): Call => request.enneoCall as Call

/** Sign-in has let it in. */
export type SignedInCall = Call & Required<Pick<Call, 'caller' | 'sandbox'>> & { readonly world: World }

/** The call of a request, behind sign-in: on every route that is not public. */
export const signedInCall = (request: FastifyRequest): SignedInCall => request.enneoCall as SignedInCall

/** At least one item was applied, so faults that are due after a change are due now. */
export function noteCommit(
  request: FastifyRequest,
  items: readonly { problems: readonly unknown[] }[],
): void {
  callOf(request).hasCommitted = items.some(({ problems }) => problems.length === 0)
}
