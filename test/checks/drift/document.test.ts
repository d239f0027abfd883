import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import { readOpenApi } from '../../../src/checks/drift/document.ts'
import { driftOf } from '../../../src/checks/drift/drift.ts'
import { mostBytes, mostDocuments, UnreadableDocument } from '../../../src/checks/drift/source.ts'
import type { Json } from '../../../src/contract/json-schema.ts'
import { openApiDocument } from '../../../src/contract/openapi.ts'

/** The document that is served, with its components and one answer in other files. */
function splitDocument(): { main: Json; parts: Json; answer: Json } {
  const text = JSON.stringify(openApiDocument()).replaceAll(
    '#/components/schemas/',
    'parts/parts.yaml#/schemas/',
  )
  const main = JSON.parse(text)
  const { schemas } = openApiDocument().components as { schemas: Json }
  const parts = JSON.parse(JSON.stringify({ schemas }).replaceAll('#/components/schemas/', '#/schemas/'))
  delete main.components.schemas
  const answer = main.paths['/profiles'].patch.responses[403]
  main.paths['/profiles'].patch.responses[403] = { $ref: 'parts/answer.json' }
  return { main, parts, answer }
}

const paths = (document: Json) => driftOf(openApiDocument(), document).differences.map(({ path }) => path)

const differencesOf = (document: Json) => driftOf({}, document).differences.map(({ path }) => path)

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

t.test('a file may refer to files beside it, which may refer to each other', async (t) => {
  const { main, parts, answer } = splitDocument()
  const { AuthProfile } = parts.schemas as { AuthProfile: { properties: Json } }
  AuthProfile.properties.lang = { $ref: 'lang.yaml' }
  const folder = t.testdir({
    'main.yaml': stringify(main),
    parts: {
      'parts.yaml': stringify(parts),
      'answer.json': JSON.stringify(answer),
      'lang.yaml': 'type: string',
    },
  })
  t.strictSame(paths(await readOpenApi(`${folder}/main.yaml`)), [])
})

t.test('an edit in another file is one difference', async (t) => {
  const { main, parts, answer } = splitDocument()
  const { RoutingStatus } = parts.schemas as { RoutingStatus: { enum: string[] } }
  RoutingStatus.enum.push('away')
  const folder = t.testdir({
    'main.yaml': stringify(main),
    parts: { 'parts.yaml': stringify(parts), 'answer.json': JSON.stringify(answer) },
  })
  t.strictSame(paths(await readOpenApi(`${folder}/main.yaml`)), ['components.schemas.RoutingStatus'])
})

t.test('a document of the network is followed to where it is, and may refer to its own host', async (t) => {
  const { main, parts, answer } = splitDocument()
  const files: Record<string, string> = {
    '/api/main.yaml': stringify(main),
    '/api/parts/parts.yaml': stringify(parts),
    '/api/parts/answer.json': JSON.stringify(answer),
  }
  const origin = await serve(t, ({ url = '' }, response) => {
    if (url === '/') response.writeHead(302, { location: '/api/main.yaml' }).end()
    else response.writeHead(200, { 'content-type': 'text/plain' }).end(files[url])
  })
  t.strictSame(paths(await readOpenApi(origin)), [])
})

t.test(
  'a document of the network may be moved anywhere; what it refers to must be where it is then',
  async (t) => {
    const asked: string[] = []
    const elsewhere = await serve(t, ({ url = '' }, response) => {
      asked.push(url)
      const files: Record<string, string> = {
        '/main': withPaths({ '/a': { $ref: './path' } }),
        '/path': '{"get":{}}',
      }
      response.end(files[url])
    })
    const origin = await serve(t, ({ url = '' }, response) => {
      const places: Record<string, string> = {
        '/moved': `${elsewhere}/main`,
        '/hop': `${elsewhere}/path`,
        '/here': '/hop',
        '/round': '/round',
        '/near': '/path',
        '/bad': 'http://[',
        '/secret': 'http://user:secret@a.example/x',
      }
      const location = places[url]
      if (location) response.writeHead(302, { location }).end()
      else if (url === '/path') response.end('{"get":{}}')
      else if (url === '/nowhere') response.writeHead(302).end()
      else response.end(withPaths({ '/a': { $ref: url.replace('/to', '..') } }))
    })
    t.strictSame(differencesOf(await readOpenApi(`${origin}/moved`)), ['/a'])
    t.strictSame(asked.splice(0), ['/main', '/path'])
    t.strictSame(differencesOf(await readOpenApi(`${origin}/to/near`)), ['/a'])
    for (const [path, message] of [
      [
        '/to/hop',
        `The document refers to ${elsewhere}/path, which is not where it is from; put both into one document.`,
      ],
      [
        '/to/here',
        `The document refers to ${elsewhere}/path, which is not where it is from; put both into one document.`,
      ],
      ['/to/round', `${origin}/round is moved too often.`],
      ['/to/nowhere', `${origin}/nowhere answers 302 instead of a document.`],
      [
        '/to/secret',
        'The address of a document at http://a.example holds a user name or password; leave them out.',
      ],
      ['/to/bad', `${origin}/bad cannot be reached (Invalid URL).`],
    ] as const) {
      await t.rejects(readOpenApi(origin + path), { message }, path)
    }
    t.strictSame(asked, [], 'the other host is never asked for what is referred to')
  },
)

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
  [
    'no paths but a list',
    '{"openapi":"3.0.0","paths":[]}',
    /^\S+ is not an OpenAPI document: its paths are not an object\.$/,
  ],
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
    'a reference to a missing file',
    withPaths({ '/a': { $ref: 'no.yaml' } }),
    /^The file \S+no\.yaml cannot be read \(ENOENT\)\.$/,
  ],
  [
    'a reference to nothing in a file',
    withPaths({ '/a': { $ref: 'good.json#/c' } }),
    /^\S+ refers to another file, #\/c, which is not there\.$/,
  ],
  [
    'a reference into a file that cannot be read',
    withPaths({ '/a': { $ref: 'bad.json#/c' } }),
    /^\S+ is neither JSON nor YAML/,
  ],
  [
    'a reference to another host',
    withPaths({ '/a': { $ref: 'https://a.example/b.yaml' } }),
    /^The document refers to https:\/\/a\.example\/b\.yaml, which is not where it is from; put both into one document\.$/,
  ],
]

