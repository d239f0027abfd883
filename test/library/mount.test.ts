import { join } from 'node:path'
import cookie from '@fastify/cookie'
import jwt from '@fastify/jwt'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import t, { type Test } from 'tap'
import { enneoMock, type MountOptions } from '../../src/index.ts'
import { createControlClient } from '../../src/library/control-client.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { profileWith, seedWith } from '../support/seeds.ts'
import { until } from '../support/until.ts'

const seed = await readSeed()

type Host = (app: FastifyInstance) => PromiseLike<unknown>

async function mounted(
  t: Test,
  options: MountOptions & { prefix?: string } = {},
  host: Host = async () => {},
  server: FastifyServerOptions = {},
) {
  const app = Fastify(server)
  t.teardown(() => app.close())
  await host(app)
  await app.register(enneoMock, { prefix: '/mock', ...options })
  const signIn = async (persona: string, prefix = '/mock') => {
    const answer = await app.inject({ method: 'POST', url: `${prefix}/__admin/tokens`, payload: { persona } })
    return { authorization: `Bearer ${answer.json().token}` }
  }
  const patch = async (items: unknown[], headers: Record<string, string>, prefix = '/mock') =>
    app.inject({
      method: 'PATCH',
      url: `${prefix}/api/mind/profiles`,
      headers: { 'content-type': 'application/json', ...headers },
      payload: JSON.stringify({ profiles: items }),
    })
  return { app, signIn, patch }
}

/** What a host may have before the mock comes; none of it may change what the mock answers. */
const hosts: [what: string, host: Host, server?: FastifyServerOptions][] = [
  ['nothing', async () => {}],
  ['its own @fastify/jwt', (app) => app.register(jwt, { secret: 'of the host' })],
  ['its own @fastify/cookie', (app) => app.register(cookie, { secret: 'of the host' })],
  [
    'both, with sign-in by cookie',
    async (app) => {
      await app.register(cookie)
      await app.register(jwt, { secret: 'of the host', cookie: { cookieName: 'connect.sid', signed: false } })
    },
  ],
  [
    'coercion to arrays',
    async () => {},
    { ajv: { customOptions: { coerceTypes: 'array', removeAdditional: 'all' } } },
  ],
  ['a small body limit', async () => {}, { bodyLimit: 10 }],
  [
    'a validator of its own',
    async (app) => app.setValidatorCompiler(() => () => ({ error: new Error('of the host') })),
  ],
  ['a serializer of its own', async (app) => app.setSerializerCompiler(() => () => '"of the host"')],
  ['a reply serializer of its own', async (app) => app.setReplySerializer(() => '"of the host"')],
  [
    'an error handler of its own',
    async (app) => app.setErrorHandler((_e, _r, reply) => reply.code(599).send('of the host')),
  ],
  [
    'a not-found handler of its own',
    async (app) => app.setNotFoundHandler((_r, reply) => reply.code(598).send('of the host')),
  ],
  [
    'a JSON parser of its own',
    async (app) => {
      app.removeContentTypeParser('application/json')
      app.addContentTypeParser('application/json', { parseAs: 'string' }, (_r, _b, done) =>
        done(null, 'of the host'),
      )
    },
  ],
  ['routes of the same addresses', async (app) => app.get('/api/mind/profiles', async () => 'of the host')],
]

for (const [what, host, server] of hosts) {
  t.test(`in a host with ${what} the mock answers as ever`, async (t) => {
    const { app, signIn, patch } = await mounted(t, {}, host, server)
    const admin = await signIn('admin')
    const update = await patch([{ id: 5, lang: 'xx', nonsense: 1 }], admin)
    t.strictSame([update.statusCode, update.json()], [200, { results: [{ id: 5, success: true }] }])
    t.match(update.headers, { 'x-mock-violations': /nonsense is not documented/ })
    const bad = await patch([{ id: '5', settings: { teamIds: 1 } }], admin)
    t.equal(bad.statusCode, 400)
    t.match(bad.json(), { results: [{ success: false, message: /profiles\[0\]\.id must be an integer/ }] })
    t.strictSame((await patch([{ id: 5 }], await signIn('agent'))).json(), { success: false })
    t.match((await patch([{ id: 5 }], {})).json(), { success: false, message: /sign-in is missing/ })
    t.match((await patch([{ id: 5 }], { authorization: 'Bearer a.b.c' })).json(), { message: /malformed/ })
    const byCookie = { cookie: `connect.sid=${admin.authorization.replace('Bearer ', '')}` }
    const read = await app.inject({ url: '/mock/api/mind/profiles?userIds[]=5', headers: byCookie })
    t.match(read.json(), { success: true, profiles: [{ id: 5, lang: 'xx' }] })
    t.match((await app.inject({ url: '/mock/api/mind/profiles?limit=0', headers: admin })).json(), {
      success: false,
      message: /limit must be/,
    })
    const unknown = await app.inject({ url: '/mock/api/mind/nothing', headers: admin })
    t.strictSame([unknown.statusCode, unknown.json().success], [404, false])
    t.equal((await app.inject({ method: 'PUT', url: '/mock/api/mind/roles' })).statusCode, 405)
    t.match((await app.inject('/mock/__admin/nothing')).json(), { message: /the control plane has/ })
    const broken = { method: 'PUT', url: '/mock/__admin/state', payload: '{"a"' } as const
    t.strictSame((await app.inject(broken)).json(), { message: 'the body is not valid JSON' })
    t.equal((await app.inject('/mock/__admin/state')).json().profiles.length, seed.profiles.length)
    t.match((await app.inject('/mock/api/mind/docs/open-api')).headers, { 'content-type': /yaml/ })
    t.match((await app.inject('/mock/__admin/requests')).json().requests[0], {
      path: '/mock/api/mind/profiles',
    })
  })
}

