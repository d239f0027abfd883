import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { createMock, type Mock } from '../src/library/create-mock.ts'
import { readSeed } from '../src/seed/seed-file.ts'
import { createTestMock } from './support/mock.ts'
import { bearer, signedIn } from './support/signed-in.ts'

const seed = await readSeed()

/** Two ways to name a sandbox: where the call goes and which headers it has. */
const ways: Record<string, (name: string) => { prefix: string; headers: Record<string, string> }> = {
  header: (name) => ({ prefix: '', headers: { 'x-mock-sandbox': name } }),
  path: (name) => ({ prefix: `/__sandbox/${name}`, headers: {} }),
}
const rounds = 200
const names = Array.from({ length: 50 }, (_, n) => `worker-${n}`)

async function openedMock(t: Test): Promise<FastifyInstance> {
  const app = await createTestMock()
  t.teardown(() => app.close())
  return app
}

for (const [way, placed] of Object.entries(ways)) {
  // [sandbox.world]
  t.test(`50 sandboxes named by ${way} change profile 1 at once, and each reads only its own`, async (t) => {
    const app = await openedMock(t)
    const wrong: unknown[] = []
    const signIn = bearer()
    const change = async (name: string, phone: string) => {
      const { prefix, headers } = placed(name)
      const { statusCode } = await app.inject({
        method: 'PATCH',
        url: `${prefix}/api/mind/profiles`,
        headers: { ...signIn, ...headers },
        payload: `{"profiles":[{"id":1,"phone":"${phone}"}]}`,
      })
      if (statusCode !== 200) wrong.push([phone, statusCode])
    }
    const read = async (name: string, phone: string) => {
      const { prefix, headers } = placed(name)
      const found = (await app.inject({ url: `${prefix}/__admin/state/profiles/1`, headers })).json().phone
      if (found !== phone) wrong.push([phone, found])
    }
    // Each way half of the rounds: together they are 200. Nobody reads before all have written.
    for (let round = 0; round < rounds / 2; round += 1) {
      await Promise.all(names.map((name) => change(name, `${name} ${round}`)))
      await Promise.all(names.map((name) => read(name, `${name} ${round}`)))
    }
    t.strictSame(wrong, [])
    t.strictSame((await app.inject('/__admin/state')).json(), seed, 'the default world is untouched')
    const counts = await Promise.all(
      names.map(async (name) => {
        const { prefix, headers } = placed(name)
        return (await app.inject({ url: `${prefix}/__admin/requests`, headers })).json().requests.length
      }),
    )
    t.strictSame(new Set(counts), new Set([rounds / 2]), 'so are the journals')
  })
}

t.test('header and path name the same sandbox', async (t) => {
  const app = await openedMock(t)
  await signedIn(app).patch([{ id: 5, lang: 'xx' }], { 'x-mock-sandbox': 'a' })
  const read = await app.inject({ url: '/__sandbox/a/api/mind/profile/5', headers: bearer() })
  t.equal(read.json().lang, 'xx')
})

t.test('the path wins over the header', async (t) => {
  const app = await openedMock(t)
  await app.inject({
    method: 'PATCH',
    url: '/__sandbox/a/api/mind/profiles',
    headers: { ...bearer(), 'x-mock-sandbox': 'b' },
    payload: '{"profiles":[{"id":5,"lang":"xx"}]}',
  })
  const lang = async (name: string) =>
    (await app.inject(`/__sandbox/${name}/__admin/state/profiles/5`)).json()
  t.strictSame([(await lang('a')).lang, (await lang('b')).lang], ['xx', 'de'])
})

t.test('the journal of a sandbox shows paths without the prefix, and the sandbox', async (t) => {
  const app = await openedMock(t)
  await app.inject({ url: '/__sandbox/a/api/mind/profile/5?forceInheritance=true', headers: bearer() })
  t.match((await app.inject('/__sandbox/a/__admin/requests')).json(), {
    requests: [{ path: '/api/mind/profile/5', query: 'forceInheritance=true', sandbox: 'a', status: 200 }],
  })
})

