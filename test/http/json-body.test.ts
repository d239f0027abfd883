import { gzipSync } from 'node:zlib'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { parseBodiesAsJson } from '../../src/http/json-body.ts'

/** A server that answers with the body that it read. */
function readingApp(t: Test) {
  const app = Fastify()
  t.teardown(() => app.close())
  parseBodiesAsJson(app, { bodyLimit: 1024 * 1024 })
  app.post('/', async ({ body }) => ({ body }))
  return app
}

const nested = (inner: string, depth: number) => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`

const read: [what: string, sent: string | Buffer, body: unknown][] = [
  ['an umlaut in UTF-8', '"Jürgen"', 'Jürgen'],
  ['a byte order mark', '\ufeff{"a":1}', { a: 1 }],
  ['the largest double', '1.7976931348623157e308', Number.MAX_VALUE],
  ['the smallest double', '[-1.7976931348623157E+308]', [-Number.MAX_VALUE]],
  ['a fraction too small for a double', '1e-999', 0],
  ['text that looks like too large a number', '"1e999"', '1e999'],
  ['a long number within range', `1${'0'.repeat(250)}`, 1e250],
  ['a number with many digits behind the point', `0.${'1'.repeat(250)}`, 1 / 9],
  ['an exponent with many noughts', '1e0000000002', 100],
]

for (const [what, sent, body] of read) {
  // [transport.byte-order-mark]
  t.test(`a body with ${what} is read`, async (t) => {
    const answer = await readingApp(t).inject({ method: 'POST', url: '/', payload: sent })
    t.equal(answer.statusCode, 200)
    t.strictSame(answer.json(), { body })
  })
}

const notUtf8 = 'the body is not valid JSON: it is not UTF-8'
const tooLarge = 'the body holds a number that is too large for any double'

const refused: [what: string, sent: string | Buffer, message: string][] = [
  ['an umlaut in Latin-1', Buffer.from('{"name":"J\xfcrgen"}', 'latin1'), notUtf8],
  ['half a character', Buffer.from('"\xc3"', 'latin1'), notUtf8],
  ['a lone surrogate in UTF-8', Buffer.from('"\xed\xa0\x80"', 'latin1'), notUtf8],
  ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), notUtf8],
  ['too large a number', '1e400', tooLarge],
  ['too large a negative number', '{"a":[{"b":-1E+309}]}', tooLarge],
  ['too long a number', `{"a":${'9'.repeat(310)}}`, tooLarge],
  ['a long number with an exponent', `${'9'.repeat(250)}e99`, tooLarge],
  ['too large a number 10,000 levels deep', nested('1e400', 10_000), tooLarge],
]

for (const [what, sent, message] of refused) {
  // [transport.character-set]
  t.test(`a body with ${what} is refused`, async (t) => {
    const answer = await readingApp(t).inject({ method: 'POST', url: '/', payload: sent })
    t.equal(answer.statusCode, 400)
    t.equal(answer.json().message, message)
  })
}

const encodings: [encoding: string, status: number][] = [
  ['identity', 200],
  [' IDENTITY ', 200],
  ['gzip', 415],
  ['br, gzip', 415],
  ['identity, gzip', 415],
  ['utf-8', 415],
]

for (const [encoding, status] of encodings) {
  t.test(`a body with Content-Encoding ${encoding} answers ${status}`, async (t) => {
    const payload = status === 200 ? '{}' : gzipSync('{}')
    const headers = { 'content-encoding': encoding }
    const answer = await readingApp(t).inject({ method: 'POST', url: '/', payload, headers })
    t.equal(answer.statusCode, status)
    if (status === 415)
      t.equal(answer.json().message, `the body must be sent as it is, not with Content-Encoding ${encoding}`)
  })
}
