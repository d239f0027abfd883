import { type TSchema, Type } from '@sinclair/typebox'
import t from 'tap'
import { Enum } from '../../schemas/enum.ts'
import '../../schemas/formats.ts'
import { createValidator, faultAt } from '../../src/values/validation.ts'

const closed = { additionalProperties: false }
const other = Type.Object(
  {
    name: Type.String(),
    parent: Type.Union([Type.Integer(), Type.Null()]),
    limit: Type.Optional(Type.Integer({ minimum: 1 })),
    most: Type.Optional(Type.Integer({ maximum: 5 })),
    of: Type.Optional(Type.Union([Type.Integer(), Type.Literal('unassigned')])),
    nothing: Type.Optional(Type.Null()),
    odd: Type.Optional(Type.Unsafe({ ...Type.Uint8Array() })),
    login: Type.Optional(Type.Object({ Token: Type.Optional(Enum(['a', 'b'])) })),
    route: Type.Optional(Type.String({ format: 'path' })),
    at: Type.Optional(Type.String({ format: 'date-time' })),
    code: Type.Optional(Type.String({ pattern: '^[A-Z]$' })),
    delay: Type.Optional(Type.String({ pattern: '^[0-9]$', title: 'a digit' })),
  },
  closed,
)
const needed = { name: '', parent: null }
const others: [rule: string, value: unknown, messages: string[]][] = [
  ['a document that is no object', null, ['the document must be an object (got null)']],
  ['missing keys', {}, ['name is required', 'parent is required']],
  ['a key of a closed object', { name: '', parent: 1, more: 1 }, ['more is not a known key']],
  ['a key with slash and tilde', { name: '', parent: 1, '~a/b': 1 }, ['~a/b is not a known key']],
  [
    'a key with a digit that is no place in a list',
    { ...needed, a1: 1, '1a': 1 },
    ['a1 is not a known key', '1a is not a known key'],
  ],
  [
    'a path',
    { ...needed, route: '/a?b' },
    ['route must be a path without a query, such as /profiles (got a string of 4 characters)'],
  ],
  [
    'a date and time',
    { ...needed, at: 'now' },
    ['at must be a date and time such as 2030-01-31T08:00:00Z (got a string of 3 characters)'],
  ],
  [
    'a pattern without a name',
    { ...needed, code: 'ab' },
    ['code must be of the documented form (got a string of 2 characters)'],
  ],
  [
    'a pattern with a name',
    { ...needed, delay: 'ab' },
    ['delay must be a digit (got a string of 2 characters)'],
  ],
  [
    'a nullable number',
    { name: '', parent: 'x' },
    ['parent must be an integer or null (got a string of 1 character)'],
  ],
  ['a least value', { name: '', parent: null, limit: 0 }, ['limit must be an integer of at least 1 (got 0)']],
  ['a greatest value', { name: '', parent: null, most: 6 }, ['most must be an integer of at most 5 (got 6)']],
  ['one of two', { name: '', parent: null, of: true }, ['of must be an integer or unassigned (got true)']],
  ['null alone', { name: '', parent: null, nothing: 1 }, ['nothing must be null (got 1)']],
  ['another type', { name: '', parent: null, odd: 1 }, ['odd must be of the documented type (got 1)']],
  [
    'a secret',
    { name: '', parent: null, login: { Token: 'c' } },
    ['login.Token must be one of a, b (got a string)'],
  ],
]
const otherValidator = createValidator(other)

for (const [rule, value, expected] of others) {
  t.test(`without a path of its own, ${rule} is named`, async (t) => {
    t.notOk(otherValidator.accepts(value))
    t.strictSame(
      [...otherValidator.faults(value, '')].map(({ message }) => message),
      expected,
    )
  })
}

t.test('bounds are told, each alone and both together', async (t) => {
  const told = (bounds: object) =>
    [...createValidator(Type.Integer(bounds)).faults('x', 'n')].map(({ expected }) => expected)
  t.strictSame([{}, { minimum: 1 }, { maximum: 9 }, { minimum: 1, maximum: 9 }].flatMap(told), [
    'an integer',
    'an integer of at least 1',
    'an integer of at most 9',
    'an integer from 1 to 9',
  ])
})

t.test('a key that is missing or unknown is told in parts', async (t) => {
  const parts = [...otherValidator.faults({ parent: 1, more: 1 }, 'entry')].map(
    ({ message, ...part }) => part,
  )
  t.strictSame(parts, [
    { path: 'entry.name', expected: 'a string', got: 'nothing' },
    { path: 'entry.more', expected: 'a known key', got: 'more' },
  ])
})

/** Wherever an integer may stand in a schema. */
const integers: [
  where: string,
  schema: TSchema,
  value: (id: number) => unknown,
  path: string,
  expected: string,
][] = [
  ['a key', Type.Object({ id: Type.Integer() }), (id) => ({ id }), 'at.id', 'an integer'],
  ['a list', Type.Array(Type.Integer()), (id) => [0, id], 'at[1]', 'an integer'],
  ['a union', Type.Union([Type.Integer(), Type.Null()]), (id) => id, 'at', 'an integer or null'],
]

for (const [where, schema, value, path, expected] of integers) {
  t.test(`an integer in ${where} is refused beyond what a number holds exactly`, async (t) => {
    const { accepts, faults } = createValidator(schema)
    for (const id of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) t.ok(accepts(value(id)))
    for (const id of [2 ** 53, -(2 ** 53)]) {
      t.notOk(accepts(value(id)))
      const message = `${path} must be ${expected} (got a number beyond ±9007199254740991)`
      t.strictSame(
        [...faults(value(id), 'at')].map((fault) => fault.message),
        [message],
      )
    }
  })
}

t.test('a place that is named like a token is told without it', async (t) => {
  const token = 'eyJhbGciOiJub25lIn0.eyJpZCI6MX0.c2lnbmVk'
  t.strictSame(faultAt(`personas.${token}`, 'there is no profile 9'), {
    path: 'personas.[redacted]',
    message: 'personas.[redacted]: there is no profile 9',
  })
})
