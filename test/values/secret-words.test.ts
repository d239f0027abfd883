import t from 'tap'
import {
  isSecretKey,
  redacted,
  withoutJwt,
  withoutSecretParameters,
  withoutSecrets,
} from '../../src/values/secrets.ts'
import { deepFrozen } from '../support/seeds.ts'

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
const other = ['passwords', 'imageUrl', 'tokens', 'id', '', 'pass', 'constructor', '__proto__']

// [secret.spelling]
t.test('keys that hold secrets are told in any case and with any separators, and no others', async (t) => {
  for (const key of secret) for (const form of [key, key.toUpperCase()]) t.ok(isSecretKey(form), form)
  for (const key of other) t.notOk(isSecretKey(key), key)
})

const copies: [value: unknown, kept: unknown, paths: string[]][] = [
  [1, 1, []],
  [null, null, []],
  ['password', 'password', []],
  [{ a: 1 }, { a: 1 }, []],
  [{ a: 1, Password: { b: 1 } }, { a: 1 }, ['at.Password']],
  [{ jwt: 1, a: null, b: [null] }, { a: null, b: [null] }, ['at.jwt']],
  [
    [{ token: 1 }, [{ token: [2], b: [] }]],
    [{}, [{ b: [] }]],
    ['at[0].token', 'at[1][0].token'],
  ],
  [{ a: { b: [{ image: null, c: 1 }] } }, { a: { b: [{ c: 1 }] } }, ['at.a.b[0].image']],
]

for (const [value, kept, paths] of copies) {
  t.test(`${JSON.stringify(value)} is kept as ${JSON.stringify(kept)}`, async (t) => {
    const found: string[] = []
    t.strictSame(
      withoutSecrets(deepFrozen(value), 'at', (path) => found.push(path)),
      kept,
    )
    t.strictSame(found, paths)
    if (paths.length === 0) t.equal(withoutSecrets(value, 'at', t.fail), value, 'without being copied')
  })
}

const headerTexts: [text: string, shown: string][] = [
  ['text/plain', 'text/plain'],
  ['text/plain; charset=utf-8', 'text/plain; charset=utf-8'],
  ['text/plain; charset=utf-8; token=hunter2', `text/plain; charset=utf-8; token=${redacted}`],
  ['a; user[password] = "hunter 2"; b=c', `a; user[password] = ${redacted}; b=c`],
  ['key eyJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOjF9.c2lnbmVk', `key ${redacted}`],
  [
    'application/json; charset=utf-8; token=abc; q="1"',
    `application/json; charset=utf-8; token=${redacted}; q="1"`,
  ],
  ['a; b=token=hunter2; c', `a; b=token=${redacted}; c`],
  ['a; b="c; token=hunter2"; d', `a; b="c; token=${redacted}; d`],
  ['; =token=hunter2', `; =token=${redacted}`],
  ['token="hunter', `token=${redacted}`],
  ['token="a=hunter; password=2";b=c', `token=${redacted};b=c`],
  ['token=password=', `token=${redacted}`],
  ['token=hunter2,b=c&api-key=hunter3', `token=${redacted},b=c&api-key=${redacted}`],
  ['a.token = hunter2', `a.token = ${redacted}`],
]

for (const [text, shown] of headerTexts) {
  t.test(`of the header ${text} no secret is shown`, async (t) =>
    t.equal(withoutSecretParameters(text), shown),
  )
}

const jwts: [what: string, text: string, shown: string][] = [
  ['a whole one', 'a eyJhbG_-0Z.eyJ1.c2ln-_0 b', `a ${redacted} b`],
  ['one without a signature', '"eyJhbG_-0Z.ey-_.".', `"${redacted}".`],
  ['one with a long head', `ey${'A'.repeat(1000)}.AAAA.A`, redacted],
  ['two', 'eyJhbGciOi.AAAA.A,eyJhbGciOi.AAAA.B', `${redacted},${redacted}`],
  ['one that ends early', 'eyJhbGciOi.AAAA', 'eyJhbGciOi.AAAA'],
  ['a short head', 'eyJhbGciO.AAAA.A', 'eyJhbGciO.AAAA.A'],
  ['a short payload', 'eyJhbGciOi.AAA.A', 'eyJhbGciOi.AAA.A'],
  ['a word that only ends like a head', 'xeyJhbGciOi.AAAA.A', 'xeyJhbGciOi.AAAA.A'],
  ['a sentence', 'they say hey.', 'they say hey.'],
]

for (const [what, text, shown] of jwts) {
  t.test(`of a text with ${what} no token is shown`, async (t) => t.equal(withoutJwt(text), shown))
}
