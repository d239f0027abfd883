import t from 'tap'
import { stringify } from 'yaml'
import { readSeed } from '../../src/seed/seed-file.ts'
import { findConfigFile, resolveSettings, SettingsError } from '../../src/settings.ts'
import { startCommand } from '../support/command.ts'

const secret = 'hunter2-must-never-be-seen'
const seed = JSON.stringify(await readSeed())
const levels = 5000
/** Each list holds ten of the one before. */
const aliases = (lists: number): string[] => [
  'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: lists - 1 }, (_, level) => {
    const before = `*a${level} `
    return `a${level + 1}: &a${level + 1} [${Array(10).fill(before).join()}]`
  }),
]
/** A good seed, but for this in the data of its first profile. */
const seedWithData = (data: string) => seed.replace('"rawData":{', () => `"rawData":{${data},`)

/** Files that are no seed and no configuration, whoever wrote them. */
const files: [what: string, name: string, content: string | Buffer][] = [
  ['a bomb of aliases', 'a.yaml', aliases(9).join('\n')],
  ['a small bomb of aliases in a good seed', 'a.yaml', seedWithData(aliases(4).join())],
  ['an alias of itself', 'a.yaml', 'personas: &a\n  b: *a\nroles: []\nteams: []\nprofiles: []\n'],
  ['a tag that runs code elsewhere', 'a.yaml', `personas: !!js/function "${secret}"\n`],
  ['a tag of Python', 'a.yaml', `personas: !!python/object/apply:os.system ["${secret}"]\n`],
  ['a tag that is not known', 'a.yaml', `port: !env ${secret}\n`],
  ['binary data', 'a.yaml', 'personas: !!binary aGVsbG8=\n'],
  ['several documents', 'a.yaml', `---\n${secret}: 1\n---\n${secret}: 2\n`],
  ['deep YAML', 'a.yaml', `a: ${'['.repeat(levels)}${']'.repeat(levels)}`],
  ['deep JSON', 'a.json', `{"personas":${'['.repeat(levels)}${']'.repeat(levels)}}`],
  ['deeper JSON', 'a.json', `{"personas":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`],
  ['a huge number', 'a.json', '{"personas":{"a":1e400}}'],
  ['broken JSON with a secret', 'a.json', `{"password":"${secret}`],
  ['broken YAML with a secret', 'a.yaml', `password: "${secret}\n  - {`],
  ['a secret as value', 'a.json', `{"port":{"password":"${secret}"},"personas":"${secret}"}`],
  [
    'a secret as a profile',
    'a.json',
    seed.replace('"settings":{', `"password":"${secret}","settings":{"status":1,`),
  ],
  ['a list', 'a.json', '[]'],
  ['text', 'a.json', `"${secret}"`],
  ['nothing', 'a.yaml', ''],
  ['NUL bytes', 'a.json', '\0\0\0\0'],
  ['bytes that are no UTF-8', 'a.json', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ['a program', 'a.json', `#!/bin/sh\necho ${secret}\n`],
]

/** Values of a setting that would be more than a value, in a file. */
const values: [key: string, value: unknown][] = [
  ['port', '8005; rm -rf /'],
  ['port', '1e3'],
  ['port', { valueOf: 8005 }],
  ['host', ''],
  ['bodyLimit', '99999999999999999999'],
  ['corsOrigin', ['*']],
  ['corsOrigin', ['https://*.example.test']],
  ['corsOrigin', ['null']],
  ['store', 'http://example.test'],
  ['auth', 'constructor'],
]

t.test(
  'a seed or configuration file that is an attack is refused in words, without a piece of it',
  async (t) => {
    for (const [what, name, content] of files) {
      const path = `${t.testdir({ [name]: content })}/${name}`
      const begun = performance.now()
      for (const read of [readSeed, findConfigFile]) {
        const error = await read(path).then(
          () => undefined,
          (caught: unknown) => caught,
        )
        if (read === findConfigFile && error === undefined) continue
        t.ok(error instanceof SettingsError, `${what} is refused: ${String(error).slice(0, 100)}`)
        t.notMatch(String(error), secret, `${what} is not repeated`)
      }
      t.ok(performance.now() - begun < 10_000, `${what} is read in time`)
    }
    for (const [key, value] of values) {
      const path = `${t.testdir({ 'a.yaml': stringify({ [key]: value }) })}/a.yaml`
      const file = await findConfigFile(path)
      t.throws(() => resolveSettings({ flags: {}, file, env: {} }), { message: new RegExp(key) }, key)
    }
  },
)

t.test('a seed that is put in while the mock runs is refused whole', async (t) => {
  const { origin } = await startCommand(t, ['--log-level', 'debug'])
  const state = async () => (await fetch(`${origin}/__admin/state`)).text()
  const before = await state()
  for (const [what, name, content] of files.filter(([, name]) => name.endsWith('.json'))) {
    const answer = await fetch(`${origin}/__admin/state`, { method: 'PUT', body: content as string })
    t.equal(answer.status, 400, `${what} (${name})`)
    t.notMatch(await answer.text(), secret, what)
  }
  t.equal(await state(), before)
})
