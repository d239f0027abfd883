import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ArmedFault } from '../../schemas/fault.ts'
import { breakConnection } from '../traffic/break-connection.ts'
import { millisecondsOf, wait } from '../traffic/delay.ts'
import type { Sandboxes } from '../traffic/sandboxes.ts'
import { scenarioStatus, scenarios } from '../traffic/scenarios.ts'
import { callOf, signedInCall } from './call.ts'
import { injectedAnswer, sendInjected } from './injected-answer.ts'

export type BendOptions = {
  /** Aborted when the server closes: nobody waits any longer. */
  closing: AbortSignal
  /** Milliseconds since 1970, by the clock of a sandbox. */
  now: Sandboxes['now']
  random: () => number
  /** Is told of a call whose answer never leaves. */
  dropped: (request: FastifyRequest) => void
}

/**
 * [fault.phase] Delay, scenario and faults before anything is changed. Most calls pass untouched: then there is nothing
 * to wait for. The call may have been answered afterwards.
 */
export function bendBefore(
  request: FastifyRequest,
  reply: FastifyReply,
  options: BendOptions,
): Promise<void> | undefined {
  const { sandbox } = signedInCall(request)
  const scenario = scenarios[sandbox.scenario]
  const status = scenarioStatus(sandbox, options.now(sandbox))
  const fault = status === undefined ? take(request, 'before-commit') : undefined
  const isUntouched = status === undefined && !fault && scenario.delay === undefined && sandbox.delay === 0
  return isUntouched ? undefined : bent(request, reply, { status, fault }, options)
}

async function bent(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, fault }: { status: number | undefined; fault: ArmedFault | undefined },
  options: BendOptions,
): Promise<void> {
  const { sandbox } = signedInCall(request)
  const scenario = scenarios[sandbox.scenario]
  for (const delay of [sandbox.delay, scenario.delay, fault?.delay]) {
    if (delay !== undefined) await waitFor(millisecondsOf(delay, options.random), reply, options.closing)
  }
  // Whoever left during the wait gets nothing done: the body can no longer be read.
  if (reply.raw.destroyed) {
    if (fault) mark(request, reply, fault.id)
    options.dropped(request)
    reply.hijack()
  } else if (status !== undefined) {
    mark(request, reply, `scenario ${sandbox.scenario}`)
    // The answer may have to wait for the body, and the call must go no further meanwhile.
    await sendInjected(request, reply, { status })
  } else if (fault) {
    await inject(fault, request, reply, options)
  }
}

/** One that only delays or adds headers does not answer the call. */
async function inject(
  fault: ArmedFault,
  request: FastifyRequest,
  reply: FastifyReply,
  options: BendOptions,
): Promise<void> {
  mark(request, reply, fault.id)
  if (fault.fault) {
    options.dropped(request)
    breakConnection(fault.fault, request, reply)
  } else if (fault.status === undefined && fault.body === undefined) {
    reply.headers(fault.headers ?? {})
  } else {
    await sendInjected(request, reply, fault)
  }
}

/**
 * Faults that are due once a change has been made: the answer's text becomes another one, or never leaves. Resolves
 * with the text to send; when the connection was broken it never does, so that nothing is sent after all. Without such
 * a fault there is nothing to wait for.
 */
export function bendAfter(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: unknown,
  options: BendOptions,
): Promise<unknown> | undefined {
  const fault = callOf(request).hasCommitted ? take(request, 'after-commit') : undefined
  return fault && injectAfter(fault, request, reply, answer, options)
}

async function injectAfter(
  fault: ArmedFault,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: unknown,
  options: BendOptions,
): Promise<unknown> {
  if (fault.delay !== undefined)
    await waitFor(millisecondsOf(fault.delay, options.random), reply, options.closing)
  mark(request, reply, fault.id)
  if (fault.fault) {
    options.dropped(request)
    breakConnection(fault.fault, request, reply)
    return new Promise(() => {})
  }
  if (fault.status === undefined && fault.body === undefined) {
    reply.headers(fault.headers ?? {})
    return answer
  }
  const { status, headers, text } = injectedAnswer(request, fault)
  reply.code(status).headers({ ...headers, 'content-length': String(Buffer.byteLength(text)) })
  return text
}

function take(request: FastifyRequest, phase: 'before-commit' | 'after-commit'): ArmedFault | undefined {
  const { sandbox, caller, path } = signedInCall(request)
  const { method, url, raw } = request
  const isOnUsedConnection = (raw.socket?.bytesWritten ?? 0) > 0
  return sandbox.faults.take({ method, path, url, userId: caller.id, isOnUsedConnection }, phase)
}

/** [fault.marked] */
function mark(request: FastifyRequest, reply: FastifyReply, fault: string): void {
  callOf(request).fault = fault
  reply.header('x-mock-fault', fault)
}

async function waitFor(milliseconds: number, reply: FastifyReply, closing: AbortSignal): Promise<void> {
  if (milliseconds === 0) return
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  await wait(milliseconds, AbortSignal.any([closing, gone.signal]))
}
