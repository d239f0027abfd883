import t, { type Test } from 'tap'
import type { Fault } from '../../schemas/fault.ts'
import { createControlClient } from '../../src/library/control-client.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { startCommand } from '../support/command.ts'
import { createTestMock } from '../support/mock.ts'
import { profileWith, seedWith } from '../support/seeds.ts'

const seed = await readSeed()

async function client(t: Test, origin: string) {
  const mock = createControlClient({ origin })
  t.teardown(() => mock.resetAll())
  const send = async (path: string, init: RequestInit = {}, { url } = mock as { url: string }) => {
    const { status } = await fetch(url + path, {
      ...init,
      headers: { authorization: `Bearer ${await mock.token('admin')}`, ...init.headers },
    })
    return status
  }
  const change = (world?: { url: string }) =>
    send('/profiles', { method: 'PATCH', body: '{"profiles":[{"id":5,"lang":"xx","nonsense":1}]}' }, world)
  return { mock, send, change }
}

type Client = Awaited<ReturnType<typeof client>>['mock']

t.test('from another process, over HTTP', async (t) => {
  const { origin } = await startCommand(t, ['--log-level', 'silent'])

  t.test('url and adminUrl are the addresses of the mock', async (t) => {
    const { mock, send } = await client(t, origin)
    t.strictSame([mock.url, mock.adminUrl], [`${origin}/api/mind`, `${origin}/__admin`])
    t.equal(await send('/profile'), 200)
  })

  t.test('token and cookie sign in personas and ids; expiresIn makes them expire', async (t) => {
    const { mock } = await client(t, origin)
    const ask = async (headers: Record<string, string>) => {
      const answer = await fetch(`${mock.url}/profile`, { headers })
      return answer.ok ? ((await answer.json()) as { id: number }).id : answer.status
    }
    t.equal(await ask({ authorization: `Bearer ${await mock.token('agent')}` }), 3)
    t.equal(await ask({ authorization: `Bearer ${await mock.token(7)}` }), 7)
    t.equal(await ask({ cookie: await mock.cookie('manager') }), 2)
    t.equal(await ask({ cookie: await mock.cookie(8, { expiresIn: 60 }) }), 8)
    t.equal(await ask({ authorization: `Bearer ${await mock.token(7, { expiresIn: -1 })}` }), 401)
    t.equal(await ask({ cookie: await mock.cookie('admin', { expiresIn: -1 }) }), 401)
  })

  t.test('state, profile, replaceState and reset', async (t) => {
    const { mock, change } = await client(t, origin)
    t.strictSame(await mock.state(), seed)
    await change()
    t.strictSame(await mock.profile(5), { ...seed.profiles[4], lang: 'xx' })
    await mock.reset()
    t.strictSame(await mock.state(), seed)
    const other = seedWith({ profiles: [profileWith(9)] })
    await mock.replaceState(other)
    t.strictSame(await mock.state(), other)
  })

  t.test('snapshot and restore, with a name and without', async (t) => {
    const { mock, change } = await client(t, origin)
    await mock.snapshot()
    await change()
    await mock.snapshot('changed')
    await mock.restore()
    t.strictSame(await mock.state(), seed)
    await mock.restore('changed')
    t.equal((await mock.profile(5)).lang, 'xx')
  })

  t.test('requests, count and clearRequests', async (t) => {
    const { mock, change, send } = await client(t, origin)
    await change()
    await send('/roles')
    t.match(await mock.requests(), [{ method: 'PATCH' }, { method: 'GET' }])
    t.match(await mock.requests({ method: 'GET' }), [{ path: '/api/mind/roles' }])
    t.strictSame([await mock.count(), await mock.count({ violation: 'unknown-key' })], [2, 1])
    await mock.clearRequests()
    t.strictSame([await mock.requests(), await mock.count()], [[], 0])
    t.equal((await mock.profile(5)).lang, 'xx')
  })

  t.test('fault, faults and clearFaults', async (t) => {
    const { mock, send } = await client(t, origin)
    const fault: Fault = { status: 418, times: 1, match: { method: 'GET' } }
    t.strictSame(await mock.fault(fault), { id: 'fault-1', matched: 0, injected: 0, ...fault })
    t.strictSame([await send('/profile'), await send('/profile')], [418, 200])
    t.match(await mock.faults(), [{ injected: 1 }])
    await mock.clearFaults()
    t.strictSame(await mock.faults(), [])
  })

  t.test('coverage and clearCoverage', async (t) => {
    const { mock, change } = await client(t, origin)
    await mock.clearCoverage()
    t.equal((await mock.coverage()).covered, 0)
    await change()
    t.not((await mock.coverage()).covered, 0)
    await mock.clearCoverage()
    t.equal((await mock.coverage()).covered, 0)
  })

  t.test('delay and scenario', async (t) => {
    const { mock, send } = await client(t, origin)
    await mock.delay('30-31')
    const start = performance.now()
    await send('/profile')
    t.ok(performance.now() - start >= 29)
    await mock.scenario('auth-expired')
    t.equal(await send('/profile'), 401)
    await mock.reset()
    t.equal(await send('/profile'), 200)
  })

  t.test('a sandbox has the same methods for a world of its own', async (t) => {
    const { mock, change, send } = await client(t, origin)
    const [a, b] = [mock.sandbox('a'), mock.sandbox('b.c-d_e')]
    t.strictSame(
      [a.url, b.adminUrl],
      [`${origin}/__sandbox/a/api/mind`, `${origin}/__sandbox/b.c-d_e/__admin`],
    )
    t.strictSame(
      Object.keys(a).sort(),
      Object.keys(mock)
        .filter((key) => !['sandbox', 'resetAll'].includes(key))
        .sort(),
    )
    t.equal(await change(a), 200)
    await b.scenario('auth-expired')
    t.strictSame(
      [await send('/profile', {}, a), await send('/profile', {}, b), await send('/profile')],
      [200, 401, 200],
    )
    t.strictSame([(await a.profile(5)).lang, (await b.profile(5)).lang], ['xx', 'de'])
    t.strictSame([await a.count(), await b.count(), await mock.count()], [2, 1, 1])
    await a.snapshot()
    await a.reset()
    t.strictSame(await a.state(), seed)
    await a.restore()
    t.equal((await a.profile(5)).lang, 'xx')
    await mock.resetAll()
    t.strictSame(await a.state(), seed)
    await t.rejects(a.restore(), { message: /there is no snapshot of that name/ })
  })

  t.test('assertNoViolations rejects with the calls and what they broke, and else resolves', async (t) => {
    const { mock, change, send } = await client(t, origin)
    await send('/profile')
    await send('/nothing')
    await mock.assertNoViolations()
    await change()
    await send('/profiles', { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{}' })
    await t.rejects(mock.assertNoViolations(), {
      message:
        /^2 calls broke a rule:\n\n#3 PATCH .* answered 200\n {2}content-type: [^#]*\n {2}unknown-key: nonsense [^#]*\n\n#4 PATCH .* answered 400\n {2}schema: profiles array is required\n/,
    })
    await mock.sandbox('a').assertNoViolations()
    await mock.clearRequests()
    await mock.assertNoViolations()
  })

  const refused: [what: string, call: (mock: Client) => Promise<unknown>, message: string | RegExp][] = [
    [
      'token for nobody',
      (mock) => mock.token('boss'),
      /^POST \/tokens was refused \(400\): there is no persona of that/,
    ],
    [
      'restore of nothing',
      (mock) => mock.restore('x'),
      'POST /snapshots/x/restore was refused (404): there is no snapshot of that name; there are none',
    ],
    [
      'snapshot with a bad name',
      (mock) => mock.snapshot('a b/c'),
      /^POST \/snapshots\/a%20b%2Fc was refused \(400\)/,
    ],
    ['profile of nobody', (mock) => mock.profile(999), /^GET \/state\/profiles\/999 was refused \(404\)/],
    [
      'replaceState with a bad seed',
      (mock) => mock.replaceState({} as never),
      /^PUT \/state was refused \(400\): the seed/,
    ],
    ['fault that does nothing', (mock) => mock.fault({}), /a fault does something/],
    ['scenario of another name', (mock) => mock.scenario('sad' as never), /name must be one of happy/],
    ['delay that is none', (mock) => mock.delay(-1), /^POST \/settings was refused \(400\): delay must be/],
    ['requests by another key', (mock) => mock.requests({ url: '/' } as never), /url is not a known key/],
  ]

  for (const [what, call, message] of refused) {
    t.test(`${what} rejects with the mock's own sentence`, async (t) => {
      const { mock } = await client(t, origin)
      await t.rejects(call(mock), { message })
    })
  }

  t.test('an origin may end in a slash', async (t) => {
    t.strictSame(await createControlClient({ origin: `${origin}/` }).state(), seed)
  })
})

t.test('the admin token is sent where one is needed, and without it the call is refused', async (t) => {
  const app = await createTestMock({}, { adminAccess: { kind: 'token', token: 'right' } })
  t.teardown(() => app.close())
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  t.strictSame(await createControlClient({ origin, adminToken: 'right' }).state(), seed)
  t.strictSame(await createControlClient({ origin, adminToken: 'right' }).sandbox('a').state(), seed)
  for (const mock of [createControlClient({ origin }), createControlClient({ origin, adminToken: 'wrong' })])
    await t.rejects(mock.reset(), { message: /^POST \/reset was refused \(401\): send the admin token/ })
})

t.test('where nobody listens every call rejects', async (t) => {
  const app = await createTestMock()
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  await app.close()
  await t.rejects(createControlClient({ origin }).reset(), { message: 'fetch failed' })
})
