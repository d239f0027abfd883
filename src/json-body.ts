import type { FastifyInstance } from 'fastify'
import secureJson from 'secure-json-parse'

/** A body that is no JSON, or holds keys that could reach a prototype. */
export class JsonBodyError extends Error {
  readonly statusCode = 400
  readonly hasForbiddenKey: boolean
  constructor(message: string, hasForbiddenKey: boolean) {
    super(message)
    this.hasForbiddenKey = hasForbiddenKey
  }
}

/** Parses every body of a scope as JSON whatever its content type says; an empty one is `undefined`. */
export function parseBodiesAsJson(app: FastifyInstance, bodyLimit: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : parseJson(body as string))
    } catch (error) {
      done(error as Error)
    }
  })
  app.addHook('preParsing', (request, _reply, _payload, done) => {
    // The framework would refuse a malformed type before any parser is asked.
    request.headers['content-type'] = 'application/json'
    done()
  })
}

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
