import t, { type Test } from 'tap'
import { readSeed } from '../../src/seed/seed-file.ts'
import type { Given } from '../../src/settings.ts'
import { createTestMock } from '../support/mock.ts'
import { profileWith, seedWith } from '../support/seeds.ts'
import { bearer, signedIn } from '../support/signed-in.ts'

const seed = await readSeed()
const inSandbox = { 'x-mock-sandbox': 'a' }

async function opened(t: Test, given: Given = {}, options = {}) {
  const app = await createTestMock(given, options)
  t.teardown(() => app.close())
  return app
}

const routes: [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object][] = [
  ['POST', '/tokens', { persona: 'admin' }],
  ['GET', '/state'],
  ['PUT', '/state', seed],
  ['GET', '/state/profiles/1'],
  ['POST', '/snapshots/s'],
  ['POST', '/snapshots/s/restore'],
  ['GET', '/snapshots'],
  ['DELETE', '/snapshots/s'],
  ['GET', '/requests'],
  ['DELETE', '/requests'],
  ['POST', '/requests/count', {}],
  ['POST', '/requests/find', {}],
  ['POST', '/faults', { status: 500 }],
  ['GET', '/faults'],
  ['DELETE', '/faults/fault-1'],
  ['DELETE', '/faults'],
  ['GET', '/settings'],
  ['POST', '/settings', { delay: 0 }],
  ['GET', '/scenario'],
  ['PUT', '/scenario', { name: 'happy' }],
  ['POST', '/reset'],
  ['GET', '/health'],
]

t.test('every route answers alike with and without a sandbox, by header and by path', async (t) => {
  const app = await opened(t)
  for (const [method, path, payload] of routes) {
    const ask = async (prefix: string, headers: Record<string, string>) => {
      const answer = await app.inject({
        method,
        url: `${prefix}/__admin${path}`,
        headers,
        ...(payload && { payload }),
      })
      return [answer.statusCode, answer.json()]
    }
    const expected = await ask('', {})
    t.equal(expected[0], 200, `${method} ${path}`)
    t.strictSame(await ask('', { 'x-mock-sandbox': 'by-header' }), expected)
    t.strictSame(await ask('/__sandbox/by-path', {}), expected)
  }
})

t.test('personas are those of the sandbox', async (t) => {
  const app = await opened(t)
  const payload = seedWith({ personas: { boss: 9 }, profiles: [profileWith(9)] })
  await app.inject({ method: 'PUT', url: '/__admin/state', headers: inSandbox, payload })
  const ask = (persona: string, headers = {}) =>
    app.inject({ method: 'POST', url: '/__admin/tokens', headers, payload: { persona } })
  t.equal((await ask('boss', inSandbox)).statusCode, 200)
  t.match((await ask('admin', inSandbox)).json(), { message: /personas are boss/ })
  t.equal((await ask('boss')).statusCode, 400)
  const { token } = (await ask('boss', inSandbox)).json()
  const own = await app.inject({
    url: '/api/mind/profile',
    headers: { ...inSandbox, authorization: `Bearer ${token}` },
  })
  t.match(own.json(), { id: 9 })
})

t.test('a call of the control plane counts as use of the sandbox', async (t) => {
  const app = await opened(t, { maxSandboxes: '2' })
  const use = (name: string) => app.inject({ url: '/__admin/scenario', headers: { 'x-mock-sandbox': name } })
  for (const name of ['a', 'b']) {
    await app.inject({ method: 'POST', url: '/__admin/snapshots/s', headers: { 'x-mock-sandbox': name } })
  }
  await use('a')
  await use('c')
  const { snapshots } = (await app.inject({ url: '/__admin/snapshots', headers: inSandbox })).json()
  t.strictSame(snapshots, ['s'])
})

