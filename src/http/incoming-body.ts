import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import timers from 'node:timers'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ExpectedError } from '../values/expected-error.ts'

// Those of Node, whatever a test has put in their place.
const { setTimeout, clearTimeout, setInterval, clearInterval } = timers

type BodyProblem = 400 | 408 | 413

/** A body that was not taken: 413 it is too large, 408 it stopped arriving, 400 its connection broke. */
export class BodyError extends ExpectedError {
  readonly statusCode: BodyProblem
  constructor(statusCode: BodyProblem, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

export type BodyLimits = {
  /** Bytes. */
  bodyLimit: number
  /** Milliseconds without a byte after which a body is given up; 10,000 when it is not set. */
  bodySilence?: number
}

type Done = (error: Error | null, body?: unknown) => void

/** [transport.continue] Requests of clients that wait to be asked for the body, and how to ask. */
const waitingClients = new WeakMap<IncomingMessage, ServerResponse>()

export function waitToAskForBody(request: IncomingMessage, response: ServerResponse): void {
  waitingClients.set(request, response)
}

/** A parser for bodies that are wanted whole: those that do not come whole end in a {@link BodyError}. */
export function collectBody(
  limits: BodyLimits,
  parse: (request: FastifyRequest, body: Buffer, done: Done) => void,
): (request: FastifyRequest, stream: Readable, done: Done) => void {
  const { bodyLimit, bodySilence = 10_000 } = limits
  const arriving = createArrivals(bodySilence)
  const tooLarge = () => new BodyError(413, 'the body is larger than the limit')
  const silent = () => new BodyError(408, `nothing of the body arrived for ${bodySilence / 1000} seconds`)
  const broken = () => new BodyError(400, 'the body did not come whole')
  return (request, stream, done) => {
    // [transport.body-limit] Nobody is asked for a body that will be refused.
    if (Number(request.headers['content-length']) > bodyLimit) return done(tooLarge())
    const parts: Buffer[] = []
    let bytes = 0
    const fail = (error: BodyError) => {
      arriving.delete(arrival)
      stream.off('data', take).off('end', end).off('error', breakOff)
      done(error)
    }
    const breakOff = () => fail(broken())
    const end = () => {
      arriving.delete(arrival)
      stream.off('error', breakOff)
      parse(request, parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, bytes), done)
    }
    const take = (part: Buffer) => {
      arrival.quietLooks = 0
      bytes += part.length
      if (bytes > bodyLimit) fail(tooLarge())
      else parts.push(part)
    }
    // [transport.body-silence]
    const arrival: Arrival = { quietLooks: 0, giveUp: () => fail(silent()) }
    arriving.add(arrival)
    stream.on('data', take).on('end', end).on('error', breakOff)
    const waiting = waitingClients.get(request.raw)
    if (waiting) waiting.writeContinue()
    if (waiting) waitingClients.delete(request.raw)
  }
}

/** A body on its way. */
type Arrival = { quietLooks: number; giveUp: () => void }

const looks = 10

/**
 * Bodies that are given up when nothing of them comes for so long, or a tenth longer: one timer looks after them all,
 * as most come with their headers (one for each body took 0.5 µs of a call).
 */
function createArrivals(silence: number): Pick<Set<Arrival>, 'add' | 'delete'> {
  const all = new Set<Arrival>()
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    if (all.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
    for (const arrival of all) {
      arrival.quietLooks += 1
      if (arrival.quietLooks > looks) arrival.giveUp()
    }
  }
  return {
    add: (arrival) => {
      // A connection keeps its process up by itself.
      timer ??= setInterval(look, silence / looks).unref()
      return all.add(arrival)
    },
    delete: (arrival) => all.delete(arrival),
  }
}

/** What is read and dropped of a body that nobody wants, so that its client gets to read the answer. */
const mostDropped = { bytes: 1024 ** 3, milliseconds: 60_000 }

/** Without a byte for this long, in milliseconds, a client waits for its answer. */
const quiet = { afterSending: 1000, beforeBeingAsked: 50 }

/**
 * Answers leave when the body of their request has come, wanted or not: whoever sends without reading would otherwise
 * lose an answer that ends the connection. [transport.unread-body]
 */
export function answerAfterBody(app: FastifyInstance, most = mostDropped): void {
  app.addHook('onSend', (request, reply, _answer, done) => {
    if (isArriving(request) && reply.statusCode !== 408) drop(request.raw, most, done)
    else done()
  })
}

const isArriving = ({ raw, headers }: FastifyRequest) =>
  !raw.readableEnded &&
  !raw.destroyed &&
  (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)

function drop(stream: IncomingMessage, most: typeof mostDropped, done: () => void): void {
  let bytes = 0
  const finish = () => {
    clearTimeout(silence)
    clearTimeout(patience)
    stream.off('data', take).off('end', finish).off('close', finish)
    done()
  }
  const patience = setTimeout(finish, most.milliseconds)
  const silence = setTimeout(finish, waitingClients.has(stream) ? quiet.beforeBeingAsked : quiet.afterSending)
  const take = (part: Buffer) => {
    silence.refresh()
    bytes += part.length
    if (bytes > most.bytes) finish()
  }
  stream.on('data', take).on('end', finish).on('close', finish).resume()
}
