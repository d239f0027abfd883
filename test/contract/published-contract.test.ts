import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'
import { structureOf } from '../../fixtures/contract/extract-structure.mjs'
import { openApiDocument } from '../../src/contract/openapi.ts'
import { createTestMock } from '../support/mock.ts'

const published = JSON.parse(
  readFileSync(new URL('../../fixtures/contract/published-structure.json', import.meta.url), 'utf8'),
)

// [transport.base-path]
t.test('the document is the published one but for its prose', async (t) => {
  t.strictSame(structureOf(openApiDocument()), published)
})

// [reads.document]
t.test('GET /docs/open-api serves that document as YAML without sign-in', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const answer = await app.inject('/api/mind/docs/open-api')
  t.equal(answer.statusCode, 200)
  t.match(answer.headers['content-type'], /^application\/yaml/)
  t.strictSame(structureOf(parse(answer.body)), published)
  t.strictSame(parse(answer.body), JSON.parse(JSON.stringify(openApiDocument())))
  t.equal((await app.inject('/api/mind/docs/open-api')).body, answer.body)
})

t.test('the script prints the structure of a document in a file', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const { body } = await app.inject('/api/mind/docs/open-api')
  const script = fileURLToPath(new URL('../../fixtures/contract/extract-structure.mjs', import.meta.url))
  const file = `${t.testdir({ 'served.yaml': body })}/served.yaml`
  const printed = execFileSync(process.execPath, [script, file], { encoding: 'utf8' })
  t.strictSame(JSON.parse(printed), published)
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
