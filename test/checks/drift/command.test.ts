import t from 'tap'
import { stringify } from 'yaml'
import { openApiDocument } from '../../../src/contract/openapi.ts'
import { createMock } from '../../../src/library/create-mock.ts'
import { forgetSettingsOfEnvironment, runHere } from '../../support/run-here.ts'

forgetSettingsOfEnvironment()

// biome-ignore lint/suspicious/noExplicitAny: an edit is about any part of a document
type Loose = any

/** The document that is served, changed. */
function edited(edit: (document: Loose) => unknown): object {
  const document = JSON.parse(JSON.stringify(openApiDocument()))
  edit(document)
  return document
}

t.test('drift of the document that a running mock serves: nothing, exit 0', async (t) => {
  const mock = await createMock()
  t.teardown(() => mock.close())
  const url = `${mock.url}/docs/open-api`
  t.strictSame(await runHere(t, ['drift', url]), { code: 0, stdout: 'No difference.\n', stderr: '' })
  const { stdout, ...rest } = await runHere(t, ['drift', url, '--json'])
  t.strictSame(
    [JSON.parse(stdout), rest],
    [
      { differences: [], notCompared: [] },
      { code: 0, stderr: '' },
    ],
  )
})

t.test('drift prints Markdown, what breaks clients first, exit 1', async (t) => {
  const document = edited(({ paths, components }) => {
    const { properties } = components.schemas.AuthProfile
    properties['lang|'] = properties.lang
    delete properties.lang
    paths['/teams'] = { get: {}, post: {} }
    paths['/roles'].delete = {}
    paths['/profiles'].patch.responses[429] = { description: 'Slow down' }
    paths['/profiles'].parameters = [{ name: 'tenant', in: 'query', schema: { type: 'string' } }]
  })
  t.chdir(t.testdir({ 'new.json': JSON.stringify(document) }))
  const { code, stdout, stderr } = await runHere(t, ['drift', 'new.json'])
  t.strictSame([code, stderr], [1, ''])
  t.equal(
    stdout,
    [
      '# 6 differences from the contract, 1 of them breaking',
      '',
      '## Breaks clients',
      '',
      '| where | what | mock depends on it | file to change |',
      '|---|---|---|---|',
      '| `components.schemas.AuthProfile.lang` | property removed: string | yes | `schemas/auth-profile.ts` |',
      '',
      '## Does not break clients',
      '',
      '| where | what | mock depends on it | file to change |',
      '|---|---|---|---|',
      '| `components.schemas.AuthProfile.lang\\|` | property added: string | yes | `schemas/auth-profile.ts` |',
      '| `PATCH /profiles parameter tenant`, `GET /profiles parameter tenant` | parameter added: query | yes | `schemas/update-profiles.ts` |',
      '| `PATCH /profiles response 429` | status added | no | `schemas/update-profiles.ts` |',
      '',
      '## Not mocked',
      '',
      '- `DELETE /roles`: operation added',
      '- `/teams`: path added: GET, POST',
      '',
    ].join('\n'),
  )
})

t.test('drift --json prints one entry for each edit, exit 1', async (t) => {
  const text = stringify(edited(({ components }) => components.schemas.RoutingStatus.enum.shift()))
  t.chdir(t.testdir({ 'new.yaml': text }))
  const { code, stdout, stderr } = await runHere(t, ['drift', '--json', 'new.yaml'])
  t.strictSame([code, stderr], [1, ''])
  t.strictSame(JSON.parse(stdout), {
    differences: [
      {
        path: 'components.schemas.RoutingStatus',
        alsoAt: [],
        kind: 'enum-value-removed',
        breaking: true,
        mockDepends: true,
        file: 'schemas/routing-status.ts',
        message: 'value removed: idle',
        expected: 'idle',
        got: null,
      },
    ],
    notCompared: [],
  })
})

const forged = '\u001b[2J\u009b\u202e`x`\n| a | b |'
const obeyed = /[^\P{Cc}\n]|\p{Bidi_Control}/u
const forgedEdit = (document: { paths: Loose; components: Loose }) => {
  document.paths['/profiles'].patch.parameters = [{ name: forged, in: forged, required: true }]
  document.paths[`/${forged}`] = { get: {} }
  document.components.schemas.RoutingStatus.enum.push(forged, '*a* <b> [c](d) \\')
}

t.test('what a terminal would obey, and what would forge a line or a format, is spelt out', async (t) => {
  t.chdir(t.testdir({ 'new.json': JSON.stringify(edited(forgedEdit)) }))
  const { stdout } = await runHere(t, ['drift', 'new.json'])
  const shown = '\\u001b[2J\\u009b\\u202e`x`\\u000a\\| a \\| b \\|'
  const said = '\\\\u001b\\[2J\\\\u009b\\\\u202e\\`x\\`\\\\u000a\\| a \\| b \\|'
  const auth = 'schemas/update-profiles.ts'
  const routing = '| `components.schemas.RoutingStatus` | value added:'
  t.strictSame(
    stdout.split('\n').filter((line) => line.includes('u001b') || line.includes('\\<')),
    [
      `${routing} \\*a\\* \\<b> \\[c](d) \\\\ | yes | \`schemas/routing-status.ts\` |`,
      `${routing} ${said} | yes | \`schemas/routing-status.ts\` |`,
      `| \`\`PATCH /profiles parameter ${shown}\`\` | parameter added: ${said}, required | yes | \`${auth}\` |`,
      `- \`\`/${shown}\`\`: path added: GET`,
    ],
  )
  t.notMatch(stdout, obeyed)
})

