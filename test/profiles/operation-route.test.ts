import { Type } from '@sinclair/typebox'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { Operation } from '../../schemas/operation.ts'
import { profileOperation, profilesOperation } from '../../schemas/read-profiles.ts'
import { openCall } from '../../src/profiles/call.ts'
import { addOperation, idOf } from '../../src/profiles/operation-route.ts'
import { Refusal } from '../../src/profiles/refusal.ts'

const described = { operationId: 'getThing', tags: [], summary: '', description: '' }
const thing = {
  ...described,
  method: 'GET',
  path: '/things/{id}/parts',
  query: Type.Partial(
    Type.Object({
      limit: Type.Integer({ minimum: 1 }),
      flag: Type.Boolean(),
      ids: Type.Array(Type.Integer()),
      kind: Type.Union([Type.Literal('a'), Type.Literal('b')]),
    }),
  ),
  responses: { 200: { description: '', schema: Type.Object({ id: Type.Unknown(), query: Type.Unknown() }) } },
} as const satisfies Operation

/** What the vendor's scope does for its routes. */
function watchCalls(app: FastifyInstance): void {
  app.decorateRequest('enneoCall', null)
  app.addHook('onRequest', async (request) => {
    openCall(request)
  })
}

/** An application of one operation that tells what reached its handler, and what a refusal said. */
function appWith(t: Test, operation: Operation, answer?: unknown) {
  const app = Fastify()
  t.teardown(() => app.close())
  watchCalls(app)
  app.setErrorHandler((error, _request, reply) =>
    error instanceof Refusal
      ? reply.code(error.status).send({ refused: error.message })
      : reply.code(500).send({ failed: String(error) }),
  )
  addOperation(app, operation, {
    handler: async (request) => answer ?? { id: String(idOf(request)), query: request.query },
  })
  return app
}

const calls: [url: string, status: number, body: unknown][] = [
  ['/things/5/parts', 200, { id: '5', query: {} }],
  ['/things/007/parts', 200, { id: '7', query: {} }],
  [
    '/things/5/parts?limit=2&flag=true&ids[]=1&ids[]=2&kind=a',
    200,
    { id: '5', query: { limit: 2, flag: true, ids: [1, 2], kind: 'a' } },
  ],
  ['/things/5/parts?ids=1&other=2', 200, { id: '5', query: { ids: [1] } }],
  ['/things/5/parts?limit=0', 400, { refused: 'limit must be an integer of at least 1 (got 0)' }],
  ['/things/5/parts?flag=yes', 400, { refused: 'flag must be true or false (got a string of 3 characters)' }],
  ['/things/5/parts?kind=c', 400, { refused: 'kind must be one of a, b (got "c")' }],
  [
    '/things/5/parts?limit=x&ids=1&ids=y&flag=1',
    400,
    {
      refused:
        'limit must be an integer of at least 1 (got a string of 1 character); flag must be true or false (got a string of 1 character); ids[1] must be an integer (got a string of 1 character)',
    },
  ],
]

for (const [url, status, body] of calls) {
  t.test(`GET ${url} answers ${status}`, async (t) => {
    const answer = await appWith(t, thing).inject(url)
    t.equal(answer.statusCode, status)
    t.strictSame(answer.json(), body)
  })
}

for (const id of ['x', '5x', '-5', '5.0', '%20', '5%2F6', '٣', '']) {
  t.test(`an id of "${id}" is another path`, async (t) => {
    t.equal((await appWith(t, thing).inject(`/things/${id}/parts`)).statusCode, 404)
  })
}

t.test('an id beyond any number is nobody', async (t) => {
  const app = Fastify({ routerOptions: { maxParamLength: 1000 } })
  t.teardown(() => app.close())
  watchCalls(app)
  addOperation(app, thing, { handler: async (request) => ({ id: String(idOf(request)), query: {} }) })
  const answer = await app.inject(`/things/${'9'.repeat(400)}/parts`)
  t.match(answer.json(), { message: 'there is no such id: none is above 9007199254740991' })
})

t.test('an operation without a query leaves it alone', async (t) => {
  const { query: _query, ...operation } = thing
  const answer = await appWith(t, operation).inject('/things/5/parts?limit=0&x=1')
  t.strictSame(answer.json(), { id: '5', query: { limit: '0', x: '1' } })
})

t.test('only the method of the operation is answered', async (t) => {
  t.equal((await appWith(t, thing).inject({ method: 'POST', url: '/things/5/parts' })).statusCode, 404)
})

t.test('the hooks of a route run before its query is read', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  watchCalls(app)
  addOperation(app, thing, {
    onRequest: [async (_request, reply) => reply.code(403).send({ first: true })],
    handler: async () => ({}),
  })
  t.equal((await app.inject('/things/5/parts?limit=0')).statusCode, 403)
})

const secretive = {
  id: 5,
  firstName: 'Jürgen',
  password: 'correct horse',
  image: 'YWJj',
  token: 'battery staple',
  settings: { roleId: 2, password: 'correct horse', skills: { tagIds: [1], token: 'battery staple' } },
}
const shown = { id: 5, firstName: 'Jürgen', settings: { roleId: 2, skills: { tagIds: [1] } } }

const answers: [operation: Operation, url: string, answer: object, sent: object][] = [
  [profileOperation, '/profile/5', secretive, shown],
  [
    profilesOperation,
    '/profiles',
    { success: true, profiles: [secretive] },
    { success: true, profiles: [shown] },
  ],
]

for (const [operation, url, answer, sent] of answers) {
  t.test(`GET ${url} sends nothing that its answer does not declare`, async (t) => {
    t.strictSame((await appWith(t, operation, answer).inject(url)).json(), sent)
  })
}
