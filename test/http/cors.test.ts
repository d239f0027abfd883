import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { answerCors } from '../../src/http/cors.ts'
import { createTrustsOrigin } from '../../src/http/origins.ts'

type Headers = Record<string, string>

const page = 'http://localhost:5173'
const listed = 'https://app.example.com'
const evil = 'https://evil.example'
const open = {
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers':
    'X-Mock-Violations, X-Mock-Fault, Preference-Applied, Retry-After, WWW-Authenticate, Allow',
}
const reflected = (origin: string) => ({ ...open, 'access-control-allow-origin': origin })
const methods = { 'access-control-allow-methods': 'GET, HEAD, PATCH, POST, PUT, DELETE' }
const asking = { 'access-control-request-headers': 'authorization,x-own' }
const allowed = { 'access-control-allow-headers': 'authorization,x-own' }

/** An application of two scopes, the first of which is open to pages. */
async function halfOpened(t: Test) {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(async (scope) => {
    answerCors(scope, createTrustsOrigin([listed]))
    scope.get('/open', async () => ({ answered: true }))
    scope.get('/failing', async () => {
      throw Object.assign(new Error('failed'), { statusCode: 400 })
    })
  })
  app.get('/closed', async () => ({ answered: true }))
  return app
}

/** The headers that are about pages. */
const told = (headers: object) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /^(access-control-|vary$)/.test(name)))

const answers: [who: string, url: string, headers: Headers, status: number, seen: Headers][] = [
  ['who names no origin', '/open', {}, 200, { ...open, vary: 'Origin' }],
  ['a page of this machine', '/open', { origin: page }, 200, { ...reflected(page), vary: 'Origin' }],
  ['a page of a listed origin', '/open', { origin: listed }, 200, { ...reflected(listed), vary: 'Origin' }],
  ['such a page, of a refusal', '/failing', { origin: page }, 400, { ...reflected(page), vary: 'Origin' }],
  [
    "a page of the mock's own host",
    '/open',
    { origin: 'https://mock.example', host: 'mock.example' },
    200,
    { ...reflected('https://mock.example'), vary: 'Origin' },
  ],
  ['a foreign page', '/open', { origin: evil }, 200, { vary: 'Origin' }],
  ['a foreign page, of a refusal', '/failing', { origin: evil }, 400, { vary: 'Origin' }],
  ['a page, of what another scope answers', '/closed', { origin: page }, 200, {}],
]

for (const [who, url, headers, status, seen] of answers) {
  t.test(`${who} gets what its browser needs and nothing more`, async (t) => {
    const answer = await (await halfOpened(t)).inject({ url, headers })
    t.strictSame([answer.statusCode, told(answer.headers)], [status, seen])
  })
}

const asked = 'Origin, Access-Control-Request-Headers'
const preflights: [who: string, headers: Headers, seen: Headers][] = [
  ['a page of this machine', { origin: page, ...asking }, { ...reflected(page), ...methods, ...allowed }],
  ['a page that asks for no headers', { origin: page }, { ...reflected(page), ...methods }],
  ['who names no origin', asking, { ...open, ...methods, ...allowed }],
  ['a foreign page', { origin: evil, ...asking }, {}],
]

for (const [who, headers, seen] of preflights) {
  t.test(`the preflight of ${who} is answered at once`, async (t) => {
    const app = await halfOpened(t)
    for (const url of ['/api/mind/profiles', '/__admin/state']) {
      const answer = await app.inject({ method: 'OPTIONS', url, headers })
      const { 'content-length': length } = answer.headers
      t.strictSame(
        [answer.statusCode, answer.body, length, told(answer.headers)],
        [204, '', '0', { ...seen, vary: asked }],
      )
    }
  })
}
