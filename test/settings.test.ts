import t from 'tap'
import { stringify } from 'yaml'
import {
  findConfigFile,
  flagOf,
  type Given,
  options,
  readDocument,
  resolveSettings,
  type Settings,
  SettingsError,
  settingsFrom,
} from '../src/settings.ts'

type Name = keyof Settings
/** Two texts with the values they stand for, the first of which is no default, and bad texts with what is expected. */
type Sample = { good: [Value, Value]; bad?: string[]; expected?: string }
type Value = [text: string | string[], value: unknown]

const file: Sample = {
  good: [
    ['one.pem', 'one.pem'],
    ['two.pem', 'two.pem'],
  ],
}
const secret: Sample = {
  good: [
    ['true', 'true'],
    ['0123', '0123'],
  ],
}
const toggle: Sample = {
  good: [
    ['true', true],
    ['false', false],
  ],
  bad: ['yes', '1', 'TRUE', ' true'],
  expected: 'one of true, false',
}
const wholeNumber = (from: number, to: number): Sample => ({
  good: [
    [`${from}`, from],
    [`${to}`, to],
  ],
  bad: [`${from - 1}`, `${to + 1}`, '1.5', 'many', 'NaN', ' '],
  expected: `a whole number from ${from} to ${to}`,
})
const oneOf = (...choices: [string, string, ...string[]]): Sample => ({
  good: [
    [choices[1], choices[1]],
    [choices[0], choices[0]],
  ],
  bad: [choices[0].toUpperCase(), 'other', ' ', 'toString'],
  expected: `one of ${choices.join(', ')}`,
})

const badOrigin = 'an origin such as https://app.example.com or capacitor://localhost, without a path or a *'

const samples: Record<Name, Sample> = {
  port: wholeNumber(0, 65_535),
  host: {
    good: [
      ['::1', '::1'],
      ['0.0.0.0', '0.0.0.0'],
    ],
  },
  httpsCert: file,
  httpsKey: file,
  seed: file,
  store: {
    good: [
      ['pglite:./data', 'pglite:./data'],
      ['postgres://mock@db/mock', 'postgres://mock@db/mock'],
    ],
    bad: ['pglite:', './data', 'mysql://db/mock', 'postgres://[', 'postgres:db'],
    expected: 'pglite:<folder> or postgres://<user>@<host>/<database>',
  },
  demo: wholeNumber(1, 10_080),
  trustedProxy: {
    good: [
      [['10.0.0.2'], ['10.0.0.2']],
      [
        ['10.0.0.0/8', 'fd00::/64'],
        ['10.0.0.0/8', 'fd00::/64'],
      ],
    ],
    bad: ['balancer', '10.0.0.0/33', '10.0.0.0/8/8', 'fd00::/129', '10.0.0.0/x'],
    expected: 'an address such as 10.0.0.2, or a network such as 10.0.0.0/8',
  },
  persist: {
    good: [
      ['state.json', 'state.json'],
      ['/data/state.json', '/data/state.json'],
    ],
    bad: ['state.yaml', 'state', '.json'],
    expected: 'a file that ends in .json',
  },
  reseed: toggle,
  drain: wholeNumber(0, 600),
  auth: oneOf('strict', 'any', 'off'),
  vendorRules: toggle,
  selfCheck: toggle,
  jwtSecret: secret,
  corsOrigin: {
    good: [
      [
        ['https://a.example', 'http://b.example:81'],
        ['https://a.example', 'http://b.example:81'],
      ],
      ['https://c.example', ['https://c.example']],
    ],
    bad: [
      'a.example',
      'https://a.example/',
      'https://a.example/app',
      'https://A.example',
      'https://a.example:443',
      'https://*.a.example',
      'https://a.*',
      'capacitor://*',
      'capacitor://localhost/',
      'capacitor:localhost',
      'tauri://',
      'chrome-extension://',
      'file:///home',
      'ws://a.example',
      'data:text/html,a',
      'null',
      '*',
      ' ',
    ],
    expected: badOrigin,
  },
  bodyLimit: wholeNumber(1, 256 * 1024 * 1024),
  logLevel: oneOf('debug', 'info', 'warn', 'error', 'silent'),
  logFormat: oneOf('auto', 'pretty', 'json'),
  requireSandbox: toggle,
  maxSandboxes: wholeNumber(1, 10_000),
  journalLimit: wholeNumber(1024 * 1024, 16 * 1024 * 1024 * 1024),
  adminApiToken: secret,
  disableAdminApi: toggle,
  watch: toggle,
}
const names = Object.keys(samples) as Name[]

t.test('every option is tried here', async (t) => t.strictSame(names.sort(), Object.keys(options).sort()))