t.test('--json prints nothing that a terminal would obey', async (t) => {
  t.chdir(t.testdir({ 'new.json': JSON.stringify(edited(forgedEdit)) }))
  const { stdout } = await runHere(t, ['drift', 'new.json', '--json'])
  t.notMatch(stdout, obeyed)
  const { differences } = JSON.parse(stdout)
  t.ok(differences.some(({ got }: { got: unknown }) => got === forged))
})

t.test('a name of backticks is shown between more of them', async (t) => {
  const document = edited(({ paths }) => {
    paths['/`'] = { get: {} }
    paths['/``a'] = { get: {} }
  })
  t.chdir(t.testdir({ 'new.json': JSON.stringify(document) }))
  const { stdout } = await runHere(t, ['drift', 'new.json'])
  t.match(stdout, '- `` /` ``: path added: GET\n- ```/``a```: path added: GET\n')
})

t.test('one difference is called one', async (t) => {
  t.chdir(t.testdir({ 'new.json': JSON.stringify(edited(({ paths }) => delete paths['/roles'])) }))
  const { stdout } = await runHere(t, ['drift', 'new.json'])
  t.match(stdout, /^# 1 difference from the contract, 1 of them breaking\n/)
  t.match(stdout, '| `/roles` | path removed: GET | yes | `schemas/read-roles.ts` |')
})

t.test('an extract says what was not compared, exit 0', async (t) => {
  const { paths, ...rest } = openApiDocument() as { paths: Record<string, { patch: object }> }
  const extract = { ...rest, paths: { '/profiles': { patch: paths['/profiles']?.patch } } }
  t.chdir(t.testdir({ 'extract.json': JSON.stringify(extract) }))
  const { code, stdout } = await runHere(t, ['drift', 'extract.json'])
  t.equal(code, 0)
  t.match(
    stdout,
    /^No difference\.\n\nNot compared, because the document does not have them: `GET \/profiles`, .*`\.\n$/,
  )
})

/** A component that is all of the next, which is all of the next, and so on. */
const chained = edited(({ components: { schemas } }) => {
  for (let index = 0; index < 20_000; index += 1) {
    schemas[`L${index}`] = { allOf: [{ $ref: `#/components/schemas/L${index + 1}` }] }
  }
  schemas.L20000 = { type: 'string' }
  schemas.AuthProfile.properties.lang = { $ref: '#/components/schemas/L0' }
})

const misused: [args: string[], sentence: string | RegExp][] = [
  [['drift'], "missing required argument 'document'"],
  [['drift', 'a.yaml', 'b.yaml'], "too many arguments for 'drift'. Expected 1 argument but got 2."],
  [['drift', '--jsn', 'a.yaml'], "unknown option '--jsn'; did you mean --json?"],
  [['drift', 'a.yaml'], 'The file a.yaml cannot be read (ENOENT).'],
  [['drift', 'forged.json'], 'forged.json is OpenAPI 9\\u001b[2J\\u000aX; only 3.0 and 3.1 can be compared.'],
  [['drift', 'odd.json'], 'odd.json is OpenAPI {"toString":1}; only 3.0 and 3.1 can be compared.'],
  [['drift', 'odder.json'], 'odder.json is Swagger {"toString":1}; convert it to OpenAPI 3 first.'],
  [['drift', 'chain.json'], 'The document could not be compared: Maximum call stack size exceeded.'],
  [['drift', 'text.json'], 'text.json is not OpenAPI at components.schemas.AuthProfile.required.'],
  [
    ['drift', 'http://somebody:secret@127.0.0.1:1/a.yaml?token=secret'],
    'The address of a document at http://127.0.0.1:1 holds a user name or password; leave them out.',
  ],
  [['drift', 'http://'], 'The address of the document is not one.'],
  [['drift', 'pathless.yaml'], 'pathless.yaml has no paths, so there is nothing to compare.'],
  [
    ['drift', 'parts.yaml'],
    'parts.yaml has parts in other documents; make one of them first: npx @redocly/cli bundle parts.yaml -o bundled.yaml',
  ],
  [
    ['drift', 'http://127.0.0.1:1/a.yaml?token=secret'],
    /^http:\/\/127\.0\.0\.1:1\/a\.yaml cannot be reached \([\w -]+\)\.\n$/,
  ],
  [['drift', 'swagger.json'], 'swagger.json is Swagger 2.0; convert it to OpenAPI 3 first.'],
]

for (const [args, sentence] of misused) {
  t.test(`${args.join(' ')}: one sentence on standard error, exit 2`, async (t) => {
    const folder = t.testdir({
      'pathless.yaml': 'openapi: 3.1.0',
      'parts.yaml': 'openapi: 3.0.0\npaths: { /roles: { $ref: "roles.yaml?token=secret" } }',
      'odd.json': '{"openapi":{"toString":1}}',
      'odder.json': '{"swagger":{"toString":1}}',
      'chain.json': JSON.stringify(chained),
      'swagger.json': '{"swagger":"2.0"}',
      'text.json': JSON.stringify(
        edited(({ components }) => Object.assign(components.schemas.AuthProfile, { required: 'id' })),
      ),
      'forged.json': JSON.stringify({ openapi: '9\u001b[2J\nX' }),
    })
    t.chdir(folder)
    const { code, stdout, stderr } = await runHere(t, args)
    t.strictSame([code, stdout], [2, ''])
    if (typeof sentence === 'string') t.equal(stderr, `${sentence}\n`)
    else t.match(stderr, sentence)
  })
}
