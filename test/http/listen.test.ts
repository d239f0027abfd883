import { once } from 'node:events'
import { createServer } from 'node:net'
import Fastify, { type FastifyListenOptions } from 'fastify'
import t, { type Test } from 'tap'
import { createListen } from '../../src/http/listen.ts'
import { type Given, resolveSettings } from '../../src/settings.ts'
import { type StartedMock, startMock } from '../../src/start.ts'
import { makeCertificate } from '../support/certificate.ts'
import { exchange, requestText } from '../support/raw-http.ts'

const addresses = ['127.0.0.1', '::1']

const at = (address: string, port: string | number, scheme = 'http') =>
  `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`

const canListen = async (host: string, port = 0) => {
  const server = createServer()
  server.listen({ host, port })
  try {
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}

const hasBoth = (await canListen('127.0.0.1')) && (await canListen('::1'))
const both = hasBoth ? {} : { skip: 'this machine has only one loopback address' }

async function started(t: Test, given: Given = {}): Promise<StartedMock & { port: string }> {
  const settings = resolveSettings({ flags: { port: '0', logLevel: 'silent', ...given }, env: {} })
  const mock = await startMock(settings, {
    now: Date.now,
    random: Math.random,
    randomSecret: () => 'made up',
  })
  t.teardown(() => mock.app.close())
  return { ...mock, port: new URL(mock.origin).port }
}

/** What one address answers to each kind of request that the framework or Node would treat by rules of its own. */
const kinds: [what: string, bytes: string, status: number][] = [
  ['a call', requestText('GET', '/api/mind/health', {}), 200],
  ['the control plane', requestText('GET', '/__admin/health', {}), 200],
  ['garbage', 'garbage\r\n\r\n', 400],
  ['no host', 'GET /api/mind/health HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['an expectation', requestText('GET', '/api/mind/health', { Expect: 'a-maybe' }), 200],
  ['large headers', requestText('GET', '/api/mind/health', { Cookie: 'x'.repeat(60_000) }), 200],
  ['too large headers', requestText('GET', '/api/mind/health', { Cookie: 'x'.repeat(70_000) }), 431],
  ['far too large headers', requestText('GET', '/api/mind/health', { Cookie: 'x'.repeat(2_000_000) }), 431],
  ['a tunnel', 'CONNECT localhost:1 HTTP/1.1\r\nHost: localhost:1\r\n\r\n', 405],
  ['an address that cannot be decoded', requestText('GET', '/%zz', {}), 404],
]

const statusOf = (received: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? 0)

for (const host of ['127.0.0.1', 'localhost', '::1', '[::1]', 'mock.localhost', '0.0.0.0']) {
  // [transport.every-address]
  t.test(`--host ${host} answers alike on both addresses of localhost`, both, async (t) => {
    const { port, origin } = await started(t, { host })
    t.equal(origin, `http://${host === 'mock.localhost' ? host : 'localhost'}:${port}`)
    for (const address of addresses) {
      for (const [what, bytes, status] of kinds) {
        const { received } = await exchange(at(address, port), bytes)
        t.equal(statusOf(received), status, `${what} to ${address}`)
        t.match(received, status === 200 ? /"(success|status)":/ : /"success":false,"message":"/)
      }
    }
  })
}

t.test('HTTPS is spoken alike on both addresses of localhost', both, async (t) => {
  const folder = t.testdir({})
  const problem = makeCertificate(folder)
  if (problem !== undefined) return void t.pass('both answer', { skip: problem })
  const { port, origin } = await started(t, {
    httpsCert: `${folder}/cert.pem`,
    httpsKey: `${folder}/key.pem`,
  })
  t.equal(origin, `https://localhost:${port}`)
  for (const address of addresses) {
    for (const [what, bytes, status] of kinds)
      t.equal(
        statusOf((await exchange(at(address, port, 'https'), bytes)).received),
        status,
        `${what} to ${address}`,
      )
  }
})

for (const host of ['::', 'localhost']) {
  t.test(`the origin of --host ${host} is reached by whichever address a client takes`, both, async (t) => {
    const { port } = await started(t, { host })
    for (const address of addresses) t.equal((await fetch(`${at(address, port)}/__admin/health`)).status, 200)
  })
}

for (const taken of ['127.0.0.1', '::1']) {
  for (const host of ['127.0.0.1', 'localhost', '::1', '0.0.0.0']) {
    t.test(`--host ${host} is refused as in use when somebody has its port on ${taken}`, both, async (t) => {
      const other = createServer().listen(0, taken)
      t.teardown(() => other.close())
      await once(other, 'listening')
      const { port } = other.address() as { port: number }
      await t.rejects(started(t, { host, port: `${port}` }), {
        message: /^Port \d+ is in use; stop what runs there/,
      })
      for (const address of addresses)
        t.equal(await canListen(address, port), address !== taken, `${address} is left as it was`)
    })
  }
}

t.test('a name that nobody knows is refused in one sentence', async (t) => {
  await t.rejects(started(t, { host: 'nobody.invalid' }), {
    message: /^The mock cannot listen on nobody\.invalid port 0 \(\w+\)\.$/,
  })
})

/** An application to which something happens when a port has been chosen and is not yet its own. */
function disturbed(t: Test, disturb: (host: string, port: number) => Promise<void>) {
  const app = Fastify()
  t.teardown(() => app.close())
  app.get('/', async () => 'here')
  const listen = app.listen.bind(app)
  const disturbedListen = async (options: FastifyListenOptions) => {
    await disturb(options.host as string, options.port as number)
    return listen(options)
  }
  return Object.assign(app, { listen: disturbedListen })
}

t.test('a port that somebody takes in between becomes another one where any will do', both, async (t) => {
  let taken: number | undefined
  const app = disturbed(t, async (host, port) => {
    if (taken !== undefined) return
    taken = port
    const other = createServer().listen(port, host)
    t.teardown(() => other.close())
    await once(other, 'listening')
  })
  const port = await createListen(app)('localhost', 0)
  t.not(port, taken)
  for (const address of addresses) t.equal(await (await fetch(at(address, port))).text(), 'here')
})

t.test('a start that fails keeps neither address', both, async (t) => {
  let chosen = 0
  const app = disturbed(t, async (_host, port) => {
    chosen = port
    throw new Error('not today')
  })
  await t.rejects(createListen(app)('localhost', 0), { message: 'not today' })
  for (const address of addresses) t.ok(await canListen(address, chosen), address)
})

t.test('closing waits for a call on either address, and neither listens afterwards', both, async (t) => {
  const { app, port, tokens } = await started(t)
  await app.inject({ method: 'POST', url: '/__admin/settings', payload: { delay: 60_000 } })
  const headers = { Authorization: `Bearer ${tokens.sign(1)}` }
  const answers = []
  for (const address of addresses) {
    const arrived = once(app.server, 'request')
    answers.push(exchange(at(address, port), requestText('GET', '/api/mind/profile', headers)))
    await arrived
  }
  await app.close()
  for (const { received } of await Promise.all(answers)) t.match(received, /^HTTP\/1\.1 200/)
  for (const address of addresses) t.ok(await canListen(address, Number(port)), address)
})
