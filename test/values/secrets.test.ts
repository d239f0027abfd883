import t from 'tap'
import { startCommand } from '../support/command.ts'
import { openEventStream } from '../support/event-stream.ts'
import { bearer } from '../support/signed-in.ts'

const secret = [
  'password',
  'image',
  'token',
  'accessToken',
  'access_token',
  'access-token',
  'Access Token[]',
  'refreshToken',
  'idToken',
  'id_token',
  'sessionId',
  'session.id',
  'authorization',
  'cookie',
  'set-cookie',
  'connect.sid',
  'connect.sid[]',
  'auth_token',
  'CSRF-Token',
  'jwt',
  'Proxy-Authorization',
  'api-key',
  'client_secret',
]

/** Also good base64, so that it passes as an image. */
const marker = 'S3cr3tMarker0000'
const numberMarker = 918_273_645
const leaks = new RegExp(`${marker}|${numberMarker}`)

const values: [what: string, value: unknown][] = [
  ['a text', marker],
  ['a number', numberMarker],
  ['an object', { a: marker, [marker]: numberMarker }],
  ['a list', [marker, [numberMarker, { b: marker }]]],
]

/** Where in a body a secret can be. */
const places: [where: string, body: (key: string, value: unknown) => unknown][] = [
  ['an item', (key, value) => ({ profiles: [{ id: 5, [key]: value }] })],
  ['an item that fails', (key, value) => ({ profiles: [{ id: 999, [key]: value }] })],
  ['an item with another fault', (key, value) => ({ profiles: [{ id: 5, lang: 1, [key]: value }] })],
  ['an item without id', (key, value) => ({ profiles: [{ [key]: value }] })],
  ['settings', (key, value) => ({ profiles: [{ id: 5, settings: { [key]: value } }] })],
  ['rawData', (key, value) => ({ profiles: [{ id: 5, rawData: { [key]: value } }] })],
  ['lists in rawData', (key, value) => ({ profiles: [{ id: 5, rawData: { a: [[{ [key]: value }]] } }] })],
  ['an unknown key', (key, value) => ({ profiles: [{ id: 5, x: { y: [{ [key]: value }] } }] })],
  ['a documented key of the wrong type', (key, value) => ({ profiles: [{ id: 5, lang: { [key]: value } }] })],
  ['the id', (key, value) => ({ profiles: [{ id: { [key]: value } }] })],
  ['the body', (key, value) => ({ [key]: value, profiles: [] })],
  ['the body without profiles', (key, value) => ({ [key]: value })],
  ['a list instead of a body', (key, value) => [{ [key]: value }]],
]

const broken = [
  `{"profiles":[{"id":5,"password":"${marker}`,
  `{"profiles":[{"id":5,"password":"${marker}"}`,
  `password=${marker}`,
  marker,
  `{"password":"${marker}",}`,
  `{"__proto__":{"password":"${marker}"}}`,
  `{"profiles":[{"id":5,"constructor":{"prototype":{"token":"${marker}"}}}]}`,
]

const headers: Record<string, string>[] = [
  { authorization: `Bearer ${marker}` },
  { authorization: `Bearer ${marker}.${marker}.${marker}` },
  { authorization: `Basic ${marker}` },
  { authorization: marker },
  { cookie: `connect.sid=${marker}` },
  { cookie: `session=${marker}; other=${marker}` },
  { 'x-api-key': marker },
  { 'x-auth-token': marker, 'x-csrf-token': marker },
  { 'proxy-authorization': marker },
]

const queries = [
  'password',
  'token[]',
  'image',
  'Token',
  'access_token',
  'access-token',
  'refreshToken',
  'idToken',
  'sessionId',
  'user[password]',
  'user[connect.sid][]',
  'connect.sid',
  'connect.sid[]',
]

