import { readFileSync } from 'node:fs'
import t from 'tap'
import { changeOf, kinds, messageOf } from '../../../src/checks/drift/kinds.ts'

const page = readFileSync(new URL('../../../docs/drift.md', import.meta.url), 'utf8')

t.test('docs/drift.md has the table of kinds as it stands in the code', async (t) => {
  const texts = [...new Set(Object.values(kinds).map(({ breaks }) => breaks))]
  const kindsOf = (text: string) => Object.entries(kinds).filter(([, { breaks }]) => breaks === text)
  const rows = texts.map(
    (text) =>
      `| ${kindsOf(text)
        .map(([kind]) => `\`${kind}\``)
        .join(', ')} | ${text} |`,
  )
  const [, table = ''] = /^## Kinds\n[^#]*?\n(\| kind [^#]*?)\n\n/m.exec(page) ?? []
  t.equal(table, ['| kind | breaks clients |', '|---|---|', ...rows].join('\n'))
})

const messages: [fact: string, was: unknown, is: unknown, message: string][] = [
  ['type', ['boolean'], ['integer'], 'type boolean → integer'],
  ['type', ['integer', 'string'], undefined, 'type integer or string → any type'],
  ['type', ['string'], [], 'type string → nothing'],
  ['format', ['base64'], undefined, 'format base64 → none'],
  ['nullable', undefined, true, 'became nullable'],
  ['nullable', true, undefined, 'no longer nullable'],
  ['read-only', undefined, true, 'became read only'],
  ['write-only', true, undefined, 'no longer write only'],
  ['enum', ['a', 1], undefined, 'any value now, not only a, 1'],
  ['default', undefined, [{ a: 1 }], 'default none → {"a":1}'],
  ['path', ['GET', 'PATCH'], undefined, 'path removed: GET, PATCH'],
  ['status', '403', undefined, 'status removed'],
  ['parameter', 'query', 'header', 'parameter moved: query → header'],
]

for (const [fact, was, is, message] of messages) {
  t.test(`${fact} ${JSON.stringify(was)} → ${JSON.stringify(is)} is told as ${message}`, async (t) => {
    t.equal(messageOf(changeOf(fact, was, is)), message)
  })
}
