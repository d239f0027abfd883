import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { rulesOf, withBox } from '../docs/rules.mjs'
import { caseFiles } from './support/cases.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'docs/behaviour.md'), 'utf8')
const rules = rulesOf(page)
const letters = new Map(rules.map(({ id, letter }) => [id, letter]))
const cases = caseFiles.flatMap(({ name: file, cases }) => cases.map((example) => ({ file, ...example })))

t.test('every line that begins with an id defines a rule, once', async (t) => {
  const lines = page.split('\n').filter((line) => /^- `[\w-]+\.[\w-]+`/.test(line))
  t.ok(rules.length > 100)
  t.equal(lines.length, rules.length)
  t.equal(letters.size, rules.length)
})

t.test('the box counts the rules as they are: npm run rules', async (t) => {
  t.equal(page, withBox(page))
  t.match(page, new RegExp(`\\| \\*\\*all\\*\\* \\|  \\| ${rules.length} \\|`))
})

t.test('a rule that was seen on the real service is counted so', async (t) => {
  const text = withBox(
    '<!-- rules -->\n<!-- /rules -->\n## One, two\n- `a.b` **P, seen 2030-01-31** It is.\n- `a.c` **A** So.\n',
  )
  t.match(text, '| [One, two](#one-two) | `a` | 2 | 0 | 1 | 1 | 1 |\n')
})

t.test('every case shows a rule that there is, of the same letter', async (t) => {
  const wrong = cases.filter(({ rule, source }) => letters.get(rule) !== source)
  t.strictSame(
    wrong.map(({ file, name, rule, source }) => [file, name, rule, source]),
    [],
  )
})
