import { once } from 'node:events'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { json } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import type { Seed } from '../schemas/seed.ts'
import { createTokens } from '../src/http/tokens.ts'
import { createMock } from '../src/index.ts'
import { type Given, resolveSettings, SettingsError } from '../src/settings.ts'
import { developmentSecret, type StartedMock, startMock } from '../src/start.ts'
import { makeCertificate } from './support/certificate.ts'
import { profileWith, seedWith } from './support/seeds.ts'

/** Secrets are made up in order, so that a test can foretell them. */
function start(given: Given): Promise<StartedMock> {
  let made = 0
  const settings = resolveSettings({ flags: { port: '0', logLevel: 'silent', ...given }, env: {} })
  const randomSecret = () => {
    made += 1
    return `made-up-${made}`
  }
  return startMock(settings, { now: Date.now, random: Math.random, randomSecret })
}

async function started(t: Test, given: Given = {}): Promise<StartedMock> {
  const mock = await start(given)
  t.teardown(() => mock.app.close())
  return mock
}

const body = JSON.stringify({ profiles: [{ id: 5, lang: 'xx' }] })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const update = (origin: string, token: string) =>
  fetch(`${origin}/api/mind/profiles`, { method: 'PATCH', headers: bearer(token), body })
const state = (origin: string, headers = {}) => fetch(`${origin}/__admin/state`, { headers })
const languageOf5 = async (origin: string) => {
  const { profiles } = (await (await state(origin)).json()) as Seed
  return profiles.find(({ id }) => id === 5)?.lang
}

t.test('a start on loopback needs no secrets: nothing is made up, the control plane is open', async (t) => {
  const { origin, madeUp, tokens, seed } = await started(t)
  t.match(origin, /^http:\/\/(localhost|127\.0\.0\.1):\d+$/)
  t.strictSame(madeUp, {})
  t.equal((await update(origin, tokens.sign(1))).status, 200)
  const development = await createTokens(developmentSecret, Date.now)
  t.equal((await update(origin, development.sign(1))).status, 200)
  t.equal((await state(origin)).status, 200)
  t.ok(seed.profiles.length >= 30)
})

t.test('beyond loopback secrets are made up, tokens of the development secret answer 401', async (t) => {
  const { app, madeUp, tokens } = await started(t, { host: '0.0.0.0' })
  const { port } = app.server.address() as { port: number }
  const origin = `http://127.0.0.1:${port}`
  t.strictSame(madeUp, { jwtSecret: 'made-up-1', adminApiToken: 'made-up-2' })
  const development = await createTokens(developmentSecret, Date.now)
  t.equal((await update(origin, development.sign(1))).status, 401)
  t.equal((await update(origin, (await createTokens('made-up-1', Date.now)).sign(1))).status, 200)
  t.equal((await update(origin, tokens.sign(1))).status, 200)
  t.equal((await state(origin)).status, 401)
  t.equal((await state(origin, bearer('made-up-2'))).status, 200)
  t.equal((await fetch(`${origin}/__admin/health`)).status, 200)
})

t.test('beyond loopback secrets that are set are taken, and not shown', async (t) => {
  const given = { host: '0.0.0.0', jwtSecret: 'my secret', adminApiToken: 'my-token' }
  const { app, madeUp } = await started(t, given)
  const origin = `http://127.0.0.1:${(app.server.address() as { port: number }).port}`
  t.strictSame(madeUp, {})
  t.equal((await update(origin, (await createTokens('my secret', Date.now)).sign(1))).status, 200)
  t.equal((await state(origin, bearer('my-token'))).status, 200)
})

t.test('a disabled control plane beyond loopback has no token', async (t) => {
  const { app, madeUp } = await started(t, { host: '0.0.0.0', disableAdminApi: 'true' })
  const origin = `http://127.0.0.1:${(app.server.address() as { port: number }).port}`
  t.strictSame(Object.keys(madeUp), ['jwtSecret'])
  t.equal((await state(origin)).status, 404)
})

const hosts: [host: string, origin: RegExp][] = [
  ['localhost', /^http:\/\/localhost:\d+$/],
  ['0.0.0.0', /^http:\/\/(localhost|127\.0\.0\.1):\d+$/],
  ['::1', /^http:\/\/localhost:\d+$/],
  ['::', /^http:\/\/(localhost|127\.0\.0\.1|\[::1\]):\d+$/],
]

for (const [host, expected] of hosts) {
  t.test(`on ${host} the origin of the mock is one that works`, async (t) => {
    const mock = await start({ host }).catch((error: Error) => error)
    if (mock instanceof Error) {
      t.pass('the mock answers', { skip: `this machine has no ${host}: ${mock.message}` })
      return
    }
    t.teardown(() => mock.app.close())
    t.match(mock.origin, expected)
    t.equal((await fetch(`${mock.origin}/__admin/health`)).status, 200)
  })
}

