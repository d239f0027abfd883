import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { createTestMock } from '../support/mock.ts'

type Headers = Record<string, string>

const listed = 'https://app.example.com'
const machineOnly = 'the control plane answers this machine only; set an admin token to open it'
const foreignHost = 'the control plane answers to loopback names only; use http://localhost'
const foreignOrigin = 'pages of this origin may not use the control plane; allow it with --cors-origin'

const callers: [who: string, headers: Headers, refusal?: string][] = [
  ['no page', { host: 'localhost:8005' }],
  ['the host 127.0.0.1', { host: '127.0.0.1:8005' }],
  ['another address of the loopback block', { host: '127.8.8.8:1' }],
  ['the host [::1]', { host: '[::1]:8005' }],
  ['a name below localhost', { host: 'mock.localhost' }],
  ['the host of a listed origin', { host: 'app.example.com' }],
  ['a page of the mock itself', { host: 'localhost:8005', origin: 'http://localhost:8005' }],
  ['a page of localhost on another port', { host: 'localhost:8005', origin: 'https://localhost:5173' }],
  ['a page of a name below localhost', { host: 'localhost:8005', origin: 'http://app.localhost:3000' }],
  ['a page of 127.0.0.1', { host: 'localhost:8005', origin: 'http://127.0.0.1:3000' }],
  ['a page of [::1]', { host: 'localhost:8005', origin: 'http://[::1]:3000' }],
  ['a page of a listed origin', { host: 'localhost:8005', origin: listed }],
  ['a foreign host', { host: 'evil.example' }, foreignHost],
  [
    'a foreign host with a page of its own',
    { host: 'evil.example', origin: 'http://evil.example' },
    foreignHost,
  ],
  ['a host that begins like localhost', { host: 'localhost.evil.example' }, foreignHost],
  ['a host that begins like 127.0.0.1', { host: '127.0.0.1.evil.example' }, foreignHost],
  ['a host that ends like localhost', { host: 'evillocalhost' }, foreignHost],
  ['the any-address', { host: '0.0.0.0:8005' }, foreignHost],
  ['a host that is none', { host: 'a b' }, foreignHost],
  ['a foreign page', { host: 'localhost:8005', origin: 'https://evil.example' }, foreignOrigin],
  ['a page without an origin of its own', { host: 'localhost:8005', origin: 'null' }, foreignOrigin],
  ['a listed origin on another port', { host: 'localhost:8005', origin: `${listed}:444` }, foreignOrigin],
  [
    'a listed origin without TLS',
    { host: 'localhost:8005', origin: 'http://app.example.com' },
    foreignOrigin,
  ],
  [
    'a page of a browser extension',
    { host: 'localhost:8005', origin: 'chrome-extension://abc' },
    foreignOrigin,
  ],
  ['an origin that is none', { host: 'localhost:8005', origin: 'http://' }, foreignOrigin],
]

t.test('on loopback the control plane answers', async (t) => {
  const app = await createTestMock({ corsOrigin: [listed] })
  t.teardown(() => app.close())
  for (const [who, headers, refusal] of callers) {
    const answer = await app.inject({ url: '/__admin/state', headers })
    if (refusal === undefined) t.equal(answer.statusCode, 200, who)
    else t.strictSame([answer.statusCode, answer.json()], [403, { message: refusal }], `not to ${who}`)
    t.equal((await app.inject({ url: '/__admin/health', headers })).statusCode, 200, `health even to ${who}`)
  }
})

const routes: [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string][] = [
  ['POST', '/tokens'],
  ['POST', '/reset'],
  ['GET', '/reset'],
  ['GET', '/state'],
  ['PUT', '/state'],
  ['GET', '/state/profiles/1'],
  ['GET', '/snapshots'],
  ['POST', '/snapshots/a'],
  ['POST', '/snapshots/a/restore'],
  ['DELETE', '/snapshots/a'],
  ['GET', '/requests'],
  ['DELETE', '/requests'],
  ['POST', '/requests/count'],
  ['POST', '/requests/find'],
  ['GET', '/events'],
  ['GET', '/faults'],
  ['POST', '/faults'],
  ['DELETE', '/faults'],
  ['DELETE', '/faults/a'],
  ['GET', '/settings'],
  ['POST', '/settings'],
  ['GET', '/scenario'],
  ['PUT', '/scenario'],
]

// [guard.loopback]
t.test('every route is guarded, and a refused call changes nothing', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  for (const [method, path] of routes) {
    const headers = { origin: 'https://evil.example' }
    const answer = await app.inject({ method, url: `/__admin${path}`, headers })
    t.equal(answer.statusCode, 403, `${method} ${path}`)
    t.notOk(answer.headers['set-cookie'])
  }
})

t.test('on loopback a call from another machine is refused whatever name it uses', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const from = (remoteAddress: string) => app.inject({ url: '/__admin/state', remoteAddress })
  t.strictSame(
    [(await from('192.0.2.1')).statusCode, (await from('192.0.2.1')).json()],
    [403, { message: machineOnly }],
  )
  t.equal((await from('2001:db8::1')).statusCode, 403)
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    t.equal((await from(address)).statusCode, 200)
})

t.test('an old client that sends no host is answered', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect(Number(new URL(app.listeningOrigin).port), '127.0.0.1')
  socket.write('GET /__admin/state HTTP/1.0\r\n\r\n')
  t.match(await text(socket), /^HTTP\/1\.1 200 /)
})

const needsToken =
  'send the admin token as Authorization: Bearer; it is set with --admin-api-token or printed at the start'
const tokens: [what: string, headers: Headers, isLetIn: boolean][] = [
  ['the token', { authorization: 'Bearer right' }, true],
  [
    'the token from a foreign host and page',
    { authorization: 'bearer right', host: 'a.example', origin: 'null' },
    true,
  ],
  ['no token', {}, false],
  ['another token', { authorization: 'Bearer wrong' }, false],
  ['a longer token', { authorization: 'Bearer right1' }, false],
  ['the token in another scheme', { authorization: 'Basic right' }, false],
  ['the token alone', { authorization: 'right' }, false],
  ['nothing after the scheme', { authorization: 'Bearer ' }, false],
]

// [guard.token]
t.test('with a token set the control plane answers to', async (t) => {
  const app = await createTestMock({}, { adminAccess: { kind: 'token', token: 'right' } })
  t.teardown(() => app.close())
  for (const [what, headers, isLetIn] of tokens) {
    const answer = await app.inject({ url: '/__admin/state', headers, remoteAddress: '192.0.2.1' })
    t.equal(answer.statusCode, isLetIn ? 200 : 401, isLetIn ? what : `not to ${what}`)
    if (isLetIn) continue
    t.strictSame(answer.json(), { message: needsToken })
    t.equal(answer.headers['www-authenticate'], 'Bearer')
    t.equal((await app.inject({ url: '/__admin/health', headers })).statusCode, 200, 'health needs none')
  }
  for (const [method, path] of routes) {
    t.equal((await app.inject({ method, url: `/__admin${path}` })).statusCode, 401, `${method} ${path}`)
  }
})

// [guard.disabled]
t.test('a disabled control plane answers 404 to all but health', async (t) => {
  const app = await createTestMock({}, { adminAccess: { kind: 'disabled' } })
  t.match((await app.inject('/__admin/state')).json(), { message: /switched off by --disable-admin-api/ })
  t.teardown(() => app.close())
  for (const [method, path] of routes) {
    t.equal((await app.inject({ method, url: `/__admin${path}` })).statusCode, 404, `${method} ${path}`)
  }
  t.equal((await app.inject('/__admin/health')).statusCode, 200)
})
