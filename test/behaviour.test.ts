import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
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

const filesIn = (...folders: string[]) =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|js)$/.test(file))
      .map((file) => ({ file: join(folder, file), text: readFileSync(join(root, folder, file), 'utf8') })),
  )

/** The ids that comments name in brackets. */
const namedIn = (files: { file: string; text: string }[]) =>
  files.flatMap(({ file, text }) =>
    [...text.matchAll(/(?:^|\s)(?:\/\/|\/\*\*|\*) .*/gm)].flatMap(([comment]) =>
      [...comment.matchAll(/\[([a-z-]+\.[a-z-]+)\]/g)].map(([, id = '']) => ({ file, id })),
    ),
  )
const namedInCode = namedIn(filesIn('src', 'schemas'))
const namedInTests = namedIn(filesIn('test'))
const shownByCases = new Set(cases.map(({ rule }) => rule))

t.test('every line that begins with an id defines a rule, once', async (t) => {
  const lines = page.split('\n').filter((line) => /^- `[\w-]+\.[\w-]+`/.test(line))
  t.ok(rules.length > 100)
  t.equal(lines.length, rules.length)
  t.equal(letters.size, rules.length)
})

t.test('the page refers to no rule that there is not', async (t) => {
  const areas = new Set(rules.map(({ id }) => id.split('.')[0]))
  const referred = [...page.matchAll(/`(([a-z-]+)\.[a-z-]+)`/g)].filter(([, , area]) => areas.has(area))
  t.strictSame(
    referred.map(([, id = '']) => id).filter((id) => !letters.has(id)),
    [],
  )
})

t.test('the box counts the rules as they are: npm run rules', async (t) => {
  t.equal(page, withBox(page))
  t.match(page, new RegExp(`\\| \\*\\*all\\*\\* \\|  \\| ${rules.length} \\|`))
})

t.test('a rule that was seen on the real service is counted so', async (t) => {
  const text =
    '<!-- rules -->\n<!-- /rules -->\n## One, two\n- `a.b` **P, seen 2030-01-31** It is.\n- `a.c` **A** So.\n'
  const file = join(t.testdir({ 'page.md': text }), 'page.md')
  execFileSync(process.execPath, [join(root, 'docs/rules.mjs'), file])
  const written = readFileSync(file, 'utf8')
  t.match(written, '| [One, two](#one-two) | `a` | 2 | 0 | 1 | 1 | 1 |\n')
  t.equal(written, withBox(text))
})

t.test('every case shows a rule that there is, of the same letter', async (t) => {
  const wrong = cases.filter(({ rule, source }) => letters.get(rule) !== source)
  t.strictSame(
    wrong.map(({ file, name, rule, source }) => [file, name, rule, source]),
    [],
  )
})

t.test('every rule is shown by a case, or else by a test that names it', async (t) => {
  const byTests = new Set(namedInTests.map(({ id }) => id))
  t.strictSame(
    rules.filter(({ id }) => !shownByCases.has(id) && !byTests.has(id)).map(({ id }) => id),
    [],
  )
})

t.test('a test names only what no case shows', async (t) => {
  t.strictSame(
    namedInTests.filter(({ id }) => !letters.has(id) || shownByCases.has(id)),
    [],
  )
})

t.test('where a test names a rule, that stands right above it', async (t) => {
  const above = filesIn('test').flatMap(({ file, text }) =>
    namedIn(
      [...text.matchAll(/^ *\/\/ \[.*\n(?= *(?:await )?t\.test\()/gm)].map(([line]) => ({
        file,
        text: line,
      })),
    ),
  )
  t.strictSame(above, namedInTests)
})

t.test('every rule is named at the code that holds it', async (t) => {
  const named = new Set(namedInCode.map(({ id }) => id))
  t.strictSame(
    rules.filter(({ id }) => !named.has(id)).map(({ id }) => id),
    [],
  )
})

t.test('the code names no rule that there is not', async (t) => {
  t.strictSame(
    namedInCode.filter(({ id }) => !letters.has(id)),
    [],
  )
})
