import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { ownCompilers } from '../../src/http/own-compilers.ts'

function opened(t: Test) {
  const app = Fastify(ownCompilers)
  t.teardown(() => app.close())
  return app
}

const schemas = {
  body: { type: 'object', required: ['a'] },
  response: { 200: { type: 'object', properties: { a: {} } } },
}

for (const [part, schema] of Object.entries(schemas)) {
  t.test(
    `a route with a schema for its ${part} and nothing to hold it by is refused at the start`,
    async (t) => {
      const app = opened(t)
      app.post('/', { schema: { [part]: schema } }, async () => ({}))
      await t.rejects(async () => app.ready(), {
        message: /brings its own validatorCompiler and serializerCompiler/,
      })
    },
  )
}

t.test('a route that brings both is held by them', async (t) => {
  const app = opened(t)
  app.post('/', {
    schema: schemas,
    validatorCompiler: () => (value) => (value as { a?: unknown }).a === 1 || { error: new Error('not 1') },
    serializerCompiler: () => (answer) => `own ${JSON.stringify(answer)}`,
    handler: async () => ({ a: 2 }),
  })
  const send = (payload: object) => app.inject({ method: 'POST', url: '/', payload })
  t.match(await send({ a: 1 }), { statusCode: 200, body: 'own {"a":2}' })
  t.match(await send({ a: 2 }), { statusCode: 400 })
})
