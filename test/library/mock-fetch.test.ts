import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { createMock } from '../../src/library/create-mock.ts'
import { createInMemoryHttp } from '../../src/library/in-memory-http.ts'
import { createMockFetch } from '../../src/library/mock-fetch.ts'
import { generateSeed } from '../../src/seed/generate-seed.ts'

/** A server that says what it was sent. */
async function opened(t: Test) {
  const app = Fastify()
  t.teardown(() => app.close())
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.route({
    method: ['GET', 'POST', 'PATCH', 'DELETE'],
    url: '/echo',
    handler: async ({ method, url, headers, body }) => ({
      method,
      url,
      headers,
      body: Buffer.isBuffer(body) ? body.toString('base64') : null,
    }),
  })
  app.get('/status/:code', async (request, reply) => {
    return reply.code(Number((request.params as { code: string }).code)).send('a')
  })
  app.get('/bytes', async (_request, reply) => reply.send(Buffer.from([0, 255, 128, 10])))
  app.get('/cookies', async (_request, reply) => reply.header('set-cookie', ['a=1', 'b=2']).send(''))
  app.route({
    method: ['GET', 'POST', 'PATCH', 'DELETE'],
    url: '/location/:code',
    handler: async (request, reply) =>
      reply.redirect('/echo', Number((request.params as { code: string }).code)),
  })
  app.get('/broken', async (_request, reply) => {
    reply.hijack()
    reply.raw.destroy(new Error('broken'))
  })
  app.get('/never', () => new Promise(() => {}))
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  const send = createMockFetch(createInMemoryHttp(app.server))
  const echo = async (...given: Parameters<typeof fetch>) => {
    const answer = (await (await send(...given)).json()) as {
      method: string
      url: string
      headers: Record<string, string>
      body: string | null
    }
    return { ...answer, text: answer.body === null ? null : Buffer.from(answer.body, 'base64').toString() }
  }
  return { send, echo, origin }
}

const address = 'http://localhost/echo'

t.test('it takes a string, a URL or a Request, and sends path and query', async (t) => {
  const { echo } = await opened(t)
  const url = '/echo?a=1&b=%20'
  for (const input of [
    `http://localhost${url}`,
    new URL(`http://localhost${url}`),
    new Request(`http://localhost${url}#c`),
  ])
    t.match(await echo(input), { method: 'GET', url, body: null })
})

t.test('host, method and headers arrive, those of a cookie as well', async (t) => {
  const { echo } = await opened(t)
  const sent = await echo('http://mock.localhost:81/echo', {
    method: 'DELETE',
    headers: { 'X-A': 'b', cookie: 'connect.sid=c', authorization: 'Bearer d' },
  })
  t.match(sent, { method: 'DELETE', headers: { host: 'mock.localhost:81', 'x-a': 'b' } })
  t.match(sent.headers, { cookie: 'connect.sid=c', authorization: 'Bearer d' })
  const list = await echo(address, {
    headers: new Headers([
      ['x-a', '1'],
      ['x-a', '2'],
    ]),
  })
  t.equal(list.headers['x-a'], '1, 2')
})

const form = new URLSearchParams({ a: 'b c' })
const bodies: [
  what: string,
  body: NonNullable<RequestInit['body']>,
  text: string,
  type: string | undefined,
][] = [
  ['a text', 'Jürgen → 😀', 'Jürgen → 😀', 'text/plain;charset=UTF-8'],
  ['bytes', new TextEncoder().encode('ä'), 'ä', undefined],
  ['a buffer', new TextEncoder().encode('ä').buffer as ArrayBuffer, 'ä', undefined],
  ['a blob', new Blob(['ä'], { type: 'text/x' }), 'ä', 'text/x'],
  ['a form', form, 'a=b+c', 'application/x-www-form-urlencoded;charset=UTF-8'],
  ['an empty text', '', '', 'text/plain;charset=UTF-8'],
]

for (const [what, body, text, type] of bodies) {
  t.test(`a body that is ${what} arrives as fetch would send it`, async (t) => {
    const { echo } = await opened(t)
    const sent = await echo(address, { method: 'PATCH', body })
    t.equal(sent.text ?? '', text)
    t.equal(sent.headers['content-type'], type)
  })
}

t.test('an own content type is kept, and a stream can be sent', async (t) => {
  const { echo } = await opened(t)
  const headers = { 'content-type': 'application/json' }
  t.match(await echo(address, { method: 'PATCH', headers, body: '{}' }), { headers, text: '{}' })
  const init = { method: 'PATCH', body: new Blob(['abc']).stream(), duplex: 'half' }
  t.equal((await echo(address, init as RequestInit)).text, 'abc')
})

t.test('the body of a Request arrives, and what is given beside it wins', async (t) => {
  const { echo } = await opened(t)
  const request = () => new Request(address, { method: 'PATCH', body: 'a', headers: { 'x-a': '1' } })
  t.match(await echo(request()), { method: 'PATCH', text: 'a', headers: { 'x-a': '1' } })
  t.match(await echo(request(), { method: 'POST', body: 'b' }), { method: 'POST', text: 'b' })
})