// [journal.secrets]
t.test('a secret is seen nowhere again, wherever it was sent', async (t) => {
  const command = await startCommand(t, ['--log-level', 'debug', '--body-limit', '5000'])
  const { origin } = command
  const events = await openEventStream(`${origin}/__admin`)
  const statuses = new Map<number, number>()
  let calls = 0
  const ask = async (path: string, init: RequestInit & { headers: Record<string, string> }) => {
    const answer = await fetch(origin + path, init)
    const text = `${JSON.stringify([...answer.headers])} ${await answer.text()}`
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    t.notMatch(text, leaks, `${init.method} ${path}`)
    if (path.startsWith('/api/mind')) {
      calls += 1
      t.notMatch(JSON.stringify(await events.next()), leaks, 'events')
    }
  }
  const json = { 'content-type': 'application/json' }
  const callers = { admin: bearer(), agent: bearer(3), nobody: {} }
  const update = (body: string, who: Record<string, string> = callers.admin, path = '/profiles') =>
    ask(`/api/mind${path}`, { method: 'PATCH', headers: { ...json, ...who }, body })

  for (const [, place] of places) {
    for (const key of ['password', 'image', 'token'])
      for (const [, value] of values) await update(JSON.stringify(place(key, value)))
  }
  for (const key of secret)
    await update(JSON.stringify({ profiles: [{ id: 5, rawData: { [key]: marker } }] }))
  for (const body of broken) for (const who of Object.values(callers)) await update(body, who)
  for (const [, value] of values) {
    for (const who of [callers.agent, callers.nobody])
      await update(JSON.stringify({ profiles: [{ id: 5, password: value }] }), who)
    for (const path of ['/profile/5', '/profile/999', '/roles'])
      await update(JSON.stringify({ password: value, image: value }), callers.admin, path)
    await update(JSON.stringify({ profiles: [{ id: 5, password: value, rawData: { a: 'x'.repeat(6000) } }] }))
  }
  for (const own of headers) {
    await ask('/api/mind/profile', { method: 'GET', headers: own })
    await ask('/api/mind/profile', { method: 'GET', headers: { ...callers.admin, ...own } })
    await ask('/__admin/state', { method: 'GET', headers: own })
  }
  for (const key of queries) {
    const query = `?a=1&${encodeURIComponent(key)}=${marker}&limit=x`
    for (const path of ['/profile', '/profiles', '/nothing', '/%zz'])
      await ask(`/api/mind${path}${query}`, { method: 'GET', headers: callers.admin })
    for (const path of ['/__admin/state', '/__admin/nothing', '/nothing', '/__sandbox/a/nothing'])
      await ask(path + query, { method: 'GET', headers: {} })
  }
  for (const [path, body] of [
    ['/tokens', { persona: 'admin', password: marker }],
    ['/state', { profiles: [{ id: 1, password: marker, settings: { image: numberMarker } }] }],
    ['/faults', { token: marker, status: 500 }],
    ['/requests/find', { password: marker }],
    ['/settings', { delay: { token: marker } }],
  ] as const) {
    const method = path === '/state' ? 'PUT' : 'POST'
    await ask(`/__admin${path}`, { method, headers: json, body: JSON.stringify(body) })
    await ask(`/__admin${path}`, { method, headers: json, body: `{"password":"${marker}` })
  }
  t.strictSame(
    [...statuses.keys()].sort(),
    [200, 400, 401, 403, 404, 405, 413],
    'all kinds of answers were seen',
  )

  for (const path of ['/requests', '/state', '/faults', '/state/profiles/5']) {
    const text = await (await fetch(`${origin}/__admin${path}`)).text()
    t.ok(text.length > 2)
    t.notMatch(text, leaks, path)
  }
  const { requests } = (await (await fetch(`${origin}/__admin/requests`)).json()) as { requests: unknown[] }
  t.equal(requests.length, calls)
  t.ok(JSON.stringify(requests).includes('[redacted]'), 'where it was can be seen')

  events.close()
  command.process.kill('SIGTERM')
  const { stdout, stderr } = await command.finished
  t.ok(
    stdout.split('\n').filter((line) => line.includes('"msg":"call"')).length >= calls,
    'every call is in the log',
  )
  t.notMatch(stdout + stderr, leaks, 'log')
})

