import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ArmedFault, Delay } from '../../schemas/fault.ts'
import type { ScenarioName } from '../../schemas/scenario.ts'
import type { Closing } from '../http/closing.ts'
import type { WorldNotes } from '../stores/world-notes.ts'
import { breakConnection } from '../traffic/break-connection.ts'
import { millisecondsOf, wait } from '../traffic/delay.ts'
import { faultsOf, type Phase } from '../traffic/faults.ts'
import type { Sandboxes } from '../traffic/sandboxes.ts'
import { counts, scenarioStatus, scenarios } from '../traffic/scenarios.ts'
import { type Awaitable, andThen } from '../values/awaitable.ts'
import { callOf, signedInCall } from './call.ts'
import { injectedAnswer, sendInjected } from './injected-answer.ts'

export type InjectionOptions = {
  /** Aborted when the server closes: nobody waits any longer. */
  closing: Closing
  /** Milliseconds since 1970, by the clock of a sandbox. */
  now: Sandboxes['now']
  random: () => number
  /** Is told of a call whose answer never leaves. */
  dropped: (request: FastifyRequest) => void
}

/** What is due for a call: a status of the scenario or else a fault, and the waits before. */
type Due = {
  scenario: ScenarioName
  status: number | undefined
  fault: ArmedFault | undefined
  delays: readonly (Delay | undefined)[]
}

/**
 * [fault.phase] Delay, scenario and faults before anything is changed. Most calls pass untouched: then there is nothing
 * to wait for. The call may have been answered afterwards.
 */
export function injectBefore(
  request: FastifyRequest,
  reply: FastifyReply,
  options: InjectionOptions,
): Awaitable<void> {
  return andThen(dueBefore(request, options), (due) => {
    const { status, fault, delays } = due
    const isUntouched = status === undefined && !fault && delays.every((delay) => (delay ?? 0) === 0)
    return isUntouched ? undefined : injected(request, reply, due, options)
  })
}

/** Counting and deciding are one step, where there is anything to count. */
function dueBefore(request: FastifyRequest, { now }: InjectionOptions): Awaitable<Due> {
  const { sandbox } = signedInCall(request)
  const { notes } = sandbox.world
  return andThen(notes.read(), (seen) =>
    isUncounted(seen)
      ? dueBy(seen, undefined, undefined)
      : notes.change((counted) => {
          const status = scenarioStatus(counted, now(sandbox))
          const fault = status === undefined ? take(counted, request, 'before-commit') : undefined
          return dueBy(counted, status, fault)
        }),
  )
}

const isUncounted = ({ scenario, faults }: Readonly<WorldNotes>) => faults.length === 0 && !counts(scenario)

const dueBy = (
  { scenario, delay }: Readonly<WorldNotes>,
  status: number | undefined,
  fault: ArmedFault | undefined,
): Due => ({ scenario, status, fault, delays: [delay, scenarios[scenario].delay, fault?.delay] })

async function injected(
  request: FastifyRequest,
  reply: FastifyReply,
  { scenario, status, fault, delays }: Due,
  options: InjectionOptions,
): Promise<void> {
  for (const delay of delays) {
    if (delay !== undefined) await waitFor(millisecondsOf(delay, options.random), reply, options.closing)
  }
  // Whoever left during the wait gets nothing done: the body can no longer be read.
  if (reply.raw.destroyed) {
    if (fault) mark(request, reply, fault.id)
    options.dropped(request)
    reply.hijack()
  } else if (status !== undefined) {
    mark(request, reply, `scenario ${scenario}`)
    // The answer may have to wait for the body, and the call must go no further meanwhile.
    await sendInjected(request, reply, { status })
  } else if (fault) {
    await injectFault(fault, request, reply, options)
  }
}

/** One that only delays or adds headers does not answer the call. */
async function injectFault(
  fault: ArmedFault,
  request: FastifyRequest,
  reply: FastifyReply,
  options: InjectionOptions,
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
 * Faults that are due once a change has been made: the answer's text becomes another one, or never leaves. Gives the
 * text to send; when the connection was broken it never does, so that nothing is sent after all. Without such a fault
 * there is nothing to wait for.
 */
export function injectAfter(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: unknown,
  options: InjectionOptions,
): Awaitable<unknown> {
  if (!callOf(request).hasCommitted) return answer
  const { notes } = signedInCall(request).world
  const fault = andThen(notes.read(), ({ faults }) =>
    faults.length === 0 ? undefined : notes.change((counted) => take(counted, request, 'after-commit')),
  )
  const sent = (due: ArmedFault | undefined) =>
    due ? injectFaultAfter(due, request, reply, answer, options) : answer
  // The change has been made, so its answer is true even when the store went away just now.
  return fault instanceof Promise ? fault.catch(() => undefined).then(sent) : sent(fault)
}

async function injectFaultAfter(
  fault: ArmedFault,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: unknown,
  options: InjectionOptions,
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

function take(notes: WorldNotes, request: FastifyRequest, phase: Phase): ArmedFault | undefined {
  const { caller, path } = signedInCall(request)
  const { method, url, raw } = request
  const isOnUsedConnection = (raw.socket?.bytesWritten ?? 0) > 0
  const fault = faultsOf(notes).take({ method, path, url, userId: caller.id, isOnUsedConnection }, phase)
  return fault && { ...fault }
}

/** [fault.marked] */
function mark(request: FastifyRequest, reply: FastifyReply, fault: string): void {
  callOf(request).fault = fault
  reply.header('x-mock-fault', fault)
}

async function waitFor(milliseconds: number, reply: FastifyReply, closing: Closing): Promise<void> {
  if (milliseconds === 0) return
  let forget!: () => void
  await wait(milliseconds, (end) => {
    forget = closing.onceBegun(end)
    reply.raw.once('close', end)
  })
  forget()
}
