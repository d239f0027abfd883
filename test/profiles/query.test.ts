import { Type } from '@sinclair/typebox'
import t from 'tap'
import { typedQuery } from '../../src/profiles/query.ts'

const schema = Type.Partial(
  Type.Object({
    count: Type.Integer({ minimum: 1 }),
    flag: Type.Boolean(),
    text: Type.String(),
    kind: Type.Union([Type.Literal('a'), Type.Literal('b')]),
    ids: Type.Array(Type.Integer()),
    words: Type.Array(Type.String()),
    teams: Type.Array(Type.Union([Type.Integer(), Type.Literal('none')])),
  }),
)

type Query = Record<string, string | string[]>
const queries: [rule: string, query: Query, typed: Record<string, unknown>][] = [
  ['nothing is nothing', {}, {}],
  ['an integer', { count: '10' }, { count: 10 }],
  ['an integer below its minimum, which validation refuses', { count: '0' }, { count: 0 }],
  ['a negative integer', { count: '-3' }, { count: -3 }],
  ['an integer with zeros before it', { count: '007' }, { count: 7 }],
  ['a fraction stays text', { count: '1.5' }, { count: '1.5' }],
  ['a power stays text', { count: '1e3' }, { count: '1e3' }],
  ['hexadecimal digits stay text', { count: '0x10' }, { count: '0x10' }],
  ['a plus sign stays text', { count: '+1' }, { count: '+1' }],
  ['a blank around digits stays text', { count: ' 1' }, { count: ' 1' }],
  ['two lines stay text', { count: '1\n' }, { count: '1\n' }],
  ['digits of another script stay text', { count: '٣' }, { count: '٣' }],
  ['an empty integer stays text', { count: '' }, { count: '' }],
  ['an integer twice is left to validation', { count: ['1', '2'] }, { count: ['1', '2'] }],
  ['an integer with brackets is the same', { 'count[]': '1' }, { count: 1 }],
  ['true', { flag: 'true' }, { flag: true }],
  ['false', { flag: 'false' }, { flag: false }],
  ['1 is not true', { flag: '1' }, { flag: '1' }],
  ['TRUE is not true', { flag: 'TRUE' }, { flag: 'TRUE' }],
  ['an empty flag stays text', { flag: '' }, { flag: '' }],
  ['digits that are wanted as text stay text', { text: '10' }, { text: '10' }],
  ['true that is wanted as text stays text', { text: 'true' }, { text: 'true' }],
  ['an empty text is there', { text: '' }, { text: '' }],
  ['one of a list of values', { kind: 'a' }, { kind: 'a' }],
  ['another value is left to validation', { kind: '1' }, { kind: '1' }],
  ['a list of one', { ids: '1' }, { ids: [1] }],
  ['a list by repetition', { ids: ['2', '1'] }, { ids: [2, 1] }],
  ['a list with brackets', { 'ids[]': ['2', '1'] }, { ids: [2, 1] }],
  ['a list of one with brackets', { 'ids[]': '1' }, { ids: [1] }],
  ['a list in both forms', { ids: '1', 'ids[]': ['3', '2'] }, { ids: [1, 3, 2] }],
  ['what is no integer in a list stays text', { ids: ['1', 'x', ''] }, { ids: [1, 'x', ''] }],
  ['commas do not make a list', { ids: '1,2' }, { ids: ['1,2'] }],
  ['an index does not make a list', { 'ids[0]': '1' }, {}],
  ['a list of texts', { words: ['1', 'b'] }, { words: ['1', 'b'] }],
  ['a list of integers or a word', { teams: ['1', 'none', 'x'] }, { teams: [1, 'none', 'x'] }],
  ['what the schema does not list is dropped', { other: '1', 'other[]': '2', constructor: '3' }, {}],
  ['names are compared to the letter', { Count: '1' }, {}],
]

for (const [rule, query, typed] of queries) {
  t.test(`a query is typed: ${rule}`, async (t) => {
    t.strictSame(typedQuery(query, schema), typed)
    t.strictSame(
      typedQuery(Object.assign(Object.create(null), query), schema),
      typed,
      'without a prototype too',
    )
  })
}
