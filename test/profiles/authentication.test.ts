import cookie from '@fastify/cookie'
import Fastify from 'fastify'
import t from 'tap'
import { createTokens } from '../../src/http/tokens.ts'
import { type AuthMode, createAuthenticate } from '../../src/profiles/authentication.ts'
import { openCall } from '../../src/profiles/call.ts'
import { handleError } from '../../src/profiles/errors.ts'
import { createMemoryStore } from '../../src/stores/memory-store.ts'
import { type Credential, signInWith, wireRequest } from '../support/cases.ts'
import { profileWith, roleWith, seedWith } from '../support/seeds.ts'

const secret = 'secret of these tests'
const good = (await createTokens(secret, Date.now)).sign(3)
const personas = { admin: 1, agent: 3 }
const store = createMemoryStore(
  seedWith({
    roles: [roleWith(1, ['read', 'write']), roleWith(2, ['read'])],
    profiles: [profileWith(1, { settings: { roleId: 1 } }), profileWith(3, { settings: { roleId: 2 } })],
  }),
)

/** A route that tells who calls. */
async function whoCalls(mode: AuthMode) {
  const app = Fastify()
  const authenticate = createAuthenticate(mode, await createTokens(secret, Date.now))
  app.decorateRequest('enneoCall', null)
  app.addHook('onRequest', async (request) => {
    openCall(request)
  })
  app.setErrorHandler(handleError)
  await app.register(cookie)
  app.get('/', async (request) => {
    const { id, permissions } = await authenticate(request, await store.world('any'))
    return { id, permissions: permissions() }
  })
  return app
}

type SignIn = { bearer?: Credential; cookie?: Credential; headers?: Record<string, string> }
type Expected = number | { id: number; permissions: string[] } | string

const forged = { userId: 3, secret: 'another secret' }
const expired = { userId: 3, expiresIn: -1 }
const unsigned = { userId: 3, algorithm: 'none' }
const hs512 = { userId: 3, algorithm: 'HS512' }
const early = { userId: 3, payload: { nbf: 4_000_000_000 } }
const garbage = { raw: 'garbage' }
const nobody = { userId: 99 }
const noUser = { payload: { sub: 'me' } }
const behalf = (id: string) => ({ 'x-enneo-on-behalf-of': id })
const sent = (authorization: string): SignIn => ({ headers: { authorization } })

const missing = 'sign-in is missing: send Authorization: Bearer <token> or the cookie connect.sid'
const header = 'the Authorization header must be Bearer <token>'
const onBehalf = 'X-Enneo-On-Behalf-Of names nobody: it takes the id of a profile'
const noUserId = "the token's payload has no integer userId"

const cases: Record<AuthMode, [what: string, signIn: SignIn, expected: Expected][]> = {
  strict: [
    ['a bearer token', { bearer: 'agent' }, 3],
    ['a token that has not expired', { bearer: { userId: 3, expiresIn: 3600 } }, 3],
    ['the cookie', { cookie: 'agent' }, 3],
    ['a scheme in other letters', { headers: { authorization: 'bearer TOKEN' } }, 'the token is malformed'],
    ['two good credentials: the bearer wins', { bearer: 'admin', cookie: 'agent' }, 1],
    ['a bad bearer beside a good cookie', { bearer: forged, cookie: 'agent' }, 3],
    ['a good bearer beside a bad cookie', { bearer: 'agent', cookie: expired }, 3],
    ['an unknown user in the bearer beside a good cookie', { bearer: nobody, cookie: 'agent' }, 3],
    ['another scheme beside a good cookie', { cookie: 'agent', headers: { authorization: 'Basic YTpi' } }, 3],
    ['nothing', {}, missing],
    ['an empty cookie', { cookie: { raw: '' } }, missing],
    ['another scheme', { headers: { authorization: 'Basic YTpi' } }, header],
    ['a bearer without a token', { headers: { authorization: 'Bearer ' } }, header],
    ['a bearer with two words', { headers: { authorization: 'Bearer a b' } }, header],
    ['a scheme that ends like bearer', sent(`XBearer ${good}`), header],
    ['a scheme without a space', sent(`Bearer${good}`), header],
    ['text after the token', sent(`Bearer ${good} x`), header],
    ['the token alone', sent(good), header],
    ['more spaces before the token', sent(`Bearer   ${good}`), 3],
    ['spaces after the token', sent(`Bearer ${good}  `), 3],
    ['an empty header', { headers: { authorization: '' } }, header],
    ['garbage', { bearer: garbage }, 'the token is malformed'],
    ['garbage with three parts', { bearer: { raw: 'a.b.c' } }, 'the token is malformed'],
    ['a wrong signature', { bearer: forged }, "the token's signature is wrong"],
    ['an expired token', { bearer: expired }, 'the token has expired'],
    ['an expired cookie', { cookie: expired }, 'the token has expired'],
    ['a token for later', { bearer: early }, 'the token is not valid yet'],
    ['alg: none', { bearer: unsigned }, 'the token must be signed with HS256'],
    ['another algorithm', { bearer: hs512 }, 'the token must be signed with HS256'],
    ['a user id of nobody', { bearer: nobody }, "the token's userId 99 is nobody here"],
    ['no user id', { bearer: noUser }, noUserId],
    ['a user id as text', { bearer: { userId: '3' } }, noUserId],
    ['a fraction as user id', { bearer: { userId: 3.5 } }, noUserId],
    [
      'two bad ones',
      { bearer: forged, cookie: expired },
      "the token's signature is wrong; the token has expired",
    ],
    [
      'acting for somebody with fewer permissions',
      { bearer: 'admin', headers: behalf('3') },
      { id: 1, permissions: ['read'] },
    ],
    [
      'acting for somebody with more permissions',
      { bearer: 'agent', headers: behalf('1') },
      { id: 3, permissions: ['read'] },
    ],
    ['acting for nobody', { bearer: 'admin', headers: behalf('99') }, onBehalf],
    ...['agent', '', ' ', '1.0', '0x1', '-1', '1e0', '1 1'].map((id): [string, SignIn, Expected] => [
      `acting for "${id}"`,
      { bearer: 'admin', headers: behalf(id) },
      onBehalf,
    ]),
    [
      'acting for an id with a zero before it',
      { bearer: 'admin', headers: behalf('03') },
      { id: 1, permissions: ['read'] },
    ],
  ],
  any: [
    ['a good token', { bearer: 'agent' }, 3],
    ['a wrong signature', { bearer: forged }, 3],
    ['an expired token', { bearer: expired }, 3],
    ['alg: none', { bearer: unsigned }, 3],
    ['another algorithm', { bearer: hs512 }, 3],
    ['a user id of nobody', { bearer: nobody }, 1],
    ['no user id', { bearer: noUser }, 1],
    ['a session of the real service', { cookie: { raw: 's%3Aopaque' } }, 1],
    ['a token as cookie', { cookie: forged }, 3],
    ['garbage', { bearer: garbage }, 'the token is malformed'],
    ['garbage beside garbage as cookie', { bearer: garbage, cookie: garbage }, 1],
    ['another scheme', { headers: { authorization: 'Basic YTpi' } }, header],
    ['nothing', {}, missing],
    ['an empty cookie', { cookie: { raw: '' } }, missing],
    ['acting for nobody', { bearer: 'admin', headers: behalf('99') }, onBehalf],
  ],
  off: [
    ['nothing', {}, 1],
    ['a token of somebody else', { bearer: 'agent' }, 1],
    ['garbage', { bearer: garbage }, 1],
    ['acting for somebody', { headers: behalf('3') }, { id: 1, permissions: ['read'] }],
  ],
}

