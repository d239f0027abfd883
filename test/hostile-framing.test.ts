import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectSecurely } from 'node:tls'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { createMock, type Mock } from '../src/library/create-mock.ts'
import { makeCertificate } from './support/certificate.ts'

const line = (...lines: string[]) => `${lines.join('\r\n')}\r\n`
const host = 'Host: localhost'
const close = 'Connection: close'
const update = '{"profiles":[{"id":5,"lang":"xx"}]}'
const sized = (body: string | Buffer) => `Content-Length: ${Buffer.byteLength(body)}`

/** A call that would change profile 5 but for what is wrong with it; pieces go out one after the other. */
type Hostile = [what: string, pieces: (string | Buffer)[], statuses: number[]]

const patch = (bearer: string, body: string | Buffer, ...more: string[]) => [
  line('PATCH /api/mind/profiles HTTP/1.1', host, close, bearer, ...more, ''),
  body,
]
const whole = (bearer: string, body: string | Buffer, ...more: string[]) =>
  patch(bearer, body, sized(body), ...more)
const item = (rest: string) => `{"profiles":[{"id":5,${rest}}]}`
const deep = (open: string, end: string) => `${open.repeat(100_000)}1${end.repeat(100_000)}`
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)))

const hostile = (bearer: string): Hostile[] => [
  ['an object that is too deep', whole(bearer, item(`"rawData":${deep('{"a":', '}')}`)), [400]],
  ['a list that is too deep', whole(bearer, item(`"rawData":{"a":${deep('[', ']')}}`)), [400]],
  ['a string of 33 MiB', whole(bearer, item(`"lang":"${'x'.repeat(33 * 2 ** 20)}"`)), [413]],
  ['1e400', whole(bearer, item('"rawData":{"a":1e400}')), [400]],
  ['-1e400 in a key that is ignored', whole(bearer, item('"lang":"xx","x":-1e400')), [400]],
  ['a key twice, the second one wrong', whole(bearer, item('"lang":"xx","lang":1')), [400]],
  ['profiles twice', whole(bearer, `{"profiles":[{"id":5,"lang":"xx"}],"profiles":null}`), [400]],
  [
    'a raw lone surrogate',
    whole(bearer, bytes('{"profiles":[{"id":5,"lang":"', [0xed, 0xa0, 0x80], '"}]}')),
    [400],
  ],
  ['a lone surrogate in an enum', whole(bearer, item('"settings":{"status":"\\ud800"}')), [400]],
  ['a raw NUL', whole(bearer, item('"lang":"a\u0000"')), [400]],
  ['NUL bytes for a body', whole(bearer, '\0\0\0\0'), [400]],
  ['two byte order marks', whole(bearer, `\ufeff\ufeff${update}`), [400]],
  ['UTF-16', whole(bearer, Buffer.from(update, 'utf16le')), [400]],
  [
    'bytes that are no UTF-8',
    whole(bearer, bytes('{"profiles":[{"id":5,"lang":"', [0xff, 0xfe], '"}]}')),
    [400],
  ],
  ['overlong UTF-8', whole(bearer, bytes('{"profiles":[{"id":5,"lang":"', [0xc0, 0x80], '"}]}')), [400]],
  ['gzip', whole(bearer, gzipSync(update), 'Content-Encoding: gzip'), [415]],
  ['gzip that is called identity', whole(bearer, gzipSync(update), 'Content-Encoding: identity'), [400]],
  ['two encodings', whole(bearer, update, 'Content-Encoding: identity, gzip'), [415]],
  ['a body that is cut', [...patch(bearer, update.slice(0, 20), sized(update)), ''], [0, 400, 408]],
  ['a body twice', whole(bearer, update + update), [400]],
  ['a body with a tail', whole(bearer, `${update}x`), [400]],
  ['100,000 empty items', whole(bearer, `{"profiles":[${Array(100_000).fill('{}').join()}]}`), [400]],
  ['100,001 empty items', whole(bearer, `{"profiles":[${Array(100_001).fill('{}').join()}]}`), [400]],
  ['two lengths', patch(bearer, update, sized(update), 'Content-Length: 0'), [400]],
  ['a length with a sign', patch(bearer, update, 'Content-Length: +35'), [400]],
  ['a length in hexadecimal', patch(bearer, update, 'Content-Length: 0x23'), [400]],
  [
    'a length and chunks',
    patch(bearer, `0\r\n\r\n${update}`, sized(update), 'Transfer-Encoding: chunked'),
    [400],
  ],
  [
    'chunks and a length',
    patch(bearer, `0\r\n\r\n${update}`, 'Transfer-Encoding: chunked', sized(update)),
    [400],
  ],
  ['another coding than chunked', patch(bearer, update, 'Transfer-Encoding: gzip'), [400]],
  ['chunked twice', patch(bearer, `0\r\n\r\n`, 'Transfer-Encoding: chunked, chunked'), [400]],
  ['chunked in disguise', patch(bearer, `0\r\n\r\n`, 'Transfer-Encoding: xchunked'), [400]],
  ['a chunk of no length', patch(bearer, 'zz\r\n', 'Transfer-Encoding: chunked'), [400]],
  ['a space before the colon', patch(bearer, update, 'Content-Length : 35'), [400]],
  ['a folded header', patch(bearer, update, 'X-A: a\r\n b', sized('')), [400]],
  ['bare line feeds', [`PATCH /api/mind/profiles HTTP/1.1\n${host}\n${close}\n\n`], [400, 401]],
  ['headers of 70 KiB', whole(bearer, update, `X-A: ${'x'.repeat(70_000)}`), [431]],
  ['20,000 headers', whole(bearer, update, ...Array(20_000).fill('X-A: b')), [431]],
  ['headers of 2 MiB', whole(bearer, update, `X-A: ${'x'.repeat(2 ** 21)}`), [0, 431]],
  ['HTTP/1.0 without a token', [line('PATCH /api/mind/profiles HTTP/1.0', sized(update), ''), update], [401]],
  ['HTTP/0.9', ['GET /api/mind/profiles\r\n\r\n'], [400, 401]],
  ['HTTP/2 without TLS', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], [400]],
  ['no host', [line('PATCH /api/mind/profiles HTTP/1.1', close, bearer, sized(update), ''), update], [400]],
  [
    'a whole address of an unknown path',
    [line('PATCH http://evil.example/profiles HTTP/1.1', host, close, bearer, sized(update), ''), update],
    [404],
  ],
  ['an authority', [line('CONNECT evil.example:443 HTTP/1.1', host, close, '')], [405]],
  [
    'a second call that is smuggled behind a refused one',
    [
      line(
        'PATCH /api/mind/profiles HTTP/1.1',
        host,
        bearer,
        'Transfer-Encoding: chunked',
        'Content-Length: 4',
        '',
      ),
      `0\r\n\r\n${whole(bearer, update).join('')}`,
    ],
    [400],
  ],
]

