import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = ['src', 'schemas'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file: join(folder, file), text: readFileSync(join(root, folder, file), 'utf8') })),
)

const importLine =
  /^(?:import|export) (type )?[^'"=()]*from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm
const imports = sources.flatMap(({ file, text }) =>
  [...text.matchAll(importLine)].map(([, type, named, bare, lazy]) => {
    const name = named ?? bare ?? lazy ?? ''
    return {
      from: file,
      to: name.startsWith('.') ? join(dirname(file), name) : name,
      isLazy: lazy !== undefined,
      isType: type !== undefined,
    }
  }),
)

const pureRules =
  /^src\/profiles\/(update-profiles|derived-settings|caller|writable-fields|check-update-profiles|vendor-rules|profile-view|search-profiles)\.ts$/
const fastify = /^@?fastify/
const adapter = /^src\/stores\/(?!open-|profile-|sql-engine)[\w-]+-(store|engine)\.ts$/

const rules: [rule: string, from: RegExp, forbidden: RegExp][] = [
  ['schemas import TypeBox and each other', /^schemas\//, /^(?!@sinclair\/typebox|schemas\/)/],
  ['values know nothing of the API', /^src\/values\//, /^src\/(?!values\/)/],
  ['pure rules know no Fastify', pureRules, /^@?fastify|\.route\.ts$|\/plugin\.ts$/],
  [
    'stores know no Fastify, and nobody who uses them',
    /^src\/stores\//,
    /^@?fastify|^src\/(?!stores\/|values\/)/,
  ],
  [
    'profiles import neither admin nor what is above',
    /^src\/profiles\//,
    /^src\/(admin|console|checks|library|command-line)\//,
  ],
  [
    'admin imports neither profiles nor what is above',
    /^src\/admin\//,
    /^src\/(profiles|console|checks|library|command-line)\//,
  ],
  ['the console is files: it imports no other scope', /^src\/console\//, /^src\/(?!console\/|values\/)/],
  [
    'the contract knows no Fastify, and nobody who serves',
    /^src\/contract\//,
    /^@?fastify|\.route\.ts$|^src\/(?!contract\/|values\/)/,
  ],
  ['only commands import checks', /^(?!src\/checks\/|src\/command-line\/|src\/index\.ts)/, /^src\/checks\//],
  [
    'only commands know how a command ends',
    /^src\/(?!command-line\/|checks\/\w+\/(?:command|flags)\.ts)/,
    /^commander$|^src\/command-line\/command-end\.ts$/,
  ],
  ['only open-store imports adapters', /^(?!src\/stores\/open-store\.ts)/, adapter],
  ['only mock-server composes', /^(?!src\/mock-server\.ts)/, /\/plugin\.ts$/],
  ['nothing imports cli', /./, /^src\/cli\.ts$/],
]

for (const [rule, from, forbidden] of rules) {
  t.test(rule, async (t) => {
    const breaches = imports.filter((line) => from.test(line.from) && forbidden.test(line.to))
    t.strictSame(breaches, [])
  })
}

t.test('adapters are loaded only when they are used', async (t) => {
  const adapters = imports.filter(({ to }) => adapter.test(to))
  t.ok(adapters.length > 0)
  t.strictSame(
    adapters.filter(({ isLazy }) => !isLazy),
    [],
  )
})

t.test('what checks from outside is loaded only when it is asked for', async (t) => {
  const check = /^src\/checks\/(drift|verify|coverage)\/(?!command|flags)/
  const fromOutside = imports.filter(
    ({ from, to, isType }) =>
      check.test(to) && !isType && (dirname(from) !== dirname(to) || from.endsWith('/command.ts')),
  )
  t.ok(fromOutside.length > 4)
  t.strictSame(
    fromOutside.filter(({ isLazy }) => !isLazy),
    [],
  )
})

const uses: [rule: string, use: RegExp, allowed: string[]][] = [
  ['nothing but settings reads the environment', /process\.env/, ['src/settings.ts']],
  [
    'clock and chance come in where a start begins',
    /Date\.now|new Date\(\)|performance\.now|Math\.random|randomBytes|randomUUID/,
    [
      'src/command-line/command-line.ts',
      'src/index.ts',
      'src/library/create-mock.ts',
      'src/library/surroundings.ts',
    ],
  ],
]

for (const [rule, use, allowed] of uses) {
  t.test(rule, async (t) => {
    const users = sources.filter(({ text }) => use.test(text)).map(({ file }) => file)
    t.strictSame(
      users.filter((file) => !allowed.includes(file)),
      [],
    )
    t.ok(users.length > 0, 'somebody does')
  })
}

t.test('no files import each other in a circle', async (t) => {
  const next = new Map(
    sources.map(({ file }) => [file, imports.filter(({ from, isType }) => from === file && !isType)]),
  )
  const circles: string[] = []
  const walk = (file: string, way: readonly string[]) => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '))
    else if (!done.has(file)) for (const { to } of next.get(file) ?? []) walk(to, [...way, file])
    done.add(file)
  }
  const done = new Set<string>()
  for (const { file } of sources) walk(file, [])
  t.strictSame(circles, [])
})

t.test('the rules above see what they are about', async (t) => {
  t.equal(sources.filter(({ file }) => pureRules.test(file)).length, 8)
  t.ok(imports.some(({ from, to }) => from === 'src/mock-server.ts' && to === 'src/profiles/plugin.ts'))
  t.ok(imports.some(({ from, to }) => from === 'schemas/auth-profile.ts' && to === 'schemas/formats.ts'))
  t.ok(imports.some(({ from, to }) => from === 'src/profiles/plugin.ts' && fastify.test(to)))
})
