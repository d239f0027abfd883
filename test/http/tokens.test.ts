import { createHmac } from 'node:crypto'
import t from 'tap'
import { createTokens } from '../../src/http/tokens.ts'

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

t.test('decode() reads any token, and throws when it is none', async (t) => {
  const tokens = await createTokens('secret', Date.now)
  const other = await createTokens('another secret', Date.now)
  t.match(tokens.decode(other.sign(3, -1)), { userId: 3 })
  t.throws(() => tokens.decode('no token'))
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
})