for (const [name, content, sentence] of unreadable) {
  t.test(`${name}: one sentence`, async (t) => {
    const file = `${t.testdir({ 'a.yaml': content, 'bad.json': '{', 'good.json': '{"b":1}' })}/a.yaml`
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
  const secret = t.testdir({ 'secret.yaml': 'type: string' })
  const origin = await serve(t, ({ url = '' }, response) => {
    const answers: Record<string, () => unknown> = {
      '/gone': () => response.writeHead(404).end('{"openapi":"3.0.0"}'),
      '/cut': () =>
        response.writeHead(200, { 'content-length': 100 }).write('open', () => response.destroy()),
      '/large': () => response.end(Buffer.alloc(mostBytes + 1)),
      '/local': () => response.end(withPaths({ '/a': { $ref: `file://${secret}/secret.yaml` } })),
      '/local-path': () => response.end(withPaths({ '/a': { $ref: `${secret}/secret.yaml` } })),
      '/named-local': () => response.end(withPaths({ '/a': { $id: `${secret}/a`, $ref: 'secret.yaml' } })),
      '/elsewhere': () => response.end(withPaths({ '/a': { $ref: 'http://a.example/b' } })),
    }
    const answer = answers[url]
    if (answer) answer()
    else response.writeHead(404).end()
  })
  const refused: [path: string, message: RegExp][] = [
    ['/gone', /^http\S+\/gone answers 404 instead of a document\.$/],
    ['/cut', /^http\S+\/cut cannot be reached \(\S.*\)\.$/],
    ['/large', /^http\S+\/large is larger than 16 MiB\.$/],
    ['/local', /^http\S+secret\.yaml answers 404 instead of a document\.$/],
    ['/local-path', /^http\S+secret\.yaml answers 404 instead of a document\.$/],
    ['/named-local', /^The document refers to \/\S+secret\.yaml, which is not where it is from/],
    ['/elsewhere', /^The document refers to http:\/\/a\.example\/b, which is not where it is from/],
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

t.test('a document that never stops referring to others is given up in one sentence', async (t) => {
  let asked = 0
  const origin = await serve(t, ({ url = '' }, response) => {
    asked += 1
    const [, kind, index] = url.split('/')
    const next = withPaths({ '/a': { $ref: `${Number(index) + 1}` } })
    response.end(kind === 'large' ? `${' '.repeat(mostBytes / 4)}${next}` : next)
  })
  await t.rejects(readOpenApi(`${origin}/endless/1`), {
    message: `${origin}/endless/1 refers to more than ${mostDocuments} documents; put them into one.`,
  })
  t.equal(asked, mostDocuments)
  await t.rejects(readOpenApi(`${origin}/large/1`), {
    message: `${origin}/large/1 and what it refers to are larger than 16 MiB.`,
  })
})

t.test('files that refer to ever more files are given up in one sentence', async (t) => {
  const folder = t.testdir(
    Object.fromEntries(
      Array.from({ length: mostDocuments + 1 }, (_, index) => [
        `${index}.json`,
        withPaths({ '/a': { $ref: `${index + 1}.json` } }),
      ]),
    ),
  )
  await t.rejects(readOpenApi(`${folder}/0.json`), {
    message: `${folder}/0.json refers to more than ${mostDocuments} documents; put them into one.`,
  })
})

t.test('a document and all it refers to have one deadline together', async (t) => {
  const origin = await serve(t, ({ url = '' }, response) => {
    const next = withPaths({ '/a': { $ref: `${Number(url.slice(1)) + 1}` } })
    setTimeout(() => response.end(next), 20)
  })
  await t.rejects(readOpenApi(`${origin}/1`, { patienceMs: 300 }), {
    message: /^http\S+ cannot be reached \(The operation was aborted due to timeout\)\.$/,
  })
})

t.test('without the optional library it says what to install', async (t) => {
  await t.rejects(readOpenApi('a.yaml', { loadBundler: () => Promise.reject(new Error('not found')) }), {
    message:
      'The library that follows references is missing; install it with npm install @scalar/json-magic.',
  })
})
