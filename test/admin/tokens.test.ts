import t from 'tap'
import { createTestMock } from '../support/mock.ts'

const known = 'personas are admin, manager, agent, service'

async function askToken(body: unknown, given?: Parameters<typeof createTestMock>[0]) {
  const app = await createTestMock(given)
  t.teardown(() => app.close())
  const payload = body === undefined ? '' : JSON.stringify(body)
  const answer = await app.inject({ method: 'POST', url: '/__admin/tokens', payload })
  const update = (headers: Record<string, string>) =>
    app.inject({ method: 'PATCH', url: '/api/mind/profiles', headers, payload: '{"profiles":[{"id":1}]}' })
  return { answer, body: answer.json(), update }
}

const payloadOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

const people: [body: object, userId: number][] = [
  [{ persona: 'admin' }, 1],
  [{ persona: 'agent' }, 3],
  [{ userId: 3 }, 3],
  [{ userId: 99 }, 99],
]

for (const [request, userId] of people) {
  t.test(
    `POST /tokens ${JSON.stringify(request)} gives a token and the cookie of profile ${userId}`,
    async (t) => {
      const { answer, body } = await askToken(request)
      t.equal(answer.statusCode, 200)
      t.strictSame(body, { token: body.token, cookie: `connect.sid=${body.token}` })
      t.strictSame(payloadOf(body.token), { userId })
      t.equal(answer.headers['set-cookie'], `connect.sid=${body.token}; Path=/; HttpOnly; SameSite=Lax`)
    },
  )
}

// [tokens.no-cookie]
t.test('cookie false gives a token and sets none, and tells of none that is lost', async (t) => {
  const { answer, body, update } = await askToken({ persona: 'admin', cookie: false })
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['set-cookie'], undefined)
  t.equal((await update({ authorization: `Bearer ${body.token}` })).statusCode, 200)
})

t.test('the token and the cookie of POST /tokens sign in', async (t) => {
  const { body, update } = await askToken({ persona: 'admin' })
  t.equal((await update({ authorization: `Bearer ${body.token}` })).statusCode, 200)
  t.equal((await update({ cookie: body.cookie })).statusCode, 200)
})

t.test('expiresIn 3600 gives a token that signs in and will expire', async (t) => {
  const { body, update } = await askToken({ persona: 'admin', expiresIn: 3600 })
  t.ok(payloadOf(body.token).exp > Date.now() / 1000)
  t.equal((await update({ authorization: `Bearer ${body.token}` })).statusCode, 200)
})

t.test('expiresIn -60 gives a token that answers 401: it has expired', async (t) => {
  const { body, update } = await askToken({ persona: 'admin', expiresIn: -60 })
  for (const headers of [{ authorization: `Bearer ${body.token}` }, { cookie: body.cookie }]) {
    const answer = await update(headers)
    t.strictSame([answer.statusCode, answer.json().message], [401, 'the token has expired'])
  }
})

t.test('a token for nobody answers 401', async (t) => {
  const { body, update } = await askToken({ userId: 99 })
  t.equal((await update({ authorization: `Bearer ${body.token}` })).statusCode, 401)
})

const refused: [body: unknown, message: string, paths?: string[]][] = [
  [undefined, `send a persona or a userId; ${known}`],
  [{}, `send a persona or a userId; ${known}`],
  [{ persona: 'admin', userId: 1 }, `send a persona or a userId; ${known}`],
  [{ persona: 'boss' }, `there is no persona of that name; ${known}`],
  [{ persona: 'toString' }, `there is no persona of that name; ${known}`],
  [{ userId: '1' }, 'userId must be an integer (got a string of 1 character)', ['userId']],
  [
    { persona: 1, expiresIn: 1.5 },
    'persona must be a string (got 1); expiresIn must be an integer from -10000000000 to 10000000000 (got 1.5)',
    ['persona', 'expiresIn'],
  ],
  [{ user: 1 }, 'user is not a known key', ['user']],
  [[], 'the document must be an object (got an array)', ['the document']],
  [null, 'the document must be an object (got null)', ['the document']],
]

for (const [request, message, paths] of refused) {
  t.test(`POST /tokens ${JSON.stringify(request)} answers 400: ${message}`, async (t) => {
    const { answer, body } = await askToken(request)
    t.equal(answer.statusCode, 400)
    t.equal(body.message, message)
    t.strictSame(
      body.faults?.map(({ path }: { path: string }) => path),
      paths,
    )
    t.notOk(answer.headers['set-cookie'])
  })
}

t.test('a body that is no JSON answers 400 and repeats nothing of it', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const answer = await app.inject({ method: 'POST', url: '/__admin/tokens', payload: '{"persona": hunter2' })
  t.strictSame([answer.statusCode, answer.json()], [400, { message: 'the body is not valid JSON' }])
})

const pages: [
  origin: string | undefined,
  host: string,
  site: string | undefined,
  told: RegExp | undefined,
][] = [
  ['http://localhost:5173', 'localhost:8005', undefined, undefined],
  ['http://localhost:5173', 'localhost:8005', 'same-site', undefined],
  [
    'http://localhost:5173',
    '127.0.0.1:8005',
    undefined,
    /on localhost and calls 127\.0\.0\.1:8005,.* as localhost:8005$/,
  ],
  ['http://localhost:5173', '127.0.0.1:8005', 'cross-site', /as localhost:8005$/],
  ['http://127.0.0.1:5173', 'localhost:8005', 'cross-site', /as 127\.0\.0\.1:8005$/],
  ['http://127.0.0.1:5173', '[::1]:8005', undefined, /as 127\.0\.0\.1:8005$/],
  ['http://app.localhost:5173', 'localhost:8005', 'same-site', undefined],
  [undefined, '127.0.0.1:8005', undefined, undefined],
]

// [tokens.one-name]
t.test('a page of another site is told that its browser will drop the cookie', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  for (const url of ['/__admin/tokens', '/__sandbox/a/__admin/tokens']) {
    for (const [origin, host, site, told] of pages) {
      const headers = { host, ...(origin && { origin }), ...(site && { 'sec-fetch-site': site }) }
      const answer = await app.inject({ method: 'POST', url, headers, payload: { persona: 'admin' } })
      t.equal(answer.statusCode, 200)
      const header = answer.headers['x-mock-violations']
      const violations = header === undefined ? [] : JSON.parse(String(header))
      t.match(violations, told ? [{ rule: 'cookie-dropped', message: told }] : [], `${origin} calls ${host}`)
      t.equal(violations.length, told ? 1 : 0)
    }
  }
})

// [tokens.sign-out]
t.test('DELETE /tokens takes the cookie back', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  for (const url of ['/__admin/tokens', '/__sandbox/a/__admin/tokens']) {
    const answer = await app.inject({ method: 'DELETE', url })
    t.strictSame([answer.statusCode, answer.json()], [200, { status: 'signed out' }])
    t.match(
      answer.headers['set-cookie'],
      /^connect\.sid=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970 .*HttpOnly; SameSite=Lax$/,
    )
  }
})
