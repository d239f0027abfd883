import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { answerAfterBody } from '../../src/http/incoming-body.ts'
import type { MockOptions } from '../../src/mock-server.ts'
import { createTestMock } from '../support/mock.ts'
import { exchange } from '../support/raw-http.ts'
import { bearer } from '../support/signed-in.ts'

const megabyte = 1024 * 1024
const large = Buffer.alloc(16 * megabyte, 'x')

async function listening(t: Test, options: Partial<MockOptions> = {}) {
  const app = await createTestMock({ bodyLimit: `${megabyte}` }, options)
  t.teardown(() => app.close())
  return { app, origin: await app.listen({ port: 0, host: '127.0.0.1' }) }
}

type Answer = { status: number; body: string }
type Target = { url: string; method: string; headers: Record<string, string> }

/** Clients that treat an answer which comes while they still send in ways of their own. */
const clients: Record<string, (target: Target, t: Test) => Promise<Answer>> = {
  fetch: async ({ url, ...init }) => {
    const answer = await fetch(url, { ...init, body: large })
    return { status: answer.status, body: await answer.text() }
  },
  'node:http that keeps the connection': (target) => sendByHttp(target, new Agent({ keepAlive: true })),
  'node:http that closes the connection': (target) => sendByHttp(target, new Agent({ keepAlive: false })),
  'node:http in chunks': (target) => sendByHttp(target, new Agent(), { 'transfer-encoding': 'chunked' }),
  curl: (target, t) => sendByCurl(target, t),
  'curl that does not wait to be asked': (target, t) => sendByCurl(target, t, 'Expect:'),
}

async function sendByHttp(
  { url, method, headers }: Target,
  agent: Agent,
  more: Record<string, string> = {},
): Promise<Answer> {
  const length = { 'content-length': large.length }
  const call = request(url, {
    method,
    agent,
    headers: { ...headers, ...(more['transfer-encoding'] ? more : length) },
  })
  call.end(large)
  const [answer] = await once(call, 'response')
  const body = await text(answer)
  agent.destroy()
  return { status: answer.statusCode, body }
}

async function sendByCurl({ url, method, headers }: Target, t: Test, ...more: string[]): Promise<Answer> {
  const file = `${t.testdir({})}/large`
  await writeFile(file, large)
  const lines = [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ...more]
  const { stdout } = await promisify(execFile)('curl', [
    ...['-s', '-S', '-X', method, url, '--data-binary', `@${file}`, '-w', '\n%{http_code}'],
    ...lines.flatMap((line) => ['-H', line]),
  ])
  const [body = '', status] = stdout.split('\n')
  return { status: Number(status), body }
}

const hasCurl = await promisify(execFile)('curl', ['--version']).then(
  () => true,
  () => false,
)

const admin = bearer()
const routes: [method: string, path: string, headers: Record<string, string>, status: number][] = [
  ['PATCH', '/api/mind/profiles', admin, 413],
  ['PATCH', '/api/mind/profile/5', admin, 413],
  ['PATCH', '/__sandbox/a/api/mind/profiles', admin, 413],
  ['PUT', '/__admin/scenario', {}, 413],
  ['POST', '/__admin/tokens', {}, 413],
  ['POST', '/__admin/faults', {}, 413],
  ['POST', '/__sandbox/a/__admin/requests/find', {}, 413],
  ['PATCH', '/api/mind/profiles', {}, 401],
  ['PATCH', '/api/mind/profiles', bearer(3), 403],
  ['PATCH', '/api/mind/profiles', { ...admin, prefer: 'code=503' }, 503],
  ['POST', '/api/mind/profiles', admin, 405],
  ['PATCH', '/api/mind/nothing', admin, 404],
  ['DELETE', '/nothing', {}, 404],
  ['PUT', '/__admin/state', { origin: 'https://evil.example' }, 403],
]

for (const [client, send] of Object.entries(clients)) {
  const skip = client.startsWith('curl') && !hasCurl ? { skip: 'there is no curl here' } : {}
  // [transport.unread-body]
  t.test(`${client} reads the answer to a body that nobody wants`, skip, async (t) => {
    const { origin } = await listening(t)
    for (const [method, path, headers, status] of routes) {
      const answer = await send({ url: origin + path, method, headers }, t)
      t.equal(answer.status, status, `${method} ${path} ${status}`)
      t.match(answer.body, /"(success|message|results|error)":/)
    }
  })
}

// [transport.unread-body]
t.test('of a body that nobody wants a GiB is read, and then the answer comes', async (t) => {
  const { origin } = await listening(t)
  const socket = connect(Number(new URL(origin).port), '127.0.0.1').setEncoding('latin1')
  const answered = once(socket, 'data')
  let isAnswered = false
  answered.then(() => {
    isAnswered = true
  })
  socket.write(head({ ...admin, Connection: 'keep-alive', 'Content-Length': 2 * 1024 ** 3 }))
  let sent = 0
  while (!isAnswered && sent < 2 * 1024 ** 3) {
    sent += large.length
    // Whichever comes first: room for more, or the answer.
    if (!socket.write(large)) await Promise.race([once(socket, 'drain'), answered])
  }
  t.match((await answered)[0], /^HTTP\/1\.1 413 /)
  t.ok(sent >= 1024 ** 3 && sent < 1.5 * 1024 ** 3, `${sent}`)
  socket.destroy()
})