t.test('the host keeps its routes, parsers, coercion, errors, hooks and decorators', async (t) => {
  const seen: string[] = []
  const { app } = await mounted(t, {}, async (app) => {
    await app.register(cookie, { secret: 'of the host' })
    await app.register(jwt, { secret: 'of the host' })
    app.setErrorHandler((error, _request, reply) => reply.code(599).send({ host: (error as Error).message }))
    app.setNotFoundHandler((_request, reply) => reply.code(598).send({ host: 'nothing here' }))
    app.addHook('onRequest', async ({ url }) => {
      seen.push(url)
    })
    app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) =>
      done(null, `csv ${body}`),
    )
    const schema = { querystring: { type: 'object', properties: { n: { type: 'integer' } } } }
    app.get('/coerced', { schema }, async (request) => request.query)
    app.post('/parsed', async ({ body }) => ({ body }))
    app.get('/broken', async () => {
      throw new Error('of the host')
    })
    app.get('/token', async (request) => ({ token: app.jwt.sign({ a: 1 }), cookies: request.cookies }))
  })
  const coerced = await app.inject('/coerced?n=3')
  t.strictSame(coerced.json(), { n: 3 })
  const post = (type: string, payload: string) =>
    app.inject({ method: 'POST', url: '/parsed', headers: { 'content-type': type }, payload })
  t.strictSame((await post('application/json', '{"a":1}')).json(), { body: { a: 1 } })
  t.strictSame((await post('text/csv', 'a,b')).json(), { body: 'csv a,b' })
  t.strictSame((await post('text/plain', 'a')).json(), { body: 'a' })
  t.match(await post('text/other', 'a'), { statusCode: 599, body: /Unsupported Media Type/ })
  t.match(await post('application/json', '{'), { statusCode: 599 })
  t.match(await app.inject('/broken'), { statusCode: 599, body: '{"host":"of the host"}' })
  for (const path of ['/nothing', '/mock', '/mock/nothing', '/api/mind/profiles', '/__admin/health'])
    t.match(await app.inject(path), { statusCode: 598, body: '{"host":"nothing here"}' }, path)
  const own = await app.inject({ url: '/token', headers: { cookie: 'a=b' } })
  t.strictSame(own.json().cookies, { a: 'b' })
  t.match(app.jwt.verify(own.json().token), { a: 1 })
  const headers = { origin: 'http://localhost:1' }
  t.notOk((await app.inject({ url: '/coerced', headers })).headers['access-control-allow-origin'])
  t.ok(seen.includes('/coerced?n=3'))
  for (const name of ['enneoCall', 'sandboxes']) t.notOk(app.hasRequestDecorator(name), name)
})

t.test('a token of the host does not sign in, and one of the mock does not at the host', async (t) => {
  const { app, signIn, patch } = await mounted(t, {}, async (app) => {
    await app.register(jwt, { secret: 'of the host' })
    app.get('/own', { onRequest: (request) => request.jwtVerify() }, async () => 'in')
  })
  t.equal((await patch([], { authorization: `Bearer ${app.jwt.sign({ userId: 1 })}` })).statusCode, 401)
  t.equal((await app.inject({ url: '/own', headers: await signIn('admin') })).statusCode, 401)
})