/** Good calls in unusual forms, each of which is answered. */
const unusual = (bearer: string): Hostile[] => [
  ['a body byte by byte', whole(bearer, '{"profiles":[]}').flatMap((piece) => [...String(piece)]), [200]],
  ['a byte order mark', whole(bearer, '\ufeff{"profiles":[]}'), [200]],
  [
    'HTTP/1.0',
    [line('PATCH /api/mind/profiles HTTP/1.0', bearer, 'Content-Length: 15', ''), '{"profiles":[]}'],
    [200],
  ],
  [
    'a whole address',
    [
      line(
        'PATCH http://localhost/api/mind/profiles HTTP/1.1',
        host,
        close,
        bearer,
        'Content-Length: 15',
        '',
      ),
      '{"profiles":[]}',
    ],
    [200],
  ],
  [
    'ten calls at once on one connection',
    [
      line('GET /api/mind/profile HTTP/1.1', host, bearer, '').repeat(9) +
        line('GET /api/mind/profile HTTP/1.1', host, close, bearer, ''),
    ],
    Array(10).fill(200),
  ],
]

/** The statuses of all answers until the other side ends; 0 when it does so without one. */
async function statusesOf(open: () => Socket, pieces: readonly (string | Buffer)[]): Promise<number[]> {
  const socket = open().setNoDelay()
  const received: Buffer[] = []
  socket.on('data', (part) => received.push(part)).on('error', () => {})
  const closed = new Promise((resolve) => socket.on('close', resolve))
  for (const piece of pieces) if (!socket.destroyed) await new Promise((sent) => socket.write(piece, sent))
  // What is cut ends here; the others are answered first.
  if (pieces.at(-1) === '') socket.end()
  await closed
  const text = Buffer.concat(received).toString('latin1')
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) [\w ]+\r\n/g)].map(([, status]) => Number(status))
  return statuses.length > 0 ? statuses : [0]
}

t.setTimeout(240_000)

async function attack(t: Test, mock: Mock, ways: Record<string, () => Socket>): Promise<void> {
  const bearer = `Authorization: Bearer ${mock.token('admin')}`
  const before = await mock.state()
  for (const [way, open] of Object.entries(ways)) {
    for (const [what, pieces, expected] of hostile(bearer)) {
      const statuses = await statusesOf(open, pieces)
      t.ok(
        statuses.length === 1 && expected.includes(statuses[0] as number),
        `${way}: ${what} answers ${statuses}`,
      )
    }
    for (const [what, pieces, expected] of unusual(bearer))
      t.strictSame(await statusesOf(open, pieces), expected, `${way}: ${what}`)
    t.strictSame(await mock.state(), before, `${way}: nothing has changed`)
  }
}

/** A folder whose name is short enough for the lock in it. */
function folderFor(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'enneo-mock-hostile-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

t.test('what is broken or hostile is refused on every address, in memory, and changes nothing', async (t) => {
  const mock = await createMock()
  t.teardown(() => mock.close())
  const port = Number(new URL(mock.url).port)
  await attack(t, mock, { IPv4: () => connect(port, '127.0.0.1'), IPv6: () => connect(port, '::1') })
})

t.test('so it is on PGlite', async (t) => {
  const mock = await createMock({ store: `pglite:${folderFor(t)}` })
  t.teardown(() => mock.close())
  const port = Number(new URL(mock.url).port)
  await attack(t, mock, { PGlite: () => connect(port, '127.0.0.1') })
})

const certificates = mkdtempSync(join(tmpdir(), 'enneo-mock-certificate-'))
t.teardown(() => rmSync(certificates, { recursive: true, force: true }))
const noCertificate = makeCertificate(certificates) ?? false

t.test('so it is over HTTPS', { skip: noCertificate }, async (t) => {
  const mock = await createMock({
    httpsCert: `${certificates}/cert.pem`,
    httpsKey: `${certificates}/key.pem`,
  })
  t.teardown(() => mock.close())
  const port = Number(new URL(mock.url).port)
  await attack(t, mock, {
    HTTPS: () => connectSecurely({ port, host: '127.0.0.1', rejectUnauthorized: false }),
  })
})
