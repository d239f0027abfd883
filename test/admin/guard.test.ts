import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { createGuard } from '../../src/admin/guard.ts'
import { createTestMock } from '../support/mock.ts'

type Headers = Record<string, string>

const listed = 'https://app.example.com'
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

const site = (where: string, more: Headers = {}) => ({
  host: 'localhost:8005',
  'sec-fetch-site': where,
  ...more,
})
const link = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
const page = 'http://127.0.0.1:5173'

const sites: [who: string, method: 'GET' | 'POST', path: string, headers: Headers, isLetIn: boolean][] = [
  ['an image of a foreign page', 'GET', '/state', site('cross-site', { 'sec-fetch-dest': 'image' }), false],
  [
    'a script of a foreign page',
    'GET',
    '/requests',
    site('cross-site', { 'sec-fetch-mode': 'no-cors' }),
    false,
  ],
  ['a form of a foreign page', 'POST', '/reset', site('cross-site', link), false],
  ['a link to what is no page', 'GET', '/state', site('cross-site', link), false],
  ['a link that only ends like one', 'GET', '/state?a=/__admin/', site('cross-site', link), false],
  [
    'a foreign page in a frame',
    'GET',
    '/state',
    site('cross-site', { ...link, 'sec-fetch-dest': 'iframe' }),
    false,
  ],
  ['a page of 127.0.0.1, which is another site', 'GET', '/state', site('cross-site', { origin: page }), true],
  [
    'a foreign page that names itself',
    'GET',
    '/state',
    site('cross-site', { origin: 'https://evil.example' }),
    false,
  ],
  ['a page without an origin of its own', 'GET', '/state', site('cross-site', { origin: 'null' }), false],
  ['a page of the same site', 'GET', '/state', site('same-site'), true],
  ['a page of the mock itself', 'GET', '/state', site('same-origin'), true],
  ['who types the address', 'GET', '/state', site('none', link), true],
]

// [guard.cross-site]
t.test(
  'what a browser says comes from another site is answered only to origins that are trusted',
  async (t) => {
    const app = await createTestMock()
    t.teardown(() => app.close())
    for (const prefix of ['', '/__sandbox/a']) {
      for (const [who, method, path, headers, isLetIn] of sites) {
        const answer = await app.inject({ method, url: `${prefix}/__admin${path}`, headers })
        t.equal(answer.statusCode, isLetIn ? 200 : 403, `${who}: ${method} ${prefix}${path}`)
      }
    }
    for (const [method, path] of routes) {
      const answer = await app.inject({ method, url: `/__admin${path}`, headers: site('cross-site') })
      t.equal(answer.statusCode, 403, `${method} ${path}`)
    }
  },
)

// [guard.link]
t.test('following a link to the page of the console is allowed, showing it in a frame is not', async (t) => {
  const guard = createGuard({ kind: 'loopback' }, () => true)
  const pass = (method: string, url: string, headers: Headers) => {
    const request = { method, url, headers, socket: { remoteAddress: '127.0.0.1' } }
    guard(request as unknown as FastifyRequest)
    return true
  }
  for (const url of ['/__admin', '/__admin/', '/__admin/?a=b', '/mock/__admin/', '/__sandbox/a/__admin/'])
    for (const method of ['GET', 'HEAD'])
      t.ok(pass(method, url, site('cross-site', link)), `${method} ${url}`)
  t.throws(() => pass('GET', '/__admin/', site('cross-site', { ...link, 'sec-fetch-dest': 'iframe' })))
  t.throws(() => pass('POST', '/__admin/', site('cross-site', link)))
  t.throws(() => pass('GET', '/__admin/', site('cross-site', { 'sec-fetch-dest': 'image' })))
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

t.test('the host of a listed origin without TLS is known too', async (t) => {
  const app = await createTestMock({ corsOrigin: ['http://intern.example'] })
  t.teardown(() => app.close())
  t.equal((await app.inject({ url: '/__admin/state', headers: { host: 'intern.example' } })).statusCode, 200)
})

t.test('a link to a page of the console by another way than navigating is refused', async (t) => {
  const guard = createGuard({ kind: 'loopback' }, () => true)
  for (const mode of ['cors', 'no-cors', 'websocket']) {
    const headers = site('cross-site', { ...link, 'sec-fetch-mode': mode })
    const request = { method: 'GET', url: '/__admin/', headers, socket: { remoteAddress: '::1' } }
    t.throws(() => guard(request as unknown as FastifyRequest), { message: foreignOrigin }, mode)
  }
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
  ['the token from loopback names only', { host: 'localhost', origin: 'http://localhost:5173' }, false],
  ['nothing after the scheme', { authorization: 'Bearer ' }, false],
  ['the token after more spaces', { authorization: 'Bearer   right' }, true],
  ['another scheme that ends alike', { authorization: 'XBearer right' }, false],
  ['no space after the scheme', { authorization: 'Bearerright' }, false],
  ['text after the token', { authorization: 'Bearer right x' }, false],
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

const beyondOwn =
  'this demo lets visitors see and change their own sandbox only; the rest takes the admin token as Authorization: Bearer'
const visits: [who: string, path: string, headers: Headers, status: number, message?: string][] = [
  ['a visitor', '/state', {}, 200],
  ['a visitor, what is of all', '/sandboxes', {}, 403, beyondOwn],
  ['a foreign page', '/state', { origin: 'https://evil.example' }, 403, foreignOrigin],
  ['who has the token', '/sandboxes', { authorization: 'Bearer right' }, 200],
  ['who has another token', '/state', { authorization: 'Bearer wrong' }, 401, needsToken],
  ['who sends an empty one', '/state', { authorization: '' }, 401, needsToken],
]

t.test('where visitors are let in the control plane answers', async (t) => {
  const adminAccess = { kind: 'token', token: 'right', letsVisitorsIn: true } as const
  const app = await createTestMock({}, { adminAccess })
  t.teardown(() => app.close())
  for (const [who, path, headers, status, message] of visits) {
    const answer = await app.inject({ url: `/__admin${path}`, headers })
    t.equal(answer.statusCode, status, `${who}: ${path}`)
    if (message !== undefined) t.strictSame(answer.json(), { message })
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