/** How each source is given a text, and what a message calls it. */
type Source = { called: (name: Name) => string; give: (name: Name, text: string | string[]) => Sources }
type Sources = { flags?: Given; env?: Record<string, string>; file?: Given }

const variableOf = (name: Name) => options[name].env[0] as string
const flag: Source = { called: flagOf, give: (name, text) => ({ flags: { [name]: text } }) }
const environment: Source = {
  called: variableOf,
  give: (name, text) => ({ env: { [variableOf(name)]: [text].flat().join(', ') } }),
}
const configuration: Source = {
  called: (name) => `${name} in the configuration file`,
  give: (name, text) => ({ file: { [name]: text } }),
}
const nowhere: Source = { called: () => 'default', give: () => ({}) }
/** First one wins. */
const sources = [flag, environment, configuration, nowhere]

const resolve = ({ flags = {}, env = {}, file = {} }: Sources) => resolveSettings({ flags, env, file })

for (const name of names) {
  const { good, bad = [], expected } = samples[name]

  t.test(`${name}: flag wins over environment, that over file, that over the default`, async (t) => {
    for (const [won, lost] of [good, [...good].reverse()] as [Value, Value][]) {
      for (const [place, winner] of sources.slice(0, -1).entries()) {
        const losers = sources.slice(place + 1).map((source) => source.give(name, lost[0]))
        const given = Object.assign({}, ...losers, winner.give(name, won[0]))
        t.strictSame(resolve(given)[name], won[1], `${winner.called(name)} ${won[0]}`)
      }
    }
    t.strictSame(resolve({})[name], options[name].default)
    t.equal(name in resolve({}), options[name].default !== undefined)
  })

  t.test(
    `${name}: each of its variables sets it, the first one first, and an empty one does not`,
    async (t) => {
      const { env } = options[name]
      const text = (value: Value) => [value[0]].flat().join(',')
      for (const variable of env) {
        t.strictSame(resolve({ env: { [variable]: text(good[0]) } })[name], good[0][1], variable)
        t.strictSame(resolve({ env: { [variable]: '' } })[name], options[name].default)
      }
      const all = Object.fromEntries(
        env.map((variable, index) => [variable, text(good[index === 0 ? 0 : 1])]),
      )
      t.strictSame(resolve({ env: all })[name], good[0][1])
    },
  )

  for (const text of bad) {
    t.test(`${name}: ${JSON.stringify(text)} is refused in one sentence that names its source`, async (t) => {
      for (const { called, give } of sources.slice(0, -1)) {
        const given = give(name, text)
        t.throws(() => resolve(given), new SettingsError(`${called(name)} must be ${expected}.`))
      }
    })
  }
}

const appOrigins = [
  'capacitor://localhost',
  'ionic://localhost',
  'tauri://localhost',
  'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  'moz-extension://0f0f0f0f-1111-2222-3333-444444444444',
  'http://[::1]:5173',
]

// [cors.listed]
t.test('origins of apps and extensions can be trusted, as they are sent', async (t) => {
  t.strictSame(resolve({ flags: { corsOrigin: appOrigins } }).corsOrigin, appOrigins)
})

t.test('typed values are checked by the same rules, without environment and file', async (t) => {
  const values = Object.fromEntries(names.map((name) => [name, samples[name].good[0][1]]))
  t.strictSame(settingsFrom(values), values)
  t.strictSame(settingsFrom({ port: undefined } as never), resolve({}))
  t.throws(
    () => settingsFrom({ port: 1.5 }),
    new SettingsError('--port must be a whole number from 0 to 65535.'),
  )
  t.throws(() => settingsFrom({ corsOrigin: ['*'] }), { message: /^--cors-origin must be an origin/ })
})

t.test('a configuration file sets every option, as JSON and as YAML', async (t) => {
  const values = Object.fromEntries(names.map((name) => [name, samples[name].good[0][1]]))
  const folder = t.testdir({ 'all.json': JSON.stringify(values), 'all.yaml': stringify(values) })
  for (const format of ['json', 'yaml']) {
    const given = await findConfigFile(`${folder}/all.${format}`)
    t.strictSame(resolve({ file: given }), values, format)
  }
})

t.test(
  'without a name the file in the working directory is taken, JSON first; without one there is none',
  async (t) => {
    const folder = t.testdir({
      none: {},
      both: { 'enneo-mock.config.json': '{"port": 1}', 'enneo-mock.config.yaml': 'port: 2' },
      yaml: { 'enneo-mock.config.yaml': 'port: 2' },
      yml: { 'enneo-mock.config.yml': 'port: 3' },
    })
    for (const [name, expected] of [
      ['none', {}],
      ['both', { port: '1' }],
      ['yaml', { port: '2' }],
      ['yml', { port: '3' }],
    ] as const) {
      t.chdir(`${folder}/${name}`)
      t.strictSame(await findConfigFile(''), expected, name)
      t.strictSame(await findConfigFile(), expected, name)
    }
  },
)

