import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { ScenarioName } from '../../schemas/scenario.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { scenarios } from '../../src/traffic/scenarios.ts'
import { createTestMock } from '../support/mock.ts'
import { signedIn } from '../support/signed-in.ts'

const choose = (app: FastifyInstance, payload: unknown) =>
  app.inject({ method: 'PUT', url: '/__admin/scenario', payload: JSON.stringify(payload) })

async function inScenario(t: Test, name: ScenarioName, random = 0) {
  const app = await createTestMock({}, { random: () => random })
  t.teardown(() => app.close())
  t.equal((await choose(app, { name })).statusCode, 200)
  const update = () => signedIn(app).patch([{ id: 5, lang: 'xx' }])
  const statuses = async (calls: number) => {
    const found: number[] = []
    for (let call = 0; call < calls; call += 1) found.push((await update()).statusCode)
    return found
  }
  return { app, update, statuses }
}

const view = (name: string) => ({
  name,
  scenarios: Object.entries(scenarios).map(([choice, { about }]) => ({ name: choice, about })),
})

t.test(
  'GET /scenario is happy at the start and names all of them; PUT answers with the new one',
  async (t) => {
    const app = await createTestMock()
    t.teardown(() => app.close())
    t.strictSame((await app.inject('/__admin/scenario')).json(), view('happy'))
    for (const { const: name } of ScenarioName.anyOf) {
      t.strictSame((await choose(app, { name })).json(), view(name))
      t.strictSame((await app.inject('/__admin/scenario')).json(), view(name))
    }
  },
)

t.test('happy answers every call', async (t) => {
  const { statuses } = await inScenario(t, 'happy')
  t.strictSame(await statuses(7), Array(7).fill(200))
})

t.test('empty has nobody but the personas; everybody is back afterwards', async (t) => {
  const { app, update } = await inScenario(t, 'empty')
  const { profiles } = (await signedIn(app).get('/profiles?show=all')).json()
  t.strictSame(
    profiles.map(({ id }: { id: number }) => id),
    [1, 2, 3, 4],
  )
  t.strictSame((await update()).json(), { results: [{ id: 5, success: false }] })
  await choose(app, { name: 'happy' })
  t.strictSame((await app.inject('/__admin/state')).json(), await readSeed())
})

t.test('flaky answers every third call with 503 and Retry-After, and changes nothing by it', async (t) => {
  const { app, statuses, update } = await inScenario(t, 'flaky')
  t.strictSame(await statuses(2), [200, 200])
  await app.inject({ method: 'PUT', url: '/__admin/state', payload: await readSeed() })
  const third = await update()
  t.equal(third.statusCode, 503)
  t.match(third.headers, { 'retry-after': '1', 'x-mock-fault': 'scenario flaky' })
  t.match(third.json(), { error: 'the mock was asked to answer 503', txId: /^[0-9a-f]{10}$/ })
  t.strictSame((await app.inject('/__admin/state')).json(), await readSeed())
  t.strictSame(await statuses(7), [200, 200, 503, 200, 200, 503, 200])
})

t.test('slow takes from 800 ms on', async (t) => {
  const { update } = await inScenario(t, 'slow')
  const start = performance.now()
  t.equal((await update()).statusCode, 200)
  t.ok(performance.now() - start >= 799)
})

t.test(
  'rate-limited answers five calls, and then 429 with Retry-After until it is chosen anew',
  async (t) => {
    const { app, statuses, update } = await inScenario(t, 'rate-limited')
    t.strictSame(await statuses(8), [200, 200, 200, 200, 200, 429, 429, 429])
    t.match((await update()).headers, { 'retry-after': '1', 'x-mock-fault': 'scenario rate-limited' })
    await choose(app, { name: 'rate-limited' })
    t.strictSame(await statuses(6), [200, 200, 200, 200, 200, 429])
  },
)

t.test('rate-limited lets exactly five of 100 concurrent calls pass', async (t) => {
  const { update } = await inScenario(t, 'rate-limited')
  const answers = await Promise.all(Array.from({ length: 100 }, update))
  t.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 5)
})

t.test('auth-expired answers 401 to a good token, as a bad one would be', async (t) => {
  const { update } = await inScenario(t, 'auth-expired')
  for (let call = 0; call < 3; call += 1) {
    const answer = await update()
    t.equal(answer.statusCode, 401)
    t.match(answer.headers, { 'www-authenticate': 'Bearer', 'x-mock-fault': 'scenario auth-expired' })
  }
})

t.test('calls that do not sign in are not counted', async (t) => {
  const { app, statuses } = await inScenario(t, 'flaky')
  for (const url of ['/api/mind/health', '/api/mind/profile', '/api/mind/nothing', '/__admin/state'])
    await app.inject(url)
  t.strictSame(await statuses(3), [200, 200, 503])
})

t.test('a scenario answers before an armed fault, which stays due', async (t) => {
  const { app, statuses } = await inScenario(t, 'auth-expired')
  await app.inject({ method: 'POST', url: '/__admin/faults', payload: { status: 418, times: 1 } })
  t.strictSame(await statuses(2), [401, 401])
  await choose(app, { name: 'happy' })
  t.strictSame(await statuses(2), [418, 200])
})

t.test('what a scenario did stands in the journal', async (t) => {
  const { app, statuses } = await inScenario(t, 'flaky')
  await statuses(3)
  const { requests } = (await app.inject('/__admin/requests')).json()
  t.match(requests[2], { status: 503, fault: 'scenario flaky' })
  t.notOk('fault' in requests[1])
})

for (const payload of [
  { name: 'sad' },
  { name: 'toString' },
  {},
  { name: 1 },
  { name: 'happy', x: 1 },
  [],
  null,
]) {
  t.test(`PUT /scenario ${JSON.stringify(payload)} answers 400, and the scenario stays`, async (t) => {
    const { app } = await inScenario(t, 'flaky')
    const answer = await choose(app, payload)
    t.equal(answer.statusCode, 400)
    t.ok(answer.json().faults.length > 0)
    t.equal((await app.inject('/__admin/scenario')).json().name, 'flaky')
  })
}

t.test('PUT /scenario with an unknown name names the known ones', async (t) => {
  const { app } = await inScenario(t, 'happy')
  const path = 'name'
  const message = 'name must be one of happy, empty, flaky, slow, rate-limited, auth-expired (got "sad")'
  const expected = 'one of happy, empty, flaky, slow, rate-limited, auth-expired'
  const fault = { path, message, expected, got: '"sad"' }
  t.strictSame((await choose(app, { name: 'sad' })).json(), { message, faults: [fault] })
})