t.test('a preflight and the answers behind the prefix carry CORS headers, once each', async (t) => {
  const app = await openedMock(t)
  const origin = 'http://localhost:5173'
  const url = '/__sandbox/a/api/mind/profiles'
  const preflight = await app.inject({
    method: 'OPTIONS',
    url,
    headers: { origin, 'access-control-request-method': 'PATCH' },
  })
  t.equal(preflight.statusCode, 204)
  const answer = await app.inject({ method: 'PATCH', url, headers: { ...bearer(), origin }, payload: '{}' })
  for (const { headers } of [preflight, answer])
    t.match(headers, { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' })
  t.match((await app.inject({ url: '/__sandbox/a/__admin/requests' })).json(), {
    requests: [{ status: 400 }],
  })
})

t.test('an unknown path behind the prefix answers 404', async (t) => {
  const app = await openedMock(t)
  for (const url of [
    '/__sandbox/a/nothing',
    '/__sandbox/a/',
    '/__sandbox/a',
    '/__sandbox/',
    '/__sandbox/a/__admin/x',
  ])
    t.equal((await app.inject(url)).statusCode, 404, url)
})

/** What can be done to a world, and how it looks afterwards to somebody who has not done it. */
const deeds: Record<string, (mock: Mock | ReturnType<Mock['sandbox']>) => Promise<unknown>> = {
  'a fault': (world) => world.fault({ status: 500 }),
  'a delay': (world) => world.delay(60_000),
  'a scenario': (world) => world.scenario('auth-expired'),
  'another state': (world) => world.replaceState({ personas: {}, roles: [], teams: [], profiles: [] }),
  'a snapshot': (world) => world.snapshot('s'),
}

for (const [what, deed] of Object.entries(deeds)) {
  t.test(`${what} of one world is seen in no other`, async (t) => {
    const mock = await createMock({ listen: false })
    t.teardown(() => mock.close())
    const worlds = [mock, mock.sandbox('a'), mock.sandbox('b')] as const
    const looks = async (world: (typeof worlds)[number]) => {
      const headers = bearer()
      const own = await mock.fetch(`${world.url}/profile`, { headers })
      const list = async (path: string) => (await mock.fetch(world.adminUrl + path)).json()
      return [own.status, await list('/state'), await list('/faults'), await list('/settings')].concat(
        await list('/scenario'),
        await list('/snapshots'),
      )
    }
    const fresh = await looks(worlds[2])
    for (const [index, world] of worlds.entries()) {
      await deed(world)
      for (const [other, untouched] of worlds.entries()) {
        if (other !== index) t.strictSame(await looks(untouched), fresh, `${index} is not seen in ${other}`)
      }
      await mock.resetAll()
    }
  })
}

t.test('what a call in a sandbox comes to is in the journal of that sandbox only', async (t) => {
  const cases: [what: string, path: string, headers: Record<string, string>, status: number][] = [
    ['an answer', '/profile', bearer(), 200],
    ['a refused sign-in', '/profile', {}, 401],
    ['an unknown path', '/nothing', bearer(), 404],
    ['a method that is not allowed', '/roles', bearer(), 405],
    ['an answer asked for by Prefer', '/profile', { ...bearer(), prefer: 'code=503' }, 503],
  ]
  for (const [what, path, headers, status] of cases) {
    const mock = await createMock({ listen: false })
    const sandbox = mock.sandbox('a')
    // Looking would make none.
    await sandbox.delay(0)
    const method = status === 405 ? 'PATCH' : 'GET'
    t.equal((await mock.fetch(sandbox.url + path, { method, headers })).status, status)
    t.match(await sandbox.requests(), [{ path: `/api/mind${path}`, status, sandbox: 'a' }], what)
    t.strictSame(await mock.requests(), [], `${what} is not in the default world's`)
    await mock.close()
  }
})

// A URL that holds `/../` means another address than it says, and some names mean something to JavaScript.
for (const name of ['...', '-', '_', '.a', '0', '__proto__', 'constructor', 'x'.repeat(64)]) {
  t.test(`mock.sandbox('${name}') is a world of its own`, async (t) => {
    const mock = await createMock({ listen: false })
    t.teardown(() => mock.close())
    const sandbox = mock.sandbox(name)
    const update = { method: 'PATCH', headers: bearer(), body: '{"profiles":[{"id":5,"lang":"xx"}]}' }
    t.equal((await mock.fetch(`${sandbox.url}/profiles`, update)).status, 200)
    await sandbox.fault({ status: 500 })
    t.match([await sandbox.profile(5), await sandbox.faults()], [{ lang: 'xx' }, [{ status: 500 }]])
    t.match(await sandbox.requests(), [{ sandbox: name }])
    t.strictSame([await mock.state(), await mock.faults(), await mock.requests()], [seed, [], []])
  })
}

for (const name of ['.', '..', '', 'a b', 'a/b', 'x'.repeat(65)]) {
  t.test(`mock.sandbox(${JSON.stringify(name)}) throws: it would be somewhere else`, async (t) => {
    const mock = await createMock({ listen: false })
    t.teardown(() => mock.close())
    t.throws(() => mock.sandbox(name), { message: /A sandbox is named by 1 to 64/ })
  })
}
