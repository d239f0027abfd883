import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { openStore } from '../src/stores/open-store.ts'
import { createTestMock } from './support/mock.ts'
import { requestText, sendRaw } from './support/raw-request.ts'
import { profileWith, seedWith } from './support/seeds.ts'
import { bearer } from './support/signed-in.ts'

const refusals: [what: string, bytes: string, status: number, message: string][] = [
  ['garbage', 'garbage\r\n\r\n', 400, 'the request is not valid HTTP'],
  [
    'headers of more than 64 KiB',
    `GET / HTTP/1.1\r\nX: ${'x'.repeat(66_000)}\r\n\r\n`,
    431,
    'the headers are larger than 64 KiB',
  ],
]

for (const [what, bytes, status, message] of refusals) {
  // [transport.not-http]
  t.test(`${what} instead of HTTP answers ${status} in the vendor's shape and closes`, async (t) => {
    const app = await createTestMock()
    t.teardown(() => app.close())
    const answer = await sendRaw(await app.listen({ port: 0 }), bytes)
    t.equal(answer.status, status)
    t.match(answer.headers, /content-type: application\/json; charset=utf-8/i)
    t.match(answer.headers, /connection: close/i)
    t.strictSame(JSON.parse(answer.body), { success: false, message })
  })
}

const page = 'http://localhost:5173'

// [transport.head-size]
t.test('headers of up to 64 KiB are taken, larger ones are refused so that a page can read it', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  for (const [path, method] of [
    ['/api/mind/profile', 'GET'],
    ['/api/mind/profiles', 'PATCH'],
    ['/__sandbox/a/api/mind/health', 'GET'],
    ['/__admin/health', 'GET'],
    ['/nothing', 'GET'],
  ] as const) {
    const text = (size: number) => {
      const head = requestText(method, path, [`Origin: ${page}`, 'Cookie: '])
      return head.replace('Cookie: ', `Cookie: ${'a'.repeat(size - head.length)}`)
    }
    t.not((await sendRaw(origin, text(64 * 1024))).status, 431, `${path} with exactly 64 KiB`)
    for (const size of [64 * 1024 + 1, 100_000, 500_000]) {
      const { status, headers, body } = await sendRaw(origin, text(size))
      t.equal(status, 431, `${path} with ${size} bytes`)
      t.match(headers, `access-control-allow-origin: ${page}`)
      t.match(headers, 'access-control-allow-credentials: true')
      t.strictSame(JSON.parse(body), { success: false, message: 'the headers are larger than 64 KiB' })
    }
  }
  const foreign = await sendRaw(
    origin,
    requestText('GET', '/', ['Origin: https://evil.example', `X: ${'x'.repeat(70_000)}`]),
  )
  t.equal(foreign.status, 431)
  t.notMatch(foreign.headers, /access-control-allow/)
})

// [transport.host]
t.test('HTTP/1.1 without Host is told that it is missing, HTTP/1.0 needs none', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  for (const path of ['/api/mind/health', '/__admin/health', '/__sandbox/a/api/mind/health']) {
    const { status, headers, body } = await sendRaw(origin, `GET ${path} HTTP/1.1\r\nOrigin: ${page}\r\n\r\n`)
    t.equal(status, 400)
    t.match(headers, `access-control-allow-origin: ${page}`)
    t.strictSame(JSON.parse(body), {
      success: false,
      message: 'HTTP/1.1 wants a Host header, and there is none',
    })
    t.equal((await sendRaw(origin, `GET ${path} HTTP/1.0\r\n\r\n`)).status, 200)
  }
})

const odd: [what: string, bytes: string, status: number][] = [
  ['a whole address', requestText('GET', 'http://localhost/api/mind/health?a=b'), 200],
  ['a whole address of another name', requestText('GET', 'http://example.com/api/mind/health'), 200],
  ['a whole address that is none', requestText('GET', 'http://[/api/mind/health'), 404],
  ['an escape that is none', requestText('GET', '/%zz'), 404],
  ['an escape that is none below the API', requestText('GET', '/api/mind/%ff'), 404],
  ['an expectation that nobody knows', requestText('GET', '/api/mind/health', ['Expect: 200-maybe']), 200],
]

for (const [what, bytes, status] of odd) {
  t.test(`${what} is routed like any other and answers ${status} in the vendor's shape`, async (t) => {
    const app = await createTestMock()
    t.teardown(() => app.close())
    const answer = await sendRaw(await app.listen({ port: 0 }), bytes)
    t.equal(answer.status, status)
    t.equal(JSON.parse(answer.body).success, status === 200)
  })
}

t.test('a client that goes on with garbage after its refusal gets no second answer', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
  const received: Buffer[] = []
  socket.on('data', (part) => received.push(part))
  socket.on('error', () => {})
  socket.write('garbage\r\n\r\n')
  await once(socket, 'end')
  const closed = once(socket, 'close')
  const again = once(app.server, 'clientError')
  socket.write('garbage\r\n\r\n')
  await again
  socket.end()
  await closed
  t.equal(
    Buffer.concat(received)
      .toString()
      .match(/HTTP\/1\.1 400/g)?.length,
    1,
  )
  t.equal((await app.inject('/__admin/health')).statusCode, 200)
})

const elsewhere: [path: string, meant: string][] = [
  ['/', ''],
  ['/profiles', '; did you mean /api/mind/profiles?'],
  ['/api/mindful', ''],
  ['/__sandbox/a/nothing', ''],
]

for (const [path, meant] of elsewhere) {
  t.test(`${path} beside the API answers 404 and tells where the API is`, async (t) => {
    const app = await createTestMock()
    t.teardown(() => app.close())
    const answer = await app.inject(path)
    t.strictSame(
      [answer.statusCode, answer.json()],
      [
        404,
        { success: false, message: `the API is below /api/mind, the control plane below /__admin${meant}` },
      ],
    )
  })
}

t.test('who starts the mock can be told of every answer that breaks the document', async (t) => {
  const breaches: string[] = []
  const settings = { callRoutingStatus: 'asleep' as 'idle' }
  const seed = seedWith({ personas: {}, profiles: [profileWith(1, { settings })] })
  const store = await openStore(seed)
  const app = await createTestMock({}, { store, onBreach: (breach) => breaches.push(breach) })
  t.teardown(() => app.close())
  t.equal((await app.inject({ url: '/api/mind/profile', headers: bearer() })).statusCode, 200)
  t.equal(breaches.length, 1)
  t.match(breaches[0], /^GET \/api\/mind\/profile 200: settings\.callRoutingStatus must be one of idle, /)
})
