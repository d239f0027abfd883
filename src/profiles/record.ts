import type { FastifyReply, FastifyRequest } from 'fastify'
import { type CoveredCall, hitsOf } from '../contract/coverage.ts'
import { type CallRecord, isLong, keptBody } from '../traffic/journal.ts'
import type { Sandboxes } from '../traffic/sandboxes.ts'
import { callOf } from './call.ts'

const mostLogged = 5

/** [journal.exact] Writes calls into the journal and the log, before their answer leaves. */
export type Recorder = {
  /** What was sent is the answer's text, if it is one. */
  answered: (request: FastifyRequest, reply: FastifyReply, sent: unknown) => void
  /** The connection is about to be broken, so there is no status. */
  dropped: (request: FastifyRequest) => void
}

export function createRecorder(sandboxes: Sandboxes): Recorder {
  const record = (request: FastifyRequest, answer: Answer = {}) => {
    const { status } = answer
    // [journal.left-out]
    if (callOf(request).operation?.isPublic) return
    // [journal.sandbox] A call that sign-in refused is told to the sandbox it named, if there is one, but does not
    // count as its use.
    const { sandbox, sandboxName } = callOf(request)
    const named = sandbox ?? (sandboxName === undefined ? undefined : sandboxes.known(sandboxName))
    const told = named ?? sandboxes.default
    const entry = recordOf(request, answer, sandboxes.now(told))
    told.journal.add(entry)
    sandboxes.tally.add(callOf(request).operation?.operationId, entry)
    const hits = hitsOf(coveredCall(request, status))
    sandboxes.coverage.add(hits)
    if (named !== sandboxes.default) named?.coverage.add(hits)
    logCall(request, entry)
  }
  return {
    answered: (request, reply, sent) =>
      record(request, { status: reply.statusCode, duration: reply.elapsedTime, text: sent }),
    dropped: (request) => record(request),
  }
}

/** What a call was answered, and after how many milliseconds; empty where its connection is broken. */
type Answer = { status?: number; duration?: number; text?: unknown }

function recordOf(request: FastifyRequest, answer: Answer, now: number): CallRecord {
  const call = callOf(request)
  const { path, headers, caller, violations, reason, refusal, fault, answerCheck, sandboxName, bodyText } =
    call
  const { status, duration, text } = answer
  return {
    at: now,
    method: request.method,
    url: request.url,
    path,
    headers,
    status,
    userId: caller?.id,
    reason,
    refusal,
    fault,
    violations: violations.kept,
    violationCount: violations.count,
    isUndocumented: answerCheck?.isUndocumented || undefined,
    breaches: answerCheck && answerCheck.breaches.length > 0 ? answerCheck.breaches : undefined,
    sandbox: sandboxName,
    // What could not be parsed is not kept: nobody can say where a secret in it begins.
    bodyText: bodyText && keptBody(bodyText),
    bodyIsCut: bodyText !== undefined && isLong(bodyText),
    bodyLength: bodyText?.length,
    duration,
    answerText: typeof text === 'string' ? keptBody(text) : undefined,
    answerIsCut: typeof text === 'string' && isLong(text),
    before: call.hasCommitted ? call.before : undefined,
    after: call.hasCommitted ? call.after : undefined,
    isUndone: undefined,
    bytes: 0,
    outcomeBytes: 0,
  }
}

/** [coverage.injected] Injected answers have no refusal. */
function coveredCall(request: FastifyRequest, status: number | undefined): CoveredCall {
  const { operation, refusal, violations } = callOf(request)
  return {
    operationId: operation?.operationId,
    status,
    refusals: refusal === undefined ? violations.rules : [refusal, ...violations.rules],
    body: request.body,
    query: request.query,
  }
}

/** One line per call, without query, headers or body. */
function logCall(request: FastifyRequest, entry: CallRecord): void {
  const {
    method,
    path,
    status = 0,
    userId,
    reason,
    fault,
    violations,
    violationCount,
    breaches,
    sandbox,
  } = entry
  if (breaches) request.log.error({ method, path, status, breaches }, 'the answer breaks the document')
  const isRemarkable = status >= 400 || status === 0 || violationCount > 0
  if (!isRemarkable && request.log.level !== 'debug') return
  request.log[isRemarkable ? 'info' : 'debug'](
    {
      method,
      path,
      status,
      userId,
      sandbox,
      reason,
      fault,
      ...(violationCount > 0 && { violations: violations.slice(0, mostLogged), violationCount }),
    },
    'call',
  )
}