const known = `known are ${Object.keys(options).join(', ')}`
const badFiles: [what: string, file: string, content: string, message: string][] = [
  [
    'has an unknown key',
    'a.json',
    '{"ports": 1}',
    `The configuration file FILE has the unknown key ports; ${known}.`,
  ],
  [
    'has an inherited key',
    'a.yaml',
    'toString: 1',
    `The configuration file FILE has the unknown key toString; ${known}.`,
  ],
  [
    'is broken JSON',
    'a.json',
    '{"port": 1',
    'The configuration file FILE is not valid JSON at line 1, column 11.',
  ],
  [
    'is broken YAML',
    'a.yaml',
    'port: [1',
    'The configuration file FILE is not valid YAML at line 1, column 9 (bad indent).',
  ],
  ['holds a list', 'a.json', '[]', 'The configuration file FILE must hold an object.'],
  ['holds null', 'a.json', 'null', 'The configuration file FILE must hold an object.'],
  ['is empty', 'a.yaml', '', 'The configuration file FILE must hold an object.'],
  ['holds a text', 'a.yaml', 'port', 'The configuration file FILE must hold an object.'],
]

for (const [what, name, content, message] of badFiles) {
  t.test(`a configuration file that ${what} is refused in one sentence`, async (t) => {
    const path = `${t.testdir({ [name]: content })}/${name}`
    await t.rejects(findConfigFile(path), new SettingsError(message.replace('FILE', path)))
  })
}

t.test('a file that is missing or no file is refused in one sentence with the reason', async (t) => {
  const folder = t.testdir()
  const refused = (what: string, path: string, code: string) =>
    new SettingsError(`The ${what} file ${path} cannot be read (${code}).`)
  await t.rejects(
    findConfigFile(`${folder}/no.json`),
    refused('configuration', `${folder}/no.json`, 'ENOENT'),
  )
  await t.rejects(readDocument(folder, 'seed'), refused('seed', folder, 'EISDIR'))
})

// [seed.encoding]
t.test('a file that is not UTF-8 is refused in one sentence; one of PowerShell is read', async (t) => {
  const folder = t.testdir({
    'latin1.json': Buffer.from('{"host":"ü"}', 'latin1'),
    'utf16.json': Buffer.from('\ufeff{"port":1}', 'utf16le'),
  })
  const refused = `The seed file ${folder}/latin1.json is not UTF-8; save it as UTF-8, or as UTF-16 with a byte order mark.`
  await t.rejects(readDocument(`${folder}/latin1.json`, 'seed'), new SettingsError(refused))
  t.strictSame(await readDocument(`${folder}/utf16.json`, 'seed'), { port: 1 })
})

const wrongTypes: [name: Name, value: unknown, expected: string][] = [
  ['port', [1], 'a whole number from 0 to 65535'],
  ['port', null, 'a whole number from 0 to 65535'],
  ['auth', ['any'], 'one of strict, any, off'],
  ['corsOrigin', [{ a: 1 }], badOrigin],
  ['corsOrigin', null, badOrigin],
]

for (const [name, value, expected] of wrongTypes) {
  t.test(`${name} ${JSON.stringify(value)} in a file is refused in one sentence`, async (t) => {
    const path = `${t.testdir({ 'a.json': JSON.stringify({ [name]: value }) })}/a.json`
    const resolved = findConfigFile(path).then((file) => resolve({ file }))
    await t.rejects(resolved, new SettingsError(`${name} in the configuration file must be ${expected}.`))
  })
}

const texts = ['host', 'seed', 'jwtSecret', 'adminApiToken', 'httpsCert', 'httpsKey'] as const

for (const name of texts) {
  t.test(`${name} is a text that is not empty, in a flag and in a file`, async (t) => {
    const expected = 'must be a text that is not empty.'
    t.throws(() => resolve({ flags: { [name]: '' } }), new SettingsError(`${flagOf(name)} ${expected}`))
    for (const value of ['', { a: 1 }, ['a', 'b'], null]) {
      const path = `${t.testdir({ 'a.json': JSON.stringify({ [name]: value }) })}/a.json`
      const resolved = findConfigFile(path).then((file) => resolve({ file }))
      const refused = new SettingsError(`${name} in the configuration file ${expected}`)
      await t.rejects(resolved, refused, JSON.stringify(value))
    }
  })
}
