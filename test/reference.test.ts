import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { reference } from '../docs/reference.mjs'
import { options } from '../src/settings.ts'

t.setTimeout(120_000)

const root = new URL('..', import.meta.url)
const page = readFileSync(new URL('docs/reference.md', root), 'utf8')

t.test('docs/reference.md is as the types are; else: npm run reference', async (t) => {
  t.equal(page, reference())
})

t.test('it has each setting of createMock with its help, and each key of a seed', async (t) => {
  for (const [name, { help }] of Object.entries(options)) {
    if (name === 'seed') continue
    t.ok(page.includes(`| \`${name}?\` |`) && page.includes(help), name)
  }
  for (const key of [
    'personas',
    'roles',
    'teams',
    'profiles',
    'permissions',
    'parent',
    'settings.roleId?',
    'rawData?',
  ]) {
    t.match(page, `| \`${key}\` |`)
  }
})

t.test('the pages that README leads to are in the package', async (t) => {
  const readme = readFileSync(new URL('README.md', root), 'utf8')
  const { files }: { files: string[] } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
  const pages = [...readme.matchAll(/\]\((docs\/[^)#]+)/g)].map(([, path]) => path as string)
  t.ok(pages.length > 2)
  for (const path of pages) t.ok(existsSync(new URL(path, root)), path)
  t.ok(files.includes('docs/**/*.md'))
})
