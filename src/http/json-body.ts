import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import secureJson from 'secure-json-parse'
import { ExpectedError } from '../values/expected-error.ts'
import { type BodyLimits, collectBody } from './incoming-body.ts'

/** A body that is no JSON, or holds keys that could reach a prototype. */
export class JsonBodyError extends ExpectedError {
  readonly statusCode = 400
  readonly hasForbiddenKey: boolean
  constructor(message: string, hasForbiddenKey: boolean) {
    super(message)
    this.hasForbiddenKey = hasForbiddenKey
  }
}

/** A body that is compressed or otherwise encoded, which nobody here reads. */
export class BodyEncodingError extends ExpectedError {
  readonly statusCode = 415
}

/**
 * [transport.content-type] Parses every body of a scope as JSON whatever its type says; an empty one is `undefined`.
 */
export function parseBodiesAsJson(
  app: FastifyInstance,
  limits: BodyLimits,
  accepted: (request: FastifyRequest, text: string) => void = () => {},
): void {
  app.removeAllContentTypeParsers()
  const parser = collectBody(limits, (request, body, done) => {
    let text: string
    let value: unknown
    try {
      refuseEncoding(request.headers['content-encoding'])
      text = textOf(body)
      if (text === '') return done(null, undefined)
      value = parseJson(text)
    } catch (error) {
      return done(error as Error)
    }
    accepted(request, text)
    done(null, value)
  })
  app.addContentTypeParser('application/json', parser)
  app.addHook('onRequest', (request, _reply, done) => {
    // The framework would refuse a malformed type, or look for a parser of another one.
    request.headers['content-type'] = 'application/json'
    done()
  })
}

/** [transport.encoding] @throws {BodyEncodingError} */
function refuseEncoding(encoding: string | undefined): void {
  if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') return
  throw new BodyEncodingError(`the body must be sent as it is, not with Content-Encoding ${encoding}`)
}

/** [transport.character-set] [transport.text] JSON is UTF-8; [transport.byte-order-mark] a byte order mark is skipped. @throws {JsonBodyError} */
function textOf(body: Buffer): string {
  const text = body.toString()
  // Where this character stands for bytes that are none, or was sent.
  if (text.includes('\ufffd') && !isUtf8(body)) {
    throw new JsonBodyError('the body is not valid JSON: it is not UTF-8', false)
  }
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text
}

const byteOrderMark = 0xfeff

function parseJson(text: string): unknown {
  const value = parseSafely(text)
  if (hasHugeNumber(text, value)) {
    throw new JsonBodyError('the body holds a number that is too large for any double', false)
  }
  return value
}

function parseSafely(text: string): unknown {
  try {
    // The parser would skip another one.
    if (text.charCodeAt(0) === byteOrderMark) throw new Error('a second byte order mark')
    return secureJson.parse(text, { protoAction: 'error', constructorAction: 'error' })
  } catch (error) {
    // The parser's own message quotes the body, which may hold a password.
    const isForbidden = (error as Error).message.includes('forbidden prototype')
    throw new JsonBodyError(
      isForbidden
        ? 'the keys __proto__ and constructor.prototype are not accepted'
        : 'the body is not valid JSON',
      isForbidden,
    )
  }
}

/** Without such a part no number of the text is beyond a double's range. */
const partOfHugeNumber = /\d[eE]\+?\d{3}|\d{200}/

/** [transport.numbers] A parser makes infinity of such a number, which JSON does not have. */
function hasHugeNumber(text: string, value: unknown): boolean {
  if (!partOfHugeNumber.test(text)) return false
  // No recursion: data may be nested deeper than the stack is high.
  const open = [value]
  while (open.length > 0) {
    const part = open.pop()
    if (part === Number.POSITIVE_INFINITY || part === Number.NEGATIVE_INFINITY) return true
    if (typeof part === 'object' && part !== null) for (const entry of Object.values(part)) open.push(entry)
  }
  return false
}