t.test('the guard stands behind the path, too', async (t) => {
  const app = await opened(t)
  const url = '/__sandbox/a/__admin/state'
  t.equal((await app.inject({ url, headers: { origin: 'https://evil.example' } })).statusCode, 403)
  t.equal((await app.inject({ url, headers: { host: 'evil.example' } })).statusCode, 403)
  t.equal((await app.inject({ url, remoteAddress: '192.0.2.1' })).statusCode, 403)
  t.equal(
    (await app.inject({ method: 'POST', url: '/__sandbox/a/__admin/tokens', remoteAddress: '192.0.2.1' }))
      .statusCode,
    403,
  )

  const closed = await opened(t, {}, { adminAccess: { kind: 'token', token: 'right' } })
  t.equal((await closed.inject(url)).statusCode, 401)
  t.equal((await closed.inject({ url, headers: { authorization: 'Bearer right' } })).statusCode, 200)

  const none = await opened(t, {}, { adminAccess: { kind: 'disabled' } })
  t.equal((await none.inject(url)).statusCode, 404)
  t.equal((await none.inject('/__sandbox/a/__admin/health')).statusCode, 200)
})

t.test('a refused call of the control plane neither makes nor uses a sandbox', async (t) => {
  const app = await opened(t, { maxSandboxes: '1' })
  await signedIn(app, 1, inSandbox).patch([{ id: 5, lang: 'xx' }])
  const headers = { 'x-mock-sandbox': 'b', origin: 'https://evil.example' }
  for (const [method, path, payload] of routes)
    await app.inject({ method, url: `/__admin${path}`, headers, ...(payload && { payload }) })
  const profile = await app.inject({ url: '/__admin/state/profiles/5', headers: inSandbox })
  t.equal(profile.json().lang, 'xx')
})

t.test('a cookie from POST /tokens behind a path signs in on every path', async (t) => {
  const app = await opened(t)
  const answer = await app.inject({
    method: 'POST',
    url: '/__sandbox/a/__admin/tokens',
    payload: { persona: 'admin' },
  })
  t.match(answer.headers['set-cookie'], /; Path=\/; HttpOnly; SameSite=Lax$/)
  const headers = { cookie: answer.json().cookie }
  for (const prefix of ['', '/__sandbox/a', '/__sandbox/b'])
    t.equal((await app.inject({ url: `${prefix}/api/mind/profile`, headers })).statusCode, 200)
})

t.test('--require-sandbox does not keep the control plane from the default world', async (t) => {
  const app = await opened(t, { requireSandbox: 'true' })
  for (const [method, path, payload] of routes) {
    const answer = await app.inject({ method, url: `/__admin${path}`, ...(payload && { payload }) })
    t.equal(answer.statusCode, 200, `${method} ${path}`)
  }
  t.equal((await app.inject({ url: '/api/mind/profile', headers: bearer() })).statusCode, 400)
})

// [sandbox.look]
t.test('looking at a sandbox makes none: it shows what the first call would find', async (t) => {
  const app = await createTestMock({ maxSandboxes: '1' })
  t.teardown(() => app.close())
  const kept = { 'x-mock-sandbox': 'kept' }
  await app.inject({ method: 'POST', url: '/__admin/settings', headers: kept, payload: { delay: 7 } })
  const shown: [path: string, value: unknown][] = [
    ['/state', (await app.inject('/__admin/state')).json()],
    ['/state/profiles/5', (await app.inject('/__admin/state/profiles/5')).json()],
    ['/requests', { requests: [] }],
    ['/faults', { faults: [] }],
    ['/snapshots', { snapshots: [] }],
    ['/scenario', (await app.inject('/__admin/scenario')).json()],
    ['/coverage', (await app.inject('/__admin/coverage')).json()],
  ]
  for (const [path, value] of shown) {
    const byHeader = await app.inject({ url: `/__admin${path}`, headers: { 'x-mock-sandbox': 'other' } })
    t.strictSame(byHeader.json(), value, path)
    t.strictSame((await app.inject(`/__sandbox/other/__admin${path}`)).json(), value, path)
    await app.inject({ method: 'HEAD', url: `/__sandbox/other/__admin${path}` })
  }
  const settings = async (headers: Record<string, string>) =>
    (await app.inject({ url: '/__admin/settings', headers })).json()
  t.match(await settings({ 'x-mock-sandbox': 'other' }), { delay: 0 })
  t.match(await settings(kept), { delay: 7 }, 'it did not have to make room')
  await app.inject({ method: 'POST', url: '/__admin/reset', headers: { 'x-mock-sandbox': 'other' } })
  t.match(await settings(kept), { delay: 0 }, 'a change did make one')
})
