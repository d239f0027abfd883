import { connect } from 'node:net'
import t from 'tap'
import type { Delay } from '../../schemas/fault.ts'
import { createClosing } from '../../src/http/closing.ts'
import { createMock } from '../../src/library/create-mock.ts'
import { millisecondsOf, wait } from '../../src/traffic/delay.ts'
import { openEventStream } from '../support/event-stream.ts'
import { createTestMock } from '../support/mock.ts'
import { requestText } from '../support/raw-http.ts'
import { bearer, signedIn } from '../support/signed-in.ts'
import { until } from '../support/until.ts'

const almostOne = 1 - Number.EPSILON
const delays: [delay: Delay, random: number, milliseconds: number][] = [
  [0, 0.5, 0],
  [500, 0.5, 500],
  ['200-800', 0, 200],
  ['200-800', 0.5, 500],
  ['200-800', almostOne, 800],
  ['800-200', 0, 200],
  ['800-200', almostOne, 800],
  ['5-5', 0.5, 5],
]

for (const [delay, random, milliseconds] of delays) {
  t.test(`a delay of ${delay} with chance at ${random.toFixed(1)} is ${milliseconds} ms`, async (t) => {
    t.equal(
      millisecondsOf(delay, () => random),
      milliseconds,
    )
  })
}

/** Longer than any test runs: who waits for it has not been let go. */
const forever = 60_000

t.test('a wait that is aborted before or while it lasts ends at once', async (t) => {
  const closing = createClosing()
  const waited = wait(forever, closing.onceBegun)
  closing.begin()
  await waited
  await wait(forever, closing.onceBegun)
  t.pass()
})

t.test('every call of the world waits, within the range', async (t) => {
  const app = await createTestMock({}, { random: () => 0 })
  t.teardown(() => app.close())
  await app.inject({ method: 'POST', url: '/__admin/settings', payload: { delay: '40-60000' } })
  for (const ask of [
    () => signedIn(app).get('/profile'),
    () => signedIn(app).patch([{ id: 5 }]),
    () => signedIn(app, 3).patch([{ id: 5 }]),
  ]) {
    const start = performance.now()
    await ask()
    t.ok(performance.now() - start >= 39)
  }
})

t.test('what is no call of somebody signed in does not wait', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  await app.inject({ method: 'POST', url: '/__admin/settings', payload: { delay: forever } })
  const calls: [what: string, request: object, status: number][] = [
    ['the control plane', { url: '/__admin/state' }, 200],
    ['/health', { url: '/api/mind/health' }, 200],
    ['/version', { url: '/api/mind/version' }, 200],
    ['/docs', { url: '/api/mind/docs/open-api' }, 200],
    ['a refused sign-in', { url: '/api/mind/profile' }, 401],
    ['an unknown path', { url: '/api/mind/nothing', headers: bearer() }, 404],
    ['Prefer', { url: '/api/mind/profile', headers: { ...bearer(), prefer: 'code=503' } }, 503],
    ['another sandbox', { url: '/api/mind/profile', headers: { ...bearer(), 'x-mock-sandbox': 'a' } }, 200],
    [
      'a preflight',
      {
        method: 'OPTIONS',
        url: '/api/mind/profiles',
        headers: { origin: 'http://localhost', 'access-control-request-method': 'PATCH' },
      },
      204,
    ],
  ]
  for (const [what, request, status] of calls) t.equal((await app.inject(request)).statusCode, status, what)
})

t.test('closing the mock lets a waiting call go, and it is answered', async (t) => {
  const mock = await createMock()
  t.teardown(() => mock.close())
  await mock.fault({ delay: forever })
  const events = await openEventStream(mock.adminUrl)
  const waiting = fetch(`${mock.url}/profile`, { headers: bearer() })
  t.ok(await until(async () => (await mock.faults())[0]?.injected === 1))
  await mock.close()
  const answer = await waiting
  t.strictSame([answer.status, answer.headers.get('x-mock-fault')], [200, 'fault-1'])
  t.match(await events.next(), { path: '/api/mind/profile', status: 200 })
})

const left: [method: string, path: string, phase: 'before-commit' | 'after-commit'][] = [
  ['GET', '/profile', 'before-commit'],
  ['PATCH', '/profiles', 'before-commit'],
  ['PATCH', '/profiles', 'after-commit'],
]

for (const [method, path, phase] of left) {
  t.test(
    `${method} ${path} whose client goes away during a delay ${phase} is journaled, and once`,
    async (t) => {
      const mock = await createMock()
      t.teardown(() => mock.close())
      await mock.fault({ delay: forever, phase, times: 1 })
      const socket = connect(Number(new URL(mock.url).port), '127.0.0.1').on('error', () => {})
      const body = method === 'PATCH' ? '{"profiles":[{"id":5,"lang":"xx"}]}' : undefined
      socket.write(requestText(method, `/api/mind${path}`, bearer(), body))
      t.ok(await until(async () => (await mock.faults())[0]?.injected === 1))
      socket.destroy()
      t.ok(await until(async () => (await mock.count()) === 1, 1000))
      t.match(await mock.requests(), [{ method, path: `/api/mind${path}`, fault: 'fault-1' }])
      if (phase === 'after-commit') t.equal((await mock.profile(5)).lang, 'xx')
    },
  )
}