t.test('a secret that is made up is another one each time; one that is given is used', async (t) => {
  const [first, second] = [await mounted(t), await mounted(t)]
  t.equal((await second.patch([], await first.signIn('admin'))).statusCode, 401)
  const [a, b] = [await mounted(t, { jwtSecret: 's' }), await mounted(t, { jwtSecret: 's' })]
  t.equal((await a.patch([], await b.signIn('admin'))).statusCode, 200)
})

t.test('a sandbox is named by header, or by a path below the prefix of the mount', async (t) => {
  const { app, signIn, patch } = await mounted(t)
  const admin = await signIn('admin')
  await patch([{ id: 5, lang: 'path' }], admin, '/mock/__sandbox/a')
  await patch([{ id: 6, lang: 'header' }], { ...admin, 'x-mock-sandbox': 'a' })
  const state = async (prefix: string) =>
    (await app.inject(`${prefix}/__admin/state`))
      .json()
      .profiles.slice(4, 6)
      .map(({ lang }: { lang: string }) => lang)
  t.strictSame(await state('/mock/__sandbox/a'), ['path', 'header'])
  t.strictSame(await state('/mock'), ['de', 'tr'])
  t.equal((await app.inject('/__sandbox/a/mock/__admin/state')).statusCode, 404)
  const { requests } = (await app.inject('/mock/__sandbox/a/__admin/requests')).json()
  t.match(requests, [{ path: '/mock/api/mind/profiles', sandbox: 'a' }, { sandbox: 'a' }])
})

t.test('a preflight below the prefix is answered as on its own', async (t) => {
  const { app } = await mounted(t)
  const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'PATCH' }
  for (const url of [
    '/mock/api/mind/profiles',
    '/mock/__sandbox/a/api/mind/profiles',
    '/mock/__admin/state',
  ]) {
    const answer = await app.inject({ method: 'OPTIONS', url, headers })
    t.match(answer, { statusCode: 204, headers: { 'access-control-allow-origin': headers.origin } }, url)
  }
})

/** What @fastify/cors does to a host: a hook for every answer, and OPTIONS known everywhere. */
const hostCors: Host = async (app) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', 'https://host.example').header('x-host', 'yes')
  })
  app.options('*', async (_request, reply) => reply.code(204).send())
}

for (const prefix of ['/mock', '']) {
  t.test(
    `in a host with CORS of its own, at ${prefix || 'its root'}: trusted origins are the mock's`,
    async (t) => {
      const { app } = await mounted(t, { prefix }, hostCors)
      const url = `${prefix}/api/mind/health`
      const trusted = 'http://localhost:3000'
      const answer = await app.inject({ url, headers: { origin: trusted } })
      t.match(answer.headers, { 'access-control-allow-origin': trusted, 'x-host': 'yes' })
      const preflight = { origin: trusted, 'access-control-request-method': 'PATCH' }
      const asked = await app.inject({ method: 'OPTIONS', url, headers: preflight })
      t.match(asked, { statusCode: 204, headers: { 'access-control-allow-origin': trusted } })
      const foreign = await app.inject({
        url: `${prefix}/__admin/state`,
        headers: { origin: 'https://host.example' },
      })
      t.equal(foreign.statusCode, 403, "the host's rule does not open the control plane")
    },
  )
}

const elsewhere = '192.0.2.1'

t.test(
  'the control plane refuses other machines whatever they call themselves; the API does not',
  async (t) => {
    const { app } = await mounted(t)
    for (const headers of [{}, { host: 'localhost' }, { host: 'localhost', origin: 'http://localhost' }]) {
      for (const url of ['/mock/__admin/state', '/mock/__sandbox/a/__admin/state']) {
        const answer = await app.inject({ url, headers, remoteAddress: elsewhere })
        t.equal(answer.statusCode, 403)
        t.match(answer.json(), { message: /answers this machine only; set an admin token/ })
      }
    }
    t.equal(
      (await app.inject({ method: 'POST', url: '/mock/__admin/tokens', remoteAddress: elsewhere }))
        .statusCode,
      403,
    )
    t.equal((await app.inject({ url: '/mock/__admin/health', remoteAddress: elsewhere })).statusCode, 200)
    t.equal((await app.inject({ url: '/mock/api/mind/health', remoteAddress: elsewhere })).statusCode, 200)
    t.equal((await app.inject({ url: '/mock/api/mind/profile', remoteAddress: elsewhere })).statusCode, 401)
  },
)

t.test('a host that trusts proxies does not open the control plane by a header', async (t) => {
  const { app } = await mounted(t, {}, async () => {}, { trustProxy: true })
  const headers = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'localhost' }
  const answer = await app.inject({ url: '/mock/__admin/state', headers, remoteAddress: elsewhere })
  t.equal(answer.statusCode, 403)
})

