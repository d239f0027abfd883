import t from 'tap'
import { parseJson, parseYaml } from '../../src/values/document-syntax.ts'

const json: [text: string, line: number, column: number][] = [
  ['{"a": xyz}', 1, 7],
  ['{"a": 1', 1, 8],
  ['{\n  "a": 1,\n}', 3, 1],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
  ["{\n  'a': 1 }", 2, 3],
  ['{"a": "x\ny"}', 1, 9],
  ['[1, 2', 1, 6],
  ['{} {}', 1, 4],
  ['', 1, 1],
  ['// comment\n{}', 1, 1],
  ['{"a": "\\q"}', 1, 9],
]

for (const [text, line, column] of json) {
  t.test(`${JSON.stringify(text)} stops being JSON at line ${line}, column ${column}`, async (t) => {
    t.strictSame(parseJson(text), { problem: ` at line ${line}, column ${column}` })
  })
}

t.test('JSON is its value', async (t) => t.strictSame(parseJson('{"a":[1]}'), { value: { a: [1] } }))

const yaml: [text: string, problem: RegExp][] = [
  ['a: [1', /^ at line 1, column 6 \(.*\)$/],
  ['a: 1\nb:\n\t- x', /^ at line 3, column \d+ \(.*\)$/],
  ['a: 1\na: 2', /^ at line 2, column 1 \(duplicate key\)$/],
  ['a: "secret', /^ at line 1, column \d+ \(missing char\)$/],
  ['a: *nobody', /alias/],
]

for (const [text, problem] of yaml) {
  t.test(`${JSON.stringify(text)} is no YAML, and nothing of it is repeated`, async (t) => {
    const parsed = await parseYaml(text)
    t.match(parsed.problem, problem)
    t.notMatch(parsed.problem, /secret|nobody/)
  })
}

t.test('YAML is its value, merge keys merged', async (t) => {
  t.strictSame(await parseYaml('a: &x { b: 1 }\nc: { <<: *x, d: 2 }'), {
    value: { a: { b: 1 }, c: { b: 1, d: 2 } },
  })
})
