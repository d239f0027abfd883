import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8')

type Attack = {
  tried: string
  test: { file: string; title: string }
  without: { file: string; find: string }
}
type Page = { attacks: () => Attack[]; withAttacks: (text: string) => string }
const page = new URL('../../docs/security.mjs', import.meta.url).href
const { attacks, withAttacks } = (await import(page)) as Page

t.test('SECURITY.md has the attacks of the table; `npm run security` writes them', async (t) => {
  t.equal(read('SECURITY.md'), withAttacks(read('SECURITY.md')))
  const text = 'before\n<!-- attacks -->\n<!-- /attacks -->\nafter\n'
  const file = join(t.testdir({ 'page.md': text }), 'page.md')
  execFileSync(process.execPath, [fileURLToPath(page), file])
  t.equal(readFileSync(file, 'utf8'), withAttacks(text))
})

t.test('each attack has its test and its guard', async (t) => {
  t.ok(attacks().length > 30)
  for (const { tried, test, without } of attacks()) {
    t.ok(read(test.file).includes(test.title), `${tried}: ${test.file} has '${test.title}'`)
    t.equal(
      read(without.file).split(without.find).length,
      2,
      `${tried}: its guard stands once in ${without.file}`,
    )
  }
})
