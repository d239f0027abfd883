import t from 'tap'
import { createMock } from '../../src/library/create-mock.ts'

const noted = 'Content-Type must be application/json (got none)'

/** Headers and body of a PATCH, and whether the missing type is noted. */
const calls: [
  what: string,
  headers: Record<string, string>,
  payload: string | undefined,
  isNoted: boolean,
][] = [
  ['no body at all', {}, undefined, false],
  ['an empty body', { 'content-length': '0' }, undefined, false],
  ['a body without a type', {}, '{"profiles":[]}', true],
  ['a body of unknown length without a type', { 'transfer-encoding': 'chunked' }, '{"profiles":[]}', true],
  ['a body with its type', { 'content-type': 'application/json' }, '{"profiles":[]}', false],
]

for (const [what, headers, payload, isNoted] of calls) {
  t.test(`PATCH /profiles with ${what} ${isNoted ? 'is noted' : 'is not noted for its type'}`, async (t) => {
    const mock = await createMock({ listen: false })
    t.teardown(() => mock.close())
    const answer = await mock.inject({
      method: 'PATCH',
      url: '/api/mind/profiles',
      headers: { authorization: `Bearer ${mock.token('admin')}`, ...headers },
      ...(payload !== undefined && { payload }),
    })
    t.equal(answer.statusCode, payload === undefined ? 400 : 200)
    t.equal(String(answer.headers['x-mock-violations']).includes(noted), isNoted)
  })
}