async function occupied(t: Test, port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1')
  t.teardown(() => server.close())
  // Whoever has it, it is taken.
  await once(server, 'listening').catch(() => {})
  return port || (server.address() as { port: number }).port
}

t.test('a busy port is refused with the next one to try', async (t) => {
  const port = await occupied(t, 0)
  const sentence = `Port ${port} is in use; stop what runs there or choose another with --port ${port + 1}.`
  await t.rejects(start({ port: `${port}` }), new SettingsError(sentence))
})

t.test('when the last port is busy, one that exists is named', async (t) => {
  const port = await occupied(t, 65_535)
  await t.rejects(start({ port: `${port}` }), { message: /choose another with --port 8006\.$/ })
})

t.test('an address of another machine is refused in one sentence', async (t) => {
  await t.rejects(
    start({ host: '192.0.2.1' }),
    new SettingsError('The mock cannot listen on 192.0.2.1 port 0 (EADDRNOTAVAIL).'),
  )
})

for (const auth of ['any', 'off']) {
  t.test(`--auth ${auth} is refused beyond loopback, and works on it`, async (t) => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.com']) {
      const sentence = `--auth ${auth} lets anybody in, so it cannot listen on ${host}; use --auth strict or a loopback --host.`
      await t.rejects(start({ auth, host }), new SettingsError(sentence))
    }
    const { origin } = await started(t, { auth })
    const cookie = { cookie: 'connect.sid=opaque' }
    const answer = await fetch(`${origin}/api/mind/profiles`, { method: 'PATCH', headers: cookie, body })
    t.equal(answer.status, 200)
  })
}

t.test('a seed file takes the place of the built-in one, a bad one lists its faults by path', async (t) => {
  const seed = seedWith({ personas: { boss: 5 }, profiles: [profileWith(5)] })
  const bad = { ...seed, personas: { a: 7, b: 8 } }
  const folder = t.testdir({ 'good.json': JSON.stringify(seed), 'bad.json': JSON.stringify(bad) })
  const mock = await started(t, { seed: `${folder}/good.json` })
  t.strictSame(mock.seed, seed)
  t.strictSame(await (await state(mock.origin)).json(), seed)
  const message = [
    `The seed file ${folder}/bad.json cannot be used:`,
    'personas.a: there is no profile 7',
    'personas.b: there is no profile 8',
  ].join('\n  ')
  await t.rejects(start({ seed: `${folder}/bad.json` }), new SettingsError(message))
})

t.test('two mocks in one process know nothing of each other', async (t) => {
  const [one, two] = [await started(t), await started(t, { jwtSecret: 'another secret' })]
  t.equal((await update(one.origin, one.tokens.sign(1))).status, 200)
  t.equal(await languageOf5(one.origin), 'xx')
  t.equal(await languageOf5(two.origin), 'de')
  t.equal((await update(two.origin, one.tokens.sign(1))).status, 401)
  await one.app.close()
  t.equal((await update(two.origin, two.tokens.sign(1))).status, 200)
})

t.test('with a certificate and its key the mock speaks HTTPS', async (t) => {
  const folder = t.testdir({ 'other.pem': 'no key' })
  const problem = makeCertificate(folder)
  if (problem !== undefined) {
    t.pass('the mock answers', { skip: problem })
    return
  }
  const [httpsCert, httpsKey] = [`${folder}/cert.pem`, `${folder}/key.pem`]
  const { origin } = await started(t, { httpsCert, httpsKey })
  t.match(origin, /^https:\/\/(localhost|127\.0\.0\.1):\d+$/)
  const call = request(`${origin}/__admin/health`, { rejectUnauthorized: false }).end()
  const [answer] = await once(call, 'response')
  t.match([answer.statusCode, await json(answer)], [200, { status: 'ok' }])

  const mock = await createMock({ httpsCert, httpsKey })
  t.teardown(() => mock.close())
  const own = await mock.fetch(`${mock.url}/profile`, { headers: { cookie: mock.cookie('admin') } })
  t.strictSame([own.status, own.url, await mock.count()], [200, `${mock.url}/profile`, 1])

  const refused = async (given: Given, message: string) => t.rejects(start(given), new SettingsError(message))
  await refused({ httpsCert }, 'HTTPS needs both --https-cert and --https-key.')
  await refused({ httpsKey }, 'HTTPS needs both --https-cert and --https-key.')
  const missing = `${folder}/missing.pem`
  await refused({ httpsCert, httpsKey: missing }, `The file ${missing} cannot be read (ENOENT).`)
  const other = `${folder}/other.pem`
  await refused(
    { httpsCert, httpsKey: other },
    `${httpsCert} and ${other} are not a certificate and its key in PEM form.`,
  )
})
