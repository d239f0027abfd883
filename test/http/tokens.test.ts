import { createHmac } from 'node:crypto'
import t from 'tap'
import { createTokens } from '../../src/http/tokens.ts'

const secret = 'secret'
/** A token that somebody else has put together with the right secret. */
const signed = (header: object, payload: unknown) => {
  const text = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
const parts = (token: string) =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))

t.test('a token is HS256 with the user id alone, signed with the secret', async (t) => {
  const token = (await createTokens('secret', Date.now)).sign(3)
  t.strictSame(parts(token), [{ alg: 'HS256', typ: 'JWT' }, { userId: 3 }])
  const [head, payload, signature] = token.split('.')
  t.equal(signature, createHmac('sha256', 'secret').update(`${head}.${payload}`).digest('base64url'))
})

t.test('expiresIn counts seconds from now, whole ones, and backwards too', async (t) => {
  const tokens = await createTokens('secret', () => 1_700_000_000_999)
  for (const [expiresIn, exp] of [
    [60, 1_700_000_060],
    [0, 1_700_000_000],
    [-60, 1_699_999_940],
  ] as const) {
    t.strictSame(parts(tokens.sign(3, expiresIn))[1], { userId: 3, exp })
  }
})

t.test('verify() believes its own tokens until they expire', async (t) => {
  const tokens = await createTokens('secret', Date.now)
  t.match(tokens.verify(tokens.sign(3)), { userId: 3 })
  t.match(tokens.verify(tokens.sign(3, 3600)), { userId: 3 })
  t.throws(() => tokens.verify(tokens.sign(3, -1)), { code: 'token-expired' })
  const other = await createTokens('another secret', Date.now)
  t.throws(() => tokens.verify(other.sign(3)), { code: 'token-signature' })
})

const second = 1_700_000_000
const claims: [what: string, payload: object, at: number, code?: string][] = [
  ['in its last millisecond', { exp: second }, second * 1000],
  ['after it', { exp: second }, second * 1000 + 1, 'token-expired'],
  ['in its first millisecond', { nbf: second }, second * 1000],
  ['before it', { nbf: second }, second * 1000 - 1, 'token-too-early'],
  ['that begins in the future of all but the world', { nbf: 4_000_000_000 }, 4_000_000_000_000],
  ['that expires at a text', { exp: String(second) }, 0, 'token-malformed'],
  ['that begins at a text', { nbf: '0' }, second * 1000, 'token-malformed'],
  ['that begins and expires at null', { exp: null, nbf: null }, second * 1000, 'token-malformed'],
]

for (const [what, payload, at, code] of claims) {
  t.test(`a token ${what} is ${code ?? 'good'} by the clock of the world`, async (t) => {
    const tokens = await createTokens(secret, Date.now)
    const token = signed({ alg: 'HS256', typ: 'JWT' }, { userId: 3, ...payload })
    for (const _time of ['read', 'remembered']) {
      if (code === undefined) t.strictSame(tokens.verify(token, at), { userId: 3, ...payload })
      else t.throws(() => tokens.verify(token, at), { code, message: code })
    }
  })
}

t.test('a token never expires before 1970, and by the given time where there is one', async (t) => {
  const tokens = await createTokens(secret, () => 5000)
  t.strictSame(parts(tokens.sign(3, -60))[1], { userId: 3, exp: 1 })
  t.strictSame(parts(tokens.sign(3, 60, 7999))[1], { userId: 3, exp: 67 })
})

const unread: [what: string, token: string, code: string][] = [
  ['no token', 'no token', 'token-malformed'],
  ['three parts of nothing', 'a.b.c', 'token-malformed'],
  [
    'one without its signature',
    signed({ alg: 'HS256' }, { userId: 3 }).replace(/[^.]+$/, ''),
    'token-algorithm',
  ],
  ['one of no algorithm', signed({ alg: 'none' }, { userId: 3 }), 'token-algorithm'],
  ['one that calls itself HS512', signed({ alg: 'HS512' }, { userId: 3 }), 'token-algorithm'],
  [
    'one whose signature is of another',
    signed({ alg: 'HS256' }, { userId: 3 }).replace(
      /[^.]+$/,
      signed({ alg: 'HS256' }, {}).split('.')[2] as string,
    ),
    'token-signature',
  ],
  ['one of null', signed({ alg: 'HS256' }, null), 'token-malformed'],
]

for (const [what, token, code] of unread) {
  t.test(`verify() calls ${what} ${code}, and says nothing else of it`, async (t) => {
    const tokens = await createTokens(secret, Date.now)
    t.throws(() => tokens.verify(token), { code, message: code })
  })
}

t.test('decode() reads any token, and throws when it is none', async (t) => {
  const tokens = await createTokens('secret', Date.now)
  const other = await createTokens('another secret', Date.now)
  t.match(tokens.decode(other.sign(3, -1)), { userId: 3 })
  t.throws(() => tokens.decode('no token'), { code: 'token-malformed' })
})

t.test('a good signature is looked at once, and no more than 1000 of them are remembered', async (t) => {
  const tokens = await createTokens('secret', Date.now)
  const [first, ...others] = Array.from({ length: 1001 }, (_, userId) => tokens.sign(userId))
  const read = tokens.verify(first as string)
  t.equal(tokens.verify(first as string), read)
  for (const [index, token] of others.entries()) t.match(tokens.verify(token), { userId: index + 1 })
  const again = tokens.verify(first as string)
  t.not(again, read, 'it had to be read anew')
  t.strictSame(again, read)
  const [one, another] = [tokens.sign(2000), tokens.sign(2001)]
  const looks = [one, another, one, another].map((token) => tokens.verify(token))
  t.ok(looks[0] === looks[2] && looks[1] === looks[3], 'several beside each other')
})
