import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import t from 'tap'
import { createTokens } from '../../src/http/tokens.ts'
import { createMock } from '../../src/library/create-mock.ts'
import { developmentSecret } from '../../src/start.ts'
import { requestText, sendRaw } from '../support/raw-request.ts'

const mock = await createMock()
t.teardown(() => mock.close())
const { origin } = new URL(mock.url)

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const signed = (header: object, payload: unknown, secret = developmentSecret, hash = 'sha256') => {
  const text = `${part(header)}.${part(payload)}`
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`
}
const hs256 = { alg: 'HS256', typ: 'JWT' }
const good = signed(hs256, { userId: 1 })
const [head, payload, signature] = good.split('.') as [string, string, string]
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const foreign = `${part({ alg: 'RS256' })}.${payload}`

const tokens: [what: string, token: string][] = [
  ['signed with another secret', signed(hs256, { userId: 1 }, 'another')],
  ['signed with no secret', signed(hs256, { userId: 1 }, '')],
  ['of another payload under a good signature', `${head}.${part({ userId: 2 })}.${signature}`],
  ['without its signature', `${head}.${payload}.`],
  ['cut before its signature', `${head}.${payload}`],
  ['with a cut signature', good.slice(0, -1)],
  ['of alg none', `${part({ alg: 'none' })}.${payload}.`],
  ['of alg None under a good signature', signed({ alg: 'None' }, { userId: 1 })],
  ['of no algorithm', signed({ typ: 'JWT' }, { userId: 1 })],
  ['of HS384', signed({ alg: 'HS384' }, { userId: 1 }, developmentSecret, 'sha384')],
  ['of HS512', signed({ alg: 'HS512' }, { userId: 1 }, developmentSecret, 'sha512')],
  ['that calls HS256 HS512', signed({ alg: 'HS512' }, { userId: 1 })],
  [
    'signed with a key of its own',
    `${foreign}.${sign('sha256', Buffer.from(foreign), privateKey).toString('base64url')}`,
  ],
  ['that brings its own key', signed({ ...hs256, jwk: { kty: 'oct', k: 'YQ' } }, { userId: 1 }, 'a')],
  ['that names a file as its key', signed({ ...hs256, kid: '../../../dev/null' }, { userId: 1 }, '')],
  ['that has expired', signed(hs256, { userId: 1, exp: 1_000_000_000 })],
  ['that expires at a text', signed(hs256, { userId: 1, exp: '9999999999' })],
  ['that begins later', signed(hs256, { userId: 1, nbf: 4_000_000_000 })],
  ['of a user that is a list', signed(hs256, { userId: [1] })],
  ['of a user that is a text', signed(hs256, { userId: '1' })],
  ['of nobody', signed(hs256, { userId: 999 })],
  ['of no user', signed(hs256, { sub: 1, role: 'admin', permissions: ['updateSpecificProfile'] })],
  ['that is no object', signed(hs256, 1)],
]

const update = (headers: string[]) =>
  requestText('PATCH', '/api/mind/profiles', headers, '{"profiles":[{"id":5,"lang":"xx"}]}')

t.test('a token that is not the own one of somebody signs nobody in', async (t) => {
  const before = await mock.state()
  for (const [what, token] of tokens) {
    for (const header of [`Authorization: Bearer ${token}`, `Cookie: connect.sid=${token}`])
      t.equal((await sendRaw(origin, update([header]))).status, 401, `${what}: ${header.slice(0, 6)}`)
  }
  t.strictSame(await mock.state(), before)
  t.equal((await sendRaw(origin, update([`Authorization: Bearer ${good}`]))).status, 200, 'the good one does')
})

const headers = [
  `XBearer ${good}`,
  `Bearer${good}`,
  `Bearer ${good} ${good}`,
  `Bearer ${good},x`,
  `Bearer "${good}"`,
  `Token ${good}`,
  `Basic ${Buffer.from(`1:${good}`).toString('base64')}`,
  good,
]

t.test('a good token in a header of another form signs nobody in', async (t) => {
  for (const header of headers)
    t.equal((await sendRaw(origin, update([`Authorization: ${header}`]))).status, 401, header.slice(0, 9))
})

const other = await createTokens('the secret of another server on localhost', Date.now)
const mine = `connect.sid=${good}`
const tossed = `connect.sid=${other.sign(2)}`
const cookies: [what: string, lines: string[]][] = [
  ['before the own one', [`Cookie: ${tossed}; ${mine}`]],
  ['after it', [`Cookie: ${mine}; ${tossed}`]],
  ['in a line of its own', [`Cookie: ${tossed}`, `Cookie: ${mine}`]],
  ['in many copies', [`Cookie: ${Array(20).fill(tossed).join('; ')}; ${mine}`]],
  [
    'under a name that only begins alike',
    [`Cookie: connect.sid.sig=a; __Host-connect.sid=${other.sign(2)}; ${mine}`],
  ],
  ['with a name in quotes', [`Cookie: "connect.sid"=${other.sign(2)}; ${mine}`]],
]

t.test('a session cookie that another server has set neither signs in nor gets in the way', async (t) => {
  for (const [what, lines] of cookies) {
    const { status, body } = await sendRaw(origin, requestText('GET', '/api/mind/profile', lines))
    t.strictSame([status, JSON.parse(body).id], [200, 1], what)
  }
  t.equal((await sendRaw(origin, requestText('GET', '/api/mind/profile', [`Cookie: ${tossed}`]))).status, 401)
})

const names = [
  '1.0',
  '0x1',
  '-1',
  '',
  ' ',
  '1e0',
  '+1',
  '1,2',
  '01x',
  '٣',
  'admin',
  '__proto__',
  '99999999999999999999',
]

t.test('X-Enneo-On-Behalf-Of names a profile by digits, else the call is 401', async (t) => {
  for (const name of names) {
    const headers = [`Authorization: Bearer ${good}`, `X-Enneo-On-Behalf-Of: ${name}`]
    t.equal((await sendRaw(origin, update(headers))).status, 401, JSON.stringify(name))
  }
})
