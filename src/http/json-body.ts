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

/**
 * [transport.content-type] Parses every body of a scope as JSON whatever its type says; an empty one is `undefined`.
 */
export function parseBodiesAsJson(
  app: FastifyInstance,
  limits: BodyLimits,
  accepted: (request: FastifyRequest, text: string) => void = () => {},
): void {
  app.removeAllContentTypeParsers()
  // [transport.text] As UTF-8, which JSON always is.
  const parser = collectBody(limits, (request, body, done) => {
    const text = withoutByteOrderMark(String(body))
    if (text === '') return done(null, undefined)
    let value: unknown
    try {
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

const withoutByteOrderMark = (text: string) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)

function parseJson(text: string): unknown {
  try {
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