t.test('twelve calls at once that are too large are twelve 413', async (t) => {
  const { origin } = await listening(t)
  const call = () => fetch(`${origin}/api/mind/profiles`, { method: 'PATCH', headers: admin, body: large })
  const answers = await Promise.all(Array.from({ length: 12 }, call))
  t.strictSame(
    answers.map(({ status }) => status),
    Array(12).fill(413),
  )
})

const head = (headers: Record<string, string | number>) =>
  [
    'PATCH /api/mind/profiles HTTP/1.1',
    ...Object.entries({ Host: 'localhost', Connection: 'close', ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    '\r\n',
  ].join('\r\n')

t.test('a client that announces too much and sends nothing is answered', async (t) => {
  const { origin } = await listening(t)
  const { received } = await exchange(origin, head({ ...admin, 'Content-Length': 10 ** 12 }))
  t.match(received, /^HTTP\/1\.1 413 [\s\S]*"success":false/)
})

const asked: [what: string, headers: Record<string, string | number>, answer: RegExp][] = [
  [
    'whose body is wanted is asked for it',
    { ...admin, 'Content-Length': 15 },
    /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
  ],
  ['whose body is too large is not', { ...admin, 'Content-Length': 10 ** 9 }, /^HTTP\/1\.1 413 /],
  ['who has not signed in is not', { 'Content-Length': 15 }, /^HTTP\/1\.1 401 /],
]

for (const [what, headers, answer] of asked) {
  // [transport.continue]
  t.test(`Expect: 100-continue: a client ${what}`, async (t) => {
    const { origin } = await listening(t)
    const { port } = new URL(origin)
    const socket = connect(Number(port), '127.0.0.1').setEncoding('latin1')
    socket.write(head({ Expect: '100-continue', ...headers }))
    let received = ''
    socket.on('data', (part) => {
      received += part
      if (/100 Continue\r\n\r\n$/.test(received)) socket.write('{"profiles":[]}')
    })
    await once(socket, 'close')
    t.match(received, answer)
  })
}

const page = 'http://localhost:5173'

for (const [path, shape] of [
  ['/api/mind/profiles', /"success":false,"message":"nothing of the body arrived for 0\.05 seconds"/],
  ['/api/mind/profile/5', /"success":false,"message":"nothing of the body/],
  ['/__sandbox/a/api/mind/profiles', /"success":false,"message":"nothing of the body/],
  ['/__admin/state', /"message":"nothing of the body/],
] as const) {
  for (const [how, headers, sent] of [
    ['after half of it', { 'Content-Length': 100 }, '{"profiles":['],
    ['at once', { 'Content-Length': 100 }, ''],
    ['in the middle of a chunk', { 'Transfer-Encoding': 'chunked' }, '20\r\n{"prof'],
  ] as const) {
    // [transport.body-silence]
    t.test(`a body for ${path} that stops arriving ${how} answers 408, which a page can read`, async (t) => {
      const { app, origin } = await listening(t, { bodySilence: 50 })
      const method = path === '/__admin/state' ? 'PUT' : 'PATCH'
      const lines = head({ ...admin, Origin: page, ...headers }).replace(
        'PATCH /api/mind/profiles',
        `${method} ${path}`,
      )
      const { received } = await exchange(origin, lines + sent)
      t.match(received, /^HTTP\/1\.1 408 /)
      t.match(received, shape)
      t.match(received, `access-control-allow-origin: ${page}`)
      const { requests } = (
        await app.inject(`${path.replace(/\/(api|__admin).*/, '')}/__admin/requests`)
      ).json()
      t.strictSame(
        requests.map(({ status }: Answer) => status),
        path.startsWith('/__admin') ? [] : [408],
      )
    })
  }
}

t.test('a body that arrives slowly, but never stops for long, is taken', async (t) => {
  const { origin } = await listening(t, { bodySilence: 2000 })
  const body = new ReadableStream({
    async start(controller) {
      for (const part of ['{"pro', 'files"', ':[]}']) {
        controller.enqueue(new TextEncoder().encode(part))
        await fetch(`${origin}/__admin/health`)
      }
      controller.close()
    },
  })
  const init = { method: 'PATCH', headers: admin, body, duplex: 'half' } as RequestInit
  t.equal((await fetch(`${origin}/api/mind/profiles`, init)).status, 200)
})

t.test('a client that leaves in the middle of its body is no error of the mock', async (t) => {
  const { app, origin } = await listening(t)
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  const arrived = once(app.server, 'request')
  socket.write(head({ ...admin, 'Content-Length': 100 }))
  const [incoming] = await arrived
  const gone = new Promise((resolve) => incoming.once('close', resolve))
  socket.destroy()
  await gone
  const { requests } = (await app.inject('/__admin/requests')).json()
  t.match(requests, [{ status: 400 }])
})

t.test('who never stops sending is answered once enough has been dropped', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  answerAfterBody(app, { bytes: 100_000, milliseconds: 600_000 })
  app.post('/', { onRequest: async (_request, reply) => reply.code(401).send({ success: false }) }, () => {})
  const call = request(await app.listen({ port: 0, host: '127.0.0.1' }), { method: 'POST' })
  t.teardown(() => call.destroy())
  const part = Buffer.alloc(10_000)
  const send = () => {
    if (!call.destroyed) call.write(part, () => setImmediate(send))
  }
  call.on('error', () => {})
  send()
  const [answer] = await once(call, 'response')
  t.equal(answer.statusCode, 401)
  call.destroy()
})
