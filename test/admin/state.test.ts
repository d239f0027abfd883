import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { readSeed } from '../../src/seed/seed-file.ts'
import { createTestMock } from '../support/mock.ts'
import { profileWith, seedWith } from '../support/seeds.ts'

const seed = await readSeed()

async function openedMock(t: Test) {
  const app = await createTestMock({ auth: 'off' })
  t.teardown(() => app.close())
  return app
}

const state = async (app: FastifyInstance) => (await app.inject('/__admin/state')).json()
const put = (app: FastifyInstance, payload: string) =>
  app.inject({ method: 'PUT', url: '/__admin/state', payload })
const rename = (app: FastifyInstance) =>
  app.inject({ method: 'PATCH', url: '/api/mind/profiles', payload: '{"profiles":[{"id":5,"lang":"xx"}]}' })

t.test('GET /state is the world as a seed document that can be put back', async (t) => {
  const app = await openedMock(t)
  t.strictSame(await state(app), seed)
  t.equal((await put(app, JSON.stringify(await state(app)))).statusCode, 200)
  t.strictSame(await state(app), seed)
})

t.test('POST /reset undoes what was written', async (t) => {
  const app = await openedMock(t)
  await rename(app)
  t.equal((await state(app)).profiles[4].lang, 'xx')
  const answer = await app.inject({ method: 'POST', url: '/__admin/reset' })
  t.strictSame([answer.statusCode, answer.json()], [200, { status: 'reset' }])
  t.strictSame(await state(app), seed)
})

t.test('GET /reset answers 405 with Allow and a hint, and resets nothing', async (t) => {
  const app = await openedMock(t)
  await rename(app)
  const answer = await app.inject('/__admin/reset')
  t.strictSame(
    [answer.statusCode, answer.headers.allow, answer.json()],
    [405, 'POST', { message: 'a reset changes state: send POST /__admin/reset' }],
  )
  t.equal((await state(app)).profiles[4].lang, 'xx')
})

t.test('PUT /state replaces the whole world until the next reset', async (t) => {
  const app = await openedMock(t)
  const other = seedWith({ profiles: [profileWith(1)] })
  const answer = await put(app, JSON.stringify(other))
  t.strictSame([answer.statusCode, answer.json()], [200, { status: 'replaced' }])
  t.strictSame(await state(app), other)
  await app.inject({ method: 'POST', url: '/__admin/reset' })
  t.strictSame(await state(app), seed)
})

t.test(
  'PUT /state with a bad document answers 400 with every fault by path, and replaces nothing',
  async (t) => {
    const app = await openedMock(t)
    const answer = await put(
      app,
      JSON.stringify(seedWith({ personas: { a: 9 }, profiles: [profileWith(1), profileWith(1)] })),
    )
    t.equal(answer.statusCode, 400)
    t.strictSame(answer.json(), {
      message: 'the seed has 2 faults; nothing was changed',
      faults: [
        { path: 'profiles[1].id', message: 'profiles[1].id: 1 is taken by an earlier entry' },
        { path: 'personas.a', message: 'personas.a: there is no profile 9' },
      ],
    })
    for (const payload of ['', '[]', '{"personas"'])
      t.equal((await put(app, payload)).statusCode, 400, payload)
    t.strictSame(await state(app), seed)
  },
)

t.test('GET /state/profiles/{id} is the profile as stored, 404 for nobody', async (t) => {
  const app = await openedMock(t)
  t.strictSame((await app.inject('/__admin/state/profiles/5')).json(), seed.profiles[4])
  for (const id of ['99', 'admin', '5.5']) {
    const answer = await app.inject(`/__admin/state/profiles/${id}`)
    t.equal(answer.statusCode, 404, id)
    t.match(answer.json(), { message: /there is no profile of that id/ })
  }
})
