import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import { mostBytes, readOpenApi } from '../../../src/checks/drift/document.ts'
import { driftOf } from '../../../src/checks/drift/drift.ts'
import { UnreadableDocument } from '../../../src/checks/drift/unreadable.ts'
import { openApiDocument } from '../../../src/contract/openapi.ts'
import type { JsonObject } from '../../../src/values/json.ts'

const paths = (document: JsonObject) =>
  driftOf(openApiDocument(), document).differences.map(({ path }) => path)

async function serve(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

t.test('a document is read as JSON and as YAML', async (t) => {
  const document = openApiDocument()
  const folder = t.testdir({
    'a.json': `\uFEFF${JSON.stringify(document)}`,
    'a.yaml': stringify(document),
    'b.txt': stringify(document, { aliasDuplicateObjects: false }),
  })
  for (const file of ['a.json', 'a.yaml', 'b.txt']) {
    t.strictSame(await readOpenApi(`${folder}/${file}`), JSON.parse(JSON.stringify(document)), file)
  }
})

t.test('a document of the network may be moved anywhere', async (t) => {
  const elsewhere = await serve(t, (_, response) => {
    response.end(stringify(openApiDocument()))
  })
  const origin = await serve(t, ({ url = '' }, response) => {
    const places: Record<string, string> = {
      '/moved': '/hop',
      '/hop': elsewhere,
      '/round': '/round',
      '/bad': 'http://[',
      '/secret': 'http://user:secret@127.0.0.1:1/x',
      '/local': `file://${t.testdir({})}`,
    }
    const location = places[url]
    response.writeHead(302, location ? { location } : {}).end()
  })
  t.strictSame(paths(await readOpenApi(`${origin}/moved`)), [])
  for (const path of ['/round', '/bad', '/secret', '/local']) {
    const refusal = await readOpenApi(origin + path).catch((error) => error)
    t.ok(refusal instanceof UnreadableDocument, path)
    t.ok(refusal.message.startsWith(`${origin}${path} cannot be reached (`), refusal.message)
    t.notMatch(refusal.message, /secret@/)
  }
  await t.rejects(readOpenApi(`${origin}/nowhere`), {
    message: `${origin}/nowhere answers 302 instead of a document.`,
  })
})

t.test('a document whose parts lie in others is refused, and none of them is asked for', async (t) => {
  const asked: string[] = []
  const origin = await serve(t, ({ url = '' }, response) => {
    asked.push(url)
    const reference = decodeURIComponent(url.replace(/.*to=/, ''))
    response.end(withPaths({ '/a': { $ref: reference } }))
  })
  const file = `${t.testdir({})}/secret.yaml`
  for (const reference of [
    'part.yaml',
    '/part',
    `${origin}/part`,
    'http://u:secret@a.example/b',
    file,
    `file://${file}`,
  ]) {
    asked.length = 0
    const path = `${origin}/main?to=${encodeURIComponent(reference)}`
    await t.rejects(readOpenApi(path), {
      message: `${origin}/main has parts in other documents; make one of them first: npx @redocly/cli bundle ${origin}/main -o bundled.yaml`,
    })
    t.equal(asked.length, 1, reference)
  }
})

t.test('schemas may hold themselves', async (t) => {
  const document = JSON.parse(JSON.stringify(openApiDocument()))
  const { schemas } = document.components
  schemas.AuthProfile.properties.manager = { $ref: '#/components/schemas/AuthProfile' }
  schemas.Loop = { $ref: '#/components/schemas/Loop' }
  schemas.MindProfile.allOf = [
    { $ref: '#/components/schemas/MindProfile' },
    { $ref: '#/components/schemas/Loop' },
  ]
  const file = `${t.testdir({ 'a.json': JSON.stringify(document) })}/a.json`
  t.strictSame(paths(await readOpenApi(file)), ['components.schemas.AuthProfile.manager'])
})

t.test('merge keys and a few aliases are YAML like any other', async (t) => {
  const document = stringify(openApiDocument())
  const text = `${document}\nx-a: &a { type: object }\nx-b: { <<: *a, title: b }\nx-c: [*a, *a]`
  const file = `${t.testdir({ 'a.yaml': text })}/a.yaml`
  t.match(await readOpenApi(file), { 'x-b': { type: 'object', title: 'b' } })
})

t.test('references are written as JSON pointers', async (t) => {
  const text = withPaths({ '/a~b c': { get: {} }, '/d': { $ref: '#/paths/~1a~0b%20c' } })
  const file = `${t.testdir({ 'a.json': text })}/a.json`
  t.strictSame(
    driftOf({}, await readOpenApi(file)).differences.map(({ path, got }) => [path, got]),
    [
      ['/a~b c', ['GET']],
      ['/d', ['GET']],
    ],
  )
})

const withPaths = (paths: object) => JSON.stringify({ openapi: '3.0.3', paths })
const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...'bcdefghij'.split('').map((name, index) => {
    const before = 'abcdefghi'[index]
    return `${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`
  }),
].join('\n')