t.test('an answer has its status, headers and bytes; several cookies stay apart', async (t) => {
  const { send } = await opened(t)
  for (const code of [200, 201, 204, 304, 400, 404, 500, 503]) {
    const answer = await send(`http://localhost/status/${code}`)
    t.strictSame([answer.status, answer.ok], [code, code < 300])
    t.equal(await answer.text(), [204, 304].includes(code) ? '' : 'a')
  }
  const bytes = new Uint8Array(await (await send('http://localhost/bytes')).arrayBuffer())
  t.strictSame([...bytes], [0, 255, 128, 10])
  t.strictSame((await send('http://localhost/cookies')).headers.getSetCookie(), ['a=1', 'b=2'])
})

t.test('a connection that breaks rejects', async (t) => {
  const { send } = await opened(t)
  await t.rejects(send('http://localhost/broken'), { name: 'TypeError', message: 'fetch failed' })
})

t.test('what is no address, or no request, rejects as with fetch', async (t) => {
  const { send } = await opened(t)
  for (const given of [['/echo'], ['nonsense'], [address, { body: 'a' }], [address, { method: 'a b' }]])
    await t.rejects(send(...(given as Parameters<typeof fetch>)), TypeError, JSON.stringify(given))
})

t.test('a signal aborts it, before or while it runs', async (t) => {
  const { send } = await opened(t)
  await t.rejects(send(address, { signal: AbortSignal.abort() }), { name: 'AbortError' })
  await t.rejects(send(new Request(address, { signal: AbortSignal.abort() })), { name: 'AbortError' })
  const abort = new AbortController()
  const running = send('http://localhost/never', { signal: abort.signal })
  const outcome = Promise.race([
    running.then(
      () => 'answered',
      (error: Error) => error.name,
    ),
    // Enough turns for an abort to be noticed, were it looked for.
    (async () => {
      for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate)
      return 'still runs'
    })(),
  ])
  abort.abort()
  t.equal(await outcome, 'AbortError')
})

t.test('303 goes on as GET without body and its headers; another origin gets no credentials', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  const headers = { cookie: mock.cookie('admin'), 'content-type': 'application/json' }
  const change = () =>
    mock.fetch(`${mock.url}/profiles`, { method: 'PATCH', headers, body: '{"profiles":[]}' })
  await mock.fault({
    match: { method: 'PATCH' },
    status: 303,
    headers: { location: '/api/mind/profile' },
    times: 1,
  })
  const same = await change()
  t.strictSame([same.status, same.redirected, ((await same.json()) as { id: number }).id], [200, true, 1])
  const location = 'http://elsewhere.localhost/api/mind/profile'
  await mock.fault({ match: { method: 'PATCH' }, status: 303, headers: { location }, times: 1 })
  t.equal((await change()).status, 401)
  const [first, second] = (await mock.requests()).slice(-1)
  t.strictSame([first?.method, first?.headers['content-type'], second], ['GET', undefined, undefined])
})

t.test('a long answer waits for its reader', async (t) => {
  const mock = await createMock({ listen: false, seed: await generateSeed({ profiles: 3000 }) })
  t.teardown(() => mock.close())
  const answer = await mock.fetch(`${mock.adminUrl}/state`)
  t.equal(((await answer.json()) as { profiles: object[] }).profiles.length, 3000)
})

t.test('what does not end by itself is broken off by the end', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  app.get('/never', () => new Promise(() => {}))
  await app.ready()
  // Its patience alone keeps no process running.
  const alive = setInterval(() => {}, 60_000)
  t.teardown(() => clearInterval(alive))
  const memory = createInMemoryHttp(app.server)
  const pending = createMockFetch(memory)('http://localhost/never')
  await memory.close(Promise.resolve())
  await t.rejects(pending, TypeError)
})

for (const status of [301, 302, 303, 307, 308]) {
  for (const method of ['GET', 'POST', 'PATCH', 'DELETE']) {
    t.test(`a ${method} that is redirected with ${status} goes on as with fetch`, async (t) => {
      const { send, origin } = await opened(t)
      const arrived = async (by: typeof fetch) => {
        const headers = { 'x-a': 'b', 'content-type': 'text/x', 'content-language': 'de' }
        const init = { method, headers, ...(method !== 'GET' && { body: 'c' }) }
        const answer = await by(`${origin}/location/${status}`, init)
        const { headers: sent, ...call } = (await answer.json()) as { headers: Record<string, string> }
        const names = ['x-a', 'content-type', 'content-language', 'content-length']
        return { ...call, redirected: answer.redirected, headers: names.map((name) => sent[name]) }
      }
      t.strictSame(await arrived(send), await arrived(fetch))
    })
  }
}
