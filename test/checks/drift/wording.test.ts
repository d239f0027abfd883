import { readFileSync } from 'node:fs'
import t from 'tap'
import { kinds, messageOf } from '../../../src/checks/drift/wording.ts'

const page = readFileSync(new URL('../../../docs/drift.md', import.meta.url), 'utf8')

t.test('docs/drift.md lists every kind of difference and no other', async (t) => {
  const [, table = ''] = /^## Kinds\n([^#]*)/m.exec(page) ?? []
  const cells = [...table.matchAll(/^\| (`.*?) \|/gm)].map(([, cell]) => cell)
  t.strictSame(cells.flatMap((cell) => cell?.match(/[a-z-]+/g) ?? []).sort(), [...kinds].sort())
})

const messages: [difference: Parameters<typeof messageOf>[0], message: string][] = [
  [{ kind: 'type-changed', expected: 'boolean', got: 'integer' }, 'type boolean → integer'],
  [{ kind: 'format-changed', expected: 'base64', got: null }, 'format base64 → none'],
  [{ kind: 'nullable-changed', expected: false, got: true }, 'became nullable'],
  [{ kind: 'nullable-changed', expected: true, got: false }, 'no longer nullable'],
  [{ kind: 'read-only-changed', expected: false, got: true }, 'became read only'],
  [{ kind: 'write-only-changed', expected: true, got: false }, 'no longer write only'],
  [{ kind: 'enum-removed', expected: ['a', 1], got: null }, 'any value now, not only a, 1'],
  [{ kind: 'constraint-changed', about: 'default', expected: null, got: { a: 1 } }, 'default none → {"a":1}'],
  [{ kind: 'path-removed', expected: ['GET', 'PATCH'], got: null }, 'path removed: GET, PATCH'],
]

for (const [difference, message] of messages) {
  t.test(`${JSON.stringify(difference)} is told as ${message}`, async (t) => {
    t.equal(messageOf(difference), message)
  })
}
