import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'
import { structureOf } from '../../fixtures/contract/extract-structure.mjs'
import { openApiDocument } from '../../src/contract/openapi.ts'
import { createTestMock } from '../support/mock.ts'
import { exchange } from '../support/raw-http.ts'

const published = JSON.parse(
  readFileSync(new URL('../../fixtures/contract/published-structure.json', import.meta.url), 'utf8'),
)

/** The structure of a document, and what it has at the two places where it may say more than the published one. */
function comparable(document: object) {
  // biome-ignore lint/suspicious/noExplicitAny: a document of any shape
  const structure: any = structureOf(document)
  const { rawData } =
    structure.paths['/profiles'].patch.requestBody.content['application/json'].schema.properties.profiles
      .items.allOf[2].properties
  const { additionalProperties } = rawData
  delete rawData.additionalProperties
  const own = structure.servers.splice(0, structure.servers.length - published.servers.length)
  return { structure, additionalProperties, own: own.map(({ url }: { url: string }) => url) }
}

// [transport.base-path] [reads.raw-data-type]
t.test(
  'the document is the published one but for its prose, and names keys of rawData that can be written',
  async (t) => {
    const { structure, additionalProperties, own } = comparable(openApiDocument())
    t.strictSame(structure, published)
    t.equal(additionalProperties, true)
    t.strictSame(own, [])
  },
)

// [reads.document]
t.test('GET /docs/open-api serves that document as YAML without sign-in', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const answer = await app.inject('/api/mind/docs/open-api')
  t.equal(answer.statusCode, 200)
  t.match(answer.headers['content-type'], /^application\/yaml/)
  const address = 'http://localhost:80/api/mind'
  const { structure, own } = comparable(parse(answer.body))
  t.strictSame(structure, published)
  t.strictSame(own, [address])
  t.strictSame(parse(answer.body), JSON.parse(JSON.stringify(openApiDocument(address))))
  t.equal((await app.inject('/api/mind/docs/open-api')).body, answer.body)
})

// [reads.servers]
t.test('the first server is the mock, at the address under which it was reached', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const firstServer = async (url: string, headers: Record<string, string>) =>
    parse((await app.inject({ url, headers })).body).servers[0].url
  const ways: [url: string, headers: Record<string, string>, address: string][] = [
    ['/api/mind/docs/open-api', { host: 'mock.localhost:8005' }, 'http://mock.localhost:8005/api/mind'],
    ['/api/mind/docs/open-api', { 'x-mock-sandbox': 'one' }, 'http://localhost:80/api/mind'],
    ['/api/mind/docs/open-api?x=1', { host: '[::1]:80' }, 'http://[::1]:80/api/mind'],
    [
      '/__sandbox/one/api/mind/docs/open-api',
      { host: 'localhost:1' },
      'http://localhost:1/__sandbox/one/api/mind',
    ],
  ]
  for (const [url, headers, address] of ways) t.equal(await firstServer(url, headers), address)

  const origin = await app.listen({ port: 0 })
  const { received } = await exchange(origin, 'GET /api/mind/docs/open-api HTTP/1.0\r\n\r\n')
  t.match(received, '\nservers:\n  - url: /api/mind\n', 'who names no host gets an address below their own')
})

t.test('the script prints the structure of a document in a file', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const { body } = await app.inject('/api/mind/docs/open-api')
  const script = fileURLToPath(new URL('../../fixtures/contract/extract-structure.mjs', import.meta.url))
  const file = `${t.testdir({ 'served.yaml': body })}/served.yaml`
  const printed = execFileSync(process.execPath, [script, file], { encoding: 'utf8' })
  t.strictSame(comparable(JSON.parse(printed)).structure, published)
})

t.test('leaving out prose keeps everything else', async (t) => {
  const schema = { type: 'object', description: 'gone', properties: { description: { type: 'string' } } }
  const document = (changes: object) => ({
    ...published,
    components: { ...published.components, schemas: { ...published.components.schemas, ...changes } },
  })
  t.strictSame(
    structureOf(document({ RoutingStatus: { ...schema, example: { summary: 'kept' } } })),
    document({
      RoutingStatus: {
        type: 'object',
        properties: { description: { type: 'string' } },
        example: { summary: 'kept' },
      },
    }),
  )
})