const unreadable: [name: string, content: string | Buffer, sentence: RegExp][] = [
  [
    'neither JSON nor YAML',
    'a: b: c',
    /^\S+ is neither JSON nor YAML \(Nested mappings .+ at line 1, column 4\)\.$/,
  ],
  [
    'several documents',
    'a: 1\n---\nb: 2',
    /^\S+ is neither JSON nor YAML \(Source contains multiple documents.*\)\.$/,
  ],
  ['not text', Buffer.from([0xff, 0xfe, 0x00]), /^\S+ is not text in UTF-8\.$/],
  ['empty', '', /^\S+ is not an OpenAPI document: it names no version\.$/],
  ['a word', 'hello', /^\S+ is not an OpenAPI document: it names no version\.$/],
  ['a list', '[1]', /^\S+ is not an OpenAPI document: it names no version\.$/],
  ['Swagger', '{"swagger":"2.0"}', /^\S+ is Swagger 2\.0; convert it to OpenAPI 3 first\.$/],
  ['a version to come', 'openapi: 4.0.0', /^\S+ is OpenAPI 4\.0\.0; only 3\.0 and 3\.1 can be compared\.$/],
  ['OpenAPI 3.2', 'openapi: 3.2.0', /^\S+ is OpenAPI 3\.2\.0; only 3\.0 and 3\.1 can be compared\.$/],
  ['no paths but a list', '{"openapi":"3.0.0","paths":[]}', /^\S+ is not OpenAPI at paths\.$/],
  ['no paths', '{"openapi":"3.1.0"}', /^\S+ has no paths, so there is nothing to compare\.$/],
  ['paths that are null', 'openapi: 3.1.0\npaths:', /^\S+ has no paths, so there is nothing to compare\.$/],
  [
    'aliases that multiply',
    `openapi: 3.0.0\n${bomb}`,
    /^\S+ is neither JSON nor YAML \(Excessive alias count.*\)\.$/,
  ],
  [
    'aliases in a circle',
    'openapi: 3.0.0\nx: &a { b: *a }',
    /^\S+ is nested too deeply, or holds itself by YAML aliases\.$/,
  ],
  [
    'deep nesting',
    `{"openapi":"3.0.0","x":${'['.repeat(501)}${']'.repeat(501)}}`,
    /^\S+ is nested too deeply/,
  ],
  ['very deep nesting', '['.repeat(200_000), /^\S+ is neither JSON nor YAML \(.+\)\.$/],
  ['too much', ' '.repeat(mostBytes + 1), /^\S+ is larger than 16 MiB\.$/],
  [
    'a reference to nothing',
    withPaths({ '/a': { $ref: '#/paths/~1b' } }),
    /^\S+ refers to #\/paths\/~1b, which is not there\.$/,
  ],
  [
    'a reference that cannot be decoded',
    withPaths({ '/a': { $ref: '#/%zz/b' } }),
    /^\S+ refers to #\/%zz\/b, which/,
  ],
  [
    'a reference by an unknown name',
    withPaths({ '/a': { $ref: '#a' } }),
    /^\S+ refers to #a, which is not there\.$/,
  ],
  [
    'a reference into a value',
    withPaths({ '/a': { $ref: '#/openapi/length' } }),
    /^\S+ refers to #\/openapi\/length, which/,
  ],
  [
    'a reference to a file',
    withPaths({ '/a': { get: { responses: { 200: { $ref: 'b.yaml#/c' } } } } }),
    /^(\S+) has parts in other documents; make one of them first: npx @redocly\/cli bundle \1 -o bundled\.yaml$/,
  ],
]

for (const [name, content, sentence] of unreadable) {
  t.test(`${name}: one sentence`, async (t) => {
    const file = `${t.testdir({ 'a.yaml': content })}/a.yaml`
    const refusal = await readOpenApi(file).catch((error) => error)
    t.ok(refusal instanceof UnreadableDocument)
    t.match(refusal.message, sentence)
  })
}

t.test('what is no file is refused in one sentence', async (t) => {
  const folder = t.testdir()
  await t.rejects(readOpenApi(`${folder}/no.yaml`), {
    message: /^The file .* cannot be read \(ENOENT\)\.$/,
  })
  await t.rejects(readOpenApi(folder), { message: /^The file .* cannot be read \(EISDIR\)\.$/ })
})

t.test('a document of the network that cannot be had is refused in one sentence', async (t) => {
  const origin = await serve(t, ({ url = '' }, response) => {
    const answers: Record<string, () => unknown> = {
      '/gone': () => response.writeHead(404).end('{"openapi":"3.0.0"}'),
      '/cut': () =>
        response.writeHead(200, { 'content-length': 100 }).write('open', () => response.destroy()),
      '/large': () => response.end(Buffer.alloc(mostBytes + 1)),
    }
    const answer = answers[url]
    if (answer) answer()
    else response.writeHead(404).end()
  })
  const refused: [path: string, message: RegExp][] = [
    ['/gone', /^http\S+\/gone answers 404 instead of a document\.$/],
    ['/cut', /^http\S+\/cut cannot be reached \(\S.*\)\.$/],
    ['/large', /^http\S+\/large is larger than 16 MiB\.$/],
  ]
  for (const [path, message] of refused) {
    await t.rejects(readOpenApi(origin + path), { message }, path)
  }
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  for (const [url, cause] of [
    [`http://127.0.0.1:${port}/`, 'ECONNREFUSED'],
    ['http://127.0.0.1:1/', 'bad port'],
  ]) {
    await t.rejects(readOpenApi(`${url}`), { message: `${url} cannot be reached (${cause}).` })
  }
})

t.test('a host that never answers is given up in one sentence', async (t) => {
  const url = await serve(t, () => {})
  await t.rejects(readOpenApi(url, { patienceMs: 1 }), {
    message: `${url}/ cannot be reached (The operation was aborted due to timeout).`,
  })
})
