import { Type } from '@sinclair/typebox'
import t from 'tap'
import { createSerializer } from '../../src/values/serializer.ts'

const person = Type.Object({ id: Type.Integer(), name: Type.Optional(Type.String()) })
const secretive = { id: 1, name: 'Jürgen', token: 'battery staple' }
const shown = { id: 1, name: 'Jürgen' }

const answers: [
  what: string,
  schema: Parameters<typeof createSerializer>[0],
  answer: unknown,
  sent: unknown,
][] = [
  ['an object: its declared keys', person, secretive, shown],
  ['a key that is not there', person, { id: 1, name: undefined }, { id: 1 }],
  ['a list, each entry', Type.Array(person), [secretive, secretive], [shown, shown]],
  ['a list of values, as it is', Type.Array(Type.Integer()), [1, 2], [1, 2]],
  [
    'at any depth',
    Type.Object({ a: Type.Object({ b: Type.Array(person) }) }),
    { a: { b: [secretive] } },
    { a: { b: [shown] } },
  ],
  [
    'all branches of an intersection',
    Type.Intersect([person, Type.Object({ lang: Type.String() })]),
    { ...secretive, lang: 'de' },
    { ...shown, lang: 'de' },
  ],
  ['null where it is declared', Type.Union([person, Type.Null()]), null, null],
  ['an object where null is declared, too', Type.Union([person, Type.Null()]), secretive, shown],
  ['values to choose from', Type.Union([Type.Literal('a'), Type.Literal('b')]), 'b', 'b'],
  [
    'an object that declares no keys, whole',
    Type.Object({ rawData: Type.Object({}) }),
    { rawData: { any: [1] } },
    { rawData: { any: [1] } },
  ],
  [
    'another type than declared, as it is',
    Type.Object({ list: Type.Array(person), one: person }),
    { list: 'none', one: 5 },
    { list: 'none', one: 5 },
  ],
]

for (const [what, schema, answer, sent] of answers) {
  t.test(what, async (t) => t.equal(createSerializer(schema)(answer), JSON.stringify(sent)))
}
