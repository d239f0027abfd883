import { Type } from '@sinclair/typebox'
import t, { type Test } from 'tap'
import { operations } from '../../schemas/operations.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { createValidator } from '../../src/values/validation.ts'
import { createTestMock } from '../support/mock.ts'
import { bearer } from '../support/signed-in.ts'

const seed = await readSeed()
const message = (status: number) => `the mock was asked to answer ${status}`
const refused = (status: number) => ({ success: false, message: message(status) })
const failed = (status: number) => ({
  error: message(status),
  details: 'by a fault, a scenario or the header Prefer',
})

async function opened(t: Test) {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const ask = (prefer: string, more: { method?: 'PATCH' | 'GET'; url?: string; headers?: object } = {}) => {
    const { method = 'PATCH', url = '/api/mind/profiles', headers = {} } = more
    const payload = method === 'PATCH' ? { payload: '{"profiles":[{"id":5,"lang":"xx"}]}' } : {}
    return app.inject({ method, url, headers: { prefer, ...headers }, ...payload })
  }
  const state = async () => (await app.inject('/__admin/state')).json()
  return { app, ask, state }
}

const codes: [status: number, update: unknown, read: unknown, headers?: Record<string, string>][] = [
  [200, { results: [] }, { success: true, profiles: [] }],
  [400, { results: [refused(400)] }, refused(400)],
  [401, refused(401), refused(401), { 'www-authenticate': 'Bearer' }],
  [403, { success: false }, { success: false }],
  [404, refused(404), refused(404)],
  [413, refused(413), refused(413)],
  [429, refused(429), refused(429), { 'retry-after': '1' }],
  [500, failed(500), failed(500)],
  [503, failed(503), failed(503), { 'retry-after': '1' }],
]

for (const [status, update, read, headers = {}] of codes) {
  // [prefer.code] [answer.other-failures]
  t.test(`Prefer: code=${status} gives that answer, signed in or not, and writes nothing`, async (t) => {
    const { ask, state, app } = await opened(t)
    const origin = 'http://localhost:3000'
    for (const method of ['PATCH', 'GET'] as const) {
      for (const signIn of [bearer(), bearer(3), {}]) {
        const answer = await ask(`code=${status}`, { method, headers: { ...signIn, origin } })
        const { txId, ...body } = answer.json()
        t.strictSame([answer.statusCode, body], [status, method === 'PATCH' ? update : read])
        if (status < 500) t.equal(txId, undefined)
        else t.match(txId, /^[0-9a-f]{10}$/)
        t.match(answer.headers, {
          ...headers,
          'preference-applied': `code=${status}`,
          'content-type': 'application/json; charset=utf-8',
          'access-control-allow-origin': origin,
        })
        t.notOk('x-mock-fault' in answer.headers)
      }
    }
    t.strictSame(await state(), seed)
    const { requests } = (await app.inject('/__admin/requests')).json()
    t.strictSame(
      requests.map((entry: { status: number }) => entry.status),
      Array(6).fill(status),
    )
  })
}

const asked: [prefer: string, status: number][] = [
  ['code=503', 503],
  ['CODE=503', 503],
  ['code = 503', 503],
  ['code="503"', 503],
  ['respond-async, code=503', 503],
  ['respond-async;wait=5, code=503; foo', 503],
  ['code=503, code=404', 503],
  ['code=418', 400],
  ['code=201', 400],
  ['code=0', 400],
  ['code=', 400],
  ['code=abc', 400],
  ['code=5030', 400],
  ['respond-async', 200],
  ['return=minimal', 200],
  ['example=code', 200],
  ['postcode=503', 200],
  ['code', 200],
  ['', 200],
]

for (const [prefer, status] of asked) {
  // [prefer.codes]
  t.test(`Prefer: ${prefer} answers ${status}`, async (t) => {
    const { ask, state } = await opened(t)
    const answer = await ask(prefer, { headers: bearer() })
    t.equal(answer.statusCode, status)
    t.equal('preference-applied' in answer.headers, status === 503)
    if (status === 400) {
      t.strictSame(answer.json(), {
        results: [
          {
            success: false,
            message: 'Prefer: code must be one of 200, 400, 401, 403, 404, 413, 429, 500, 503',
          },
        ],
      })
    }
    t.equal((await state()).profiles[4].lang, status === 200 ? 'xx' : 'de')
  })
}

t.test('Prefer does not change what is public or unknown', async (t) => {
  const { ask } = await opened(t)
  const paths: [method: 'GET' | 'PATCH', path: string, status: number][] = [
    ['GET', '/nothing', 404],
    ['PATCH', '/roles', 405],
    ['GET', '/health', 200],
    ['GET', '/version', 200],
    ['GET', '/docs/open-api', 200],
  ]
  for (const [method, path, status] of paths) {
    const answer = await ask('code=503', { method, url: `/api/mind${path}`, headers: bearer() })
    t.equal(answer.statusCode, status, path)
    t.notOk('preference-applied' in answer.headers)
  }
  t.equal((await ask('code=503', { method: 'GET', url: '/__admin/state' })).statusCode, 200)
})

for (const { method, path, responses, isPublic } of operations) {
  if (isPublic) continue
  t.test(`${method} ${path} with Prefer: code=200 answers what the operation could answer`, async (t) => {
    const { ask } = await opened(t)
    const answer = await ask('code=200', { method, url: `/api/mind${path.replace('{id}', '1')}` })
    const faults = [...createValidator(responses[200]?.schema ?? Type.Never()).faults(answer.json(), '')]
    t.strictSame(faults, [])
  })
}

t.test('Prefer is answered before a bad or missing sandbox name is noticed, and opens none', async (t) => {
  const app = await createTestMock({ requireSandbox: 'true', maxSandboxes: '1' })
  t.teardown(() => app.close())
  const ask = (headers: object) =>
    app.inject({ url: '/api/mind/profile', headers: { prefer: 'code=503', ...headers } })
  await app.inject({ method: 'POST', url: '/__admin/snapshots/s', headers: { 'x-mock-sandbox': 'kept' } })
  for (const headers of [{}, { 'x-mock-sandbox': 'a b' }, { 'x-mock-sandbox': 'other' }])
    t.equal((await ask(headers)).statusCode, 503)
  const { snapshots } = (
    await app.inject({ url: '/__admin/snapshots', headers: { 'x-mock-sandbox': 'kept' } })
  ).json()
  t.strictSame(snapshots, ['s'])
})