for (const [mode, table] of Object.entries(cases)) {
  t.test(`--auth ${mode}`, async (t) => {
    const app = await whoCalls(mode as AuthMode)
    t.teardown(() => app.close())
    for (const [what, signIn, expected] of table) {
      const { headers } = wireRequest({ method: 'GET', ...signIn }, signInWith(secret, personas))
      const answer = await app.inject({ url: '/', headers })
      if (typeof expected === 'string') {
        t.strictSame(answer.json(), { success: false, message: expected }, `${what} answers 401: ${expected}`)
        t.equal(answer.statusCode, 401)
        t.equal(answer.headers['www-authenticate'], 'Bearer')
      } else {
        const { id, permissions } = answer.json()
        const who = typeof expected === 'number' ? id : { id, permissions }
        t.strictSame(who, expected, `${what} is profile ${JSON.stringify(expected)}`)
      }
    }
  })
}

t.test('--auth any and --auth off answer 401 when even profile 1 is nobody', async (t) => {
  const empty = await createMemoryStore(seedWith()).world('any')
  const nobody = "the token's userId 1 is nobody here"
  for (const [mode, message] of [
    ['any', `the token is malformed; ${nobody}`],
    ['off', nobody],
  ] as const) {
    const authenticate = createAuthenticate(mode, await createTokens(secret, Date.now))
    const app = Fastify()
    app.decorateRequest('enneoCall', null)
    app.setErrorHandler(handleError)
    await app.register(cookie)
    app.get('/', async (request) => authenticate(request, empty))
    const answer = await app.inject({ url: '/', cookies: { 'connect.sid': 'opaque' } })
    t.strictSame([answer.statusCode, answer.json().message], [401, message])
  }
})

const mine = (app: Awaited<ReturnType<typeof whoCalls>>, sessions: readonly string[]) =>
  app.inject({ url: '/', headers: { cookie: sessions.join('; ') } })

// [signin.several-cookies]
t.test('of several session cookies the good one counts, wherever it stands', async (t) => {
  const tokens = await createTokens(secret, Date.now)
  const other = await createTokens('another secret', Date.now)
  const good = `connect.sid=${tokens.sign(3)}`
  const bad = [
    'connect.sid=s%3Aopaque.signature',
    `connect.sid=${other.sign(1)}`,
    `connect.sid=${tokens.sign(1, -60)}`,
    `connect.sid=${tokens.sign(999)}`,
    'connect.sid=',
    'connect.sid=%',
    'connect.sid',
    'xconnect.sid=a',
    'a=b',
  ]
  for (const mode of ['strict', 'any'] as const) {
    const app = await whoCalls(mode)
    for (const one of mode === 'strict'
      ? bad
      : bad.filter((text) => !text.includes('.ey') && !text.includes('=ey'))) {
      for (const order of [
        [one, good],
        [good, one],
        [one, 'a=b', good, one],
        [one, one, good],
      ])
        t.match((await mine(app, order)).json(), { id: 3 }, `${mode}: ${order.join('; ').slice(0, 60)}`)
    }
    t.match(
      (await mine(app, [...bad.filter((text) => mode === 'strict' || !text.includes('=ey')), good])).json(),
      { id: 3 },
    )
  }
  const strict = await whoCalls('strict')
  const refused = await mine(strict, bad)
  const causes = [
    'the token is malformed',
    "the token's signature is wrong",
    'the token has expired',
    "the token's userId 999 is nobody here",
    'the token is malformed',
  ]
  t.strictSame([refused.statusCode, refused.json()], [401, { success: false, message: causes.join('; ') }])
  const any = await whoCalls('any')
  t.match((await mine(any, [bad[0] as string, 'a=b'])).json(), { id: 1 })
})