t.test('with adminApiToken the control plane is open to who has it, and to nobody else', async (t) => {
  const { app } = await mounted(t, { adminApiToken: 'right' })
  const ask = async (authorization?: string) =>
    (
      await app.inject({
        url: '/mock/__admin/state',
        remoteAddress: elsewhere,
        ...(authorization && { headers: { authorization } }),
      })
    ).statusCode
  t.strictSame([await ask(), await ask('Bearer wrong'), await ask('Bearer right')], [401, 401, 200])
  t.equal((await app.inject('/mock/__admin/state')).statusCode, 401)
})

t.test('options have their effect', async (t) => {
  const none = await mounted(t, { disableAdminApi: true })
  t.equal((await none.app.inject('/mock/__admin/state')).statusCode, 404)
  t.equal((await none.app.inject('/mock/__admin/health')).statusCode, 200)

  const strict = await mounted(t, { requireSandbox: true, bodyLimit: 100, corsOrigin: ['https://a.example'] })
  const admin = await strict.signIn('admin')
  t.equal((await strict.patch([], admin)).statusCode, 400)
  const headers = { ...admin, 'x-mock-sandbox': 'a', origin: 'https://a.example' }
  const answer = await strict.patch([], headers)
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['access-control-allow-origin'], 'https://a.example')
  t.equal((await strict.patch([{ id: 5, lang: 'x'.repeat(100) }], headers)).statusCode, 413)

  const rules = await mounted(t, { vendorRules: true })
  const away = await rules.patch([{ id: 5, settings: { status: 'away' } }], await rules.signIn('admin'))
  t.equal(away.statusCode, 200)
})

t.test('bodies are limited by the mock alone, below and above the limit of the host', async (t) => {
  const { signIn, patch } = await mounted(t, {}, async () => {}, { bodyLimit: 1024 })
  const answer = await patch([{ id: 5, rawData: { a: 'x'.repeat(2 * 1024 * 1024) } }], await signIn('admin'))
  t.equal(answer.statusCode, 200)
})

t.test('a seed is an object or a path, and a bad one fails the start of the host', async (t) => {
  const own = seedWith({ personas: { boss: 9 }, profiles: [profileWith(9)] })
  const path = join(t.testdir({ 'seed.json': JSON.stringify(own) }), 'seed.json')
  for (const given of [own, path]) {
    const { app } = await mounted(t, { seed: given })
    t.strictSame((await app.inject('/mock/__admin/state')).json(), own)
  }
  await t.rejects(mounted(t, { seed: { ...own, personas: { boss: 1 } } }), {
    message: /the seed has 1 fault/,
  })
  await t.rejects(mounted(t, { seed: '/nowhere.json' }), { message: /cannot be read/ })
})

t.test('bad options fail the start of the host with one sentence', async (t) => {
  await t.rejects(mounted(t, { maxSandboxes: 0 }), {
    message: /--max-sandboxes must be a whole number from 1/,
  })
  await t.rejects(mounted(t, { corsOrigin: ['a'] }), { message: /--cors-origin must be an origin/ })
})

t.test('without a prefix, and deeper down, it answers where it is', async (t) => {
  for (const prefix of ['', '/a/b']) {
    const app = Fastify()
    t.teardown(() => app.close())
    if (prefix === '') await app.register(enneoMock)
    else await app.register(async (scope) => scope.register(enneoMock, { prefix: '/b' }), { prefix: '/a' })
    t.equal((await app.inject(`${prefix}/api/mind/health`)).statusCode, 200)
    t.strictSame((await app.inject(`${prefix}/__sandbox/x/__admin/state`)).json(), seed)
  }
})

t.test('two in one host are worlds apart', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(enneoMock, { prefix: '/one' })
  await app.register(enneoMock, { prefix: '/two', seed: seedWith({ profiles: [profileWith(9)] }) })
  await app.inject({ method: 'POST', url: '/one/__admin/faults', payload: { status: 500 } })
  t.strictSame((await app.inject('/two/__admin/faults')).json(), { faults: [] })
  t.equal((await app.inject('/two/__admin/state')).json().profiles.length, 1)
  t.equal((await app.inject('/one/__admin/state')).json().profiles.length, seed.profiles.length)
})