// [journal.jwt]
t.test('what looks like a JWT is shown nowhere, wherever it was sent', async (t) => {
  const command = await startCommand(t, ['--log-level', 'debug'])
  const { origin } = command
  const events = await openEventStream(`${origin}/__admin`)
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const jwts = ['HS256', 'none'].map(
    (alg) => `${part({ alg })}.${part({ userId: 1, of: alg })}.${alg === 'none' ? '' : marker}`,
  )
  const seen = (text: string) =>
    jwts.some((jwt) => text.includes(jwt.slice(0, -1)) || text.includes(jwt.split('.')[1] as string))
  const ask = async (method: string, path: string, own: Record<string, string>, body?: unknown) => {
    const headers = { 'content-type': 'application/json', ...bearer(), ...own }
    const answer = await fetch(`${origin}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = `${JSON.stringify([...answer.headers])} ${await answer.text()}`
    t.notOk(seen(text), `${method} ${path.slice(0, 30)}`)
    t.notOk(seen(JSON.stringify(await events.next())), 'events')
  }
  for (const jwt of jwts) {
    await ask('GET', `/api/mind/profile/${jwt}`, {})
    await ask('GET', `/api/mind/${jwt}/profile`, {})
    await ask('GET', `/api/mind/profiles?q=${jwt}`, {})
    await ask('GET', `/api/mind/profiles?show=${jwt}`, {})
    await ask('GET', `/api/mind/profiles?${jwt}=1`, {})
    await ask('GET', '/api/mind/profile', { 'user-agent': `me ${jwt}`, accept: `a/b; x=${jwt}` })
    await ask(
      'PATCH',
      '/api/mind/profiles',
      { 'content-type': `application/json; token=${marker}` },
      { profiles: [] },
    )
    await ask(
      'PATCH',
      '/api/mind/profiles',
      {},
      { profiles: [{ id: 5, lang: jwt, [jwt]: 1, settings: { status: jwt } }] },
    )
    await ask(
      'PATCH',
      '/api/mind/profiles',
      {},
      { profiles: [{ id: 5, x: [jwt, { y: jwt }] }], pad: 'x'.repeat(70_000) },
    )
  }
  const journal = await (await fetch(`${origin}/__admin/requests`)).text()
  t.notOk(seen(journal) || leaks.test(journal), 'the journal')
  t.ok(journal.includes('[redacted]'))
  t.match(journal, 'application/json; token=[redacted]')
  events.close()
  command.process.kill('SIGTERM')
  const { stdout, stderr } = await command.finished
  // The banner shows two tokens of its own.
  t.notOk(
    seen(
      stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .join('\n') + stderr,
    ),
    'the log',
  )
})

t.test('--auth any believes a token and repeats nothing of it', async (t) => {
  const command = await startCommand(t, ['--auth', 'any', '--log-level', 'debug'])
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  for (const token of [
    `${part({ alg: 'none' })}.${part({ userId: 1, password: marker })}.${marker}`,
    `${part({ alg: 'RS256', kid: marker })}.${part({ sub: marker })}.${marker}`,
    marker,
  ]) {
    for (const own of [{ authorization: `Bearer ${token}` }, { cookie: `connect.sid=${token}` }]) {
      const answer = await fetch(`${command.origin}/api/mind/profile`, {
        headers: own as Record<string, string>,
      })
      t.notMatch(await answer.text(), leaks)
    }
  }
  const journal = await (await fetch(`${command.origin}/__admin/requests`)).text()
  t.match(journal, /"userId":1/)
  t.notMatch(journal, leaks)
  command.process.kill('SIGTERM')
  const { stdout, stderr } = await command.finished
  t.notMatch(stdout + stderr, leaks)
})