t.test('the control client works on a mounted mock, with its prefix in the origin', async (t) => {
  const { app } = await mounted(t)
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  const mock = createControlClient({ origin: `${origin}/mock` })
  const headers = { cookie: await mock.cookie('admin') }
  const sandbox = mock.sandbox('a')
  t.equal((await fetch(`${sandbox.url}/profile`, { headers })).status, 200)
  t.strictSame([await sandbox.count(), await mock.count()], [1, 0])
  await mock.fault({ status: 418, match: { path: '/mock/api/mind/profile' } })
  t.equal((await fetch(`${mock.url}/profile`, { headers })).status, 418)
})

t.test('closing the host ends waits and streams of the mock', async (t) => {
  const { app } = await mounted(t)
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  const mock = createControlClient({ origin: `${origin}/mock` })
  await mock.delay(60_000)
  await mock.fault({ headers: { 'x-seen': 'yes' } })
  const events = await fetch(`${mock.adminUrl}/events`)
  const call = fetch(`${mock.url}/profile`, { headers: { cookie: await mock.cookie('admin') } })
  t.ok(await until(async () => (await mock.faults())[0]?.injected === 1))
  await app.close()
  t.equal((await call).status, 200)
  t.match(await events.text(), /"status":200/)
})

const refused: [options: object, message: RegExp][] = [
  [{ auth: 'off' }, /^enneoMock has no option auth; /],
  [{ auth: 'any' }, /^enneoMock has no option auth; /],
  [{ port: 1 }, /^enneoMock has no option port; /],
  [{ listen: false }, /^enneoMock has no option listen; /],
  [{ watch: true }, /^enneoMock has no option watch; /],
  [{ adminApiTokn: 'a' }, /^enneoMock has no option adminApiTokn; did you mean adminApiToken\?$/],
  [{ seed: 5 }, /^seed must be a seed document or the path of one\.$/],
]

for (const [options, message] of refused) {
  t.test(`a mount with ${JSON.stringify(options)} is refused`, (t) =>
    t.rejects(mounted(t, options), { message }),
  )
}

t.test('what Fastify itself takes for a plugin is no option of the mock', async (t) => {
  const { app } = await mounted(t, { logLevel: 'warn' } as MountOptions)
  t.equal((await app.inject('/mock/api/mind/health')).statusCode, 200)
})

const guards: [what: string, host: Host][] = [
  [
    'answers',
    async (app) =>
      app.addHook('onRequest', async (_request, reply) => {
        await reply.code(429).header('x-host', 'yes').send({ host: 'too many' })
      }),
  ],
  [
    'throws, with an error handler of its own',
    async (app) => {
      app.setErrorHandler((error, _request, reply) =>
        reply
          .code(429)
          .header('x-host', 'yes')
          .send({ host: (error as Error).message }),
      )
      app.addHook('onRequest', async () => {
        throw new Error('too many')
      })
    },
  ],
  [
    'answers with a status that the route documents',
    async (app) =>
      app.addHook('onRequest', (_request, reply) => {
        reply.code(429).header('x-host', 'yes').send({ host: 'too many' })
      }),
  ],
]

for (const [what, host] of guards) {
  t.test(`a hook of the host that ${what} has the last word below the mount`, async (t) => {
    const { app } = await mounted(t, { selfCheck: true }, host)
    for (const url of [
      '/api/mind/profiles',
      '/api/mind/nothing',
      '/__admin/state',
      '/__admin/nothing',
      '/__sandbox/a/api/mind/profile',
    ]) {
      const answer = await app.inject(`/mock${url}`)
      t.match(answer, { statusCode: 429, headers: { 'x-host': 'yes' } }, url)
      t.strictSame(answer.json(), { host: 'too many' }, url)
    }
  })
}

t.test(
  'a guard of the host may use the statuses that the document lists, with bodies of its own',
  async (t) => {
    for (const status of [200, 400, 401, 403]) {
      const { app } = await mounted(t, {}, async (app) =>
        app.addHook('onRequest', async (_request, reply) => reply.code(status).send({ host: status })),
      )
      for (const method of ['GET', 'PATCH'] as const) {
        const answer = await app.inject({ method, url: '/mock/api/mind/profiles' })
        t.strictSame([answer.statusCode, answer.json()], [status, { host: status }])
      }
    }
  },
)

t.test(
  'an error of the host without a handler is answered by the framework as elsewhere in the host',
  async (t) => {
    const { app } = await mounted(t, {}, async (app) => {
      app.addHook('onRequest', async () => {
        throw Object.assign(new Error('not you'), { statusCode: 403 })
      })
      app.get('/own', async () => 'in')
    })
    const own = (await app.inject('/own')).json()
    for (const url of ['/mock/api/mind/profile', '/mock/__admin/state'])
      t.strictSame((await app.inject(url)).json(), own)
  },
)
