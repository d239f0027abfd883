import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { readSeed } from '../../src/seed/seed-file.ts'
import { createTestMock } from '../support/mock.ts'
import { bearer, signedIn } from '../support/signed-in.ts'

const seed = await readSeed()

async function opened(t: Test) {
  const app = await createTestMock({}, { now: () => 0 })
  t.teardown(() => app.close())
  return app
}

type Place = { headers?: Record<string, string> }
const inSandbox: Place = { headers: { 'x-mock-sandbox': 'a' } }

const admin = (
  app: FastifyInstance,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  payload?: object,
  place: Place = {},
) => app.inject({ method, url: `/__admin${path}`, ...place, ...(payload && { payload }) })

/** All that the control plane shows of one world. */
async function shown(app: FastifyInstance, place: Place = {}) {
  const views: Record<string, unknown> = {}
  for (const path of ['/state', '/faults', '/settings', '/scenario', '/requests', '/snapshots'])
    views[path] = (await admin(app, 'GET', path, undefined, place)).json()
  return views
}

/** Changes everything that can be changed. */
async function stir(app: FastifyInstance, place: Place = {}) {
  const own = signedIn(app, 1, place.headers)
  await admin(app, 'POST', '/snapshots/first', undefined, place)
  await own.patch([
    { id: 1, phone: '1', rawData: { a: 1 } },
    { id: 5, settings: { teamIds: [] } },
  ])
  await admin(app, 'POST', '/snapshots/second', undefined, place)
  await admin(app, 'POST', '/faults', { status: 418, times: 1 }, place)
  await admin(app, 'POST', '/faults', { status: 500, phase: 'after-commit', after: 1 }, place)
  await own.get('/profile')
  await own.patch([{ id: 6, lang: 'xx' }])
  await own.patch([{ id: 6, lang: 'yy' }])
  await admin(app, 'PUT', '/scenario', { name: 'empty' }, place)
  await admin(app, 'PUT', '/scenario', { name: 'flaky' }, place)
  await own.get('/profile')
  await admin(app, 'POST', '/settings', { delay: '1-2' }, place)
  await own.get('/nothing')
  const { profiles, ...rest } = seed
  await admin(app, 'PUT', '/state', { ...rest, profiles: profiles.slice(0, 7) }, place)
  await own.patch([{ id: 5, lang: 'zz' }])
}

/** Calls that tell whether anything is left of what was counted before. */
async function behaviour(app: FastifyInstance, place: Place = {}) {
  const own = signedIn(app, 1, place.headers)
  const answers: unknown[] = []
  for (let call = 0; call < 3; call += 1) {
    const { statusCode, body, headers } = await own.patch([{ id: 6, lang: 'xx' }])
    answers.push([statusCode, body, headers['x-mock-fault']])
  }
  answers.push((await admin(app, 'POST', '/faults', { status: 500 }, place)).json())
  answers.push((await admin(app, 'GET', '/requests', undefined, place)).json())
  return answers
}

for (const [what, place] of Object.entries({ 'the default world': {}, 'a sandbox': inSandbox })) {
  t.test(
    `POST /reset after everything: ${what} is as in a fresh process, but for the snapshots`,
    async (t) => {
      const [fresh, app] = [await opened(t), await opened(t)]
      await stir(app, place)
      const stirred = await shown(app, place)
      const answer = await admin(app, 'POST', '/reset', undefined, place)
      t.strictSame([answer.statusCode, answer.json()], [200, { status: 'reset' }])
      const expected = await shown(fresh, place)
      for (const path of Object.keys(expected)) {
        if (path !== '/snapshots') t.notSame(stirred[path], expected[path], `${path} had been changed`)
      }
      t.strictSame(await shown(app, place), { ...expected, '/snapshots': { snapshots: ['first', 'second'] } })
      t.strictSame(await behaviour(app, place), await behaviour(fresh, place))
    },
  )
}

t.test('POST /reset is about one world only', async (t) => {
  const app = await opened(t)
  await stir(app)
  await stir(app, inSandbox)
  const [main, sandbox] = [await shown(app), await shown(app, inSandbox)]
  await admin(app, 'POST', '/reset', undefined, inSandbox)
  t.strictSame(await shown(app), main)
  await stir(app, inSandbox)
  t.strictSame((await shown(app, inSandbox))['/state'], sandbox['/state'])
  await admin(app, 'POST', '/reset')
  t.strictSame((await shown(app, inSandbox))['/state'], sandbox['/state'])
})

for (const place of [{}, inSandbox]) {
  t.test(
    `POST /reset?all=true ${place === inSandbox ? 'sent to a sandbox ' : ''}leaves nothing`,
    async (t) => {
      const [fresh, app] = [await opened(t), await opened(t)]
      await stir(app)
      await stir(app, inSandbox)
      t.equal((await admin(app, 'POST', '/reset?all=true', undefined, place)).statusCode, 200)
      for (const world of [{}, inSandbox]) {
        t.strictSame(await shown(app, world), await shown(fresh, world))
        t.strictSame(await behaviour(app, world), await behaviour(fresh, world))
      }
    },
  )
}

t.test('a reset of all takes sandboxes away: none is found by a refused sign-in', async (t) => {
  const app = await opened(t)
  await stir(app, inSandbox)
  await admin(app, 'POST', '/reset?all=true')
  await app.inject({ url: '/api/mind/profile', ...inSandbox })
  t.match((await shown(app))['/requests'], { requests: [{ status: 401, sandbox: 'a' }] })
})

for (const query of ['?all=false', '?all=', '?all=1', '?other=true']) {
  t.test(`POST /reset${query} resets one world`, async (t) => {
    const app = await opened(t)
    await admin(app, 'POST', '/snapshots/s')
    await stir(app, inSandbox)
    t.equal((await admin(app, 'POST', `/reset${query}`)).statusCode, 200)
    t.strictSame((await shown(app))['/snapshots'], { snapshots: ['s'] })
    t.strictSame((await shown(app, inSandbox))['/snapshots'], { snapshots: ['first', 'second'] })
  })
}

t.test(
  'calls that run during a reset end well, and the state is that of the seed or of later calls',
  async (t) => {
    const app = await opened(t)
    const { patch } = signedIn(app)
    for (let round = 0; round < 20; round += 1) {
      const calls = Array.from({ length: 10 }, () => patch([{ id: 5, lang: 'xx' }]))
      const reset = admin(app, 'POST', '/reset')
      const statuses = (await Promise.all([...calls, reset])).map(({ statusCode }) => statusCode)
      t.strictSame(new Set(statuses), new Set([200]))
      const state = (await admin(app, 'GET', '/state')).json()
      t.ok(['de', 'xx'].includes(state.profiles[4].lang))
    }
    await admin(app, 'POST', '/reset')
    t.strictSame((await admin(app, 'GET', '/state')).json(), seed)
  },
)

// PUT /state beyond what test/admin/state.test.ts holds.

t.test('sign-in, permissions and personas follow a replaced state', async (t) => {
  const app = await opened(t)
  const role = seed.roles.find(({ name }) => name === 'Agent')?.id ?? 0
  const payload = {
    ...seed,
    personas: { boss: 2 },
    profiles: seed.profiles
      .filter(({ id }) => [2, 3].includes(id))
      .map((profile) => ({
        ...profile,
        settings: { ...profile.settings, roleId: profile.id === 2 ? 1 : role },
      })),
  }
  t.equal((await signedIn(app, 2).patch([{ id: 5 }])).statusCode, 200)
  t.equal((await admin(app, 'PUT', '/state', payload)).statusCode, 200)
  t.equal((await signedIn(app, 1).get('/profile')).statusCode, 401)
  t.strictSame((await signedIn(app, 2).patch([{ id: 5 }])).json(), { results: [{ id: 5, success: false }] })
  t.equal((await signedIn(app, 3).patch([{ id: 2 }])).statusCode, 403)
  t.equal((await admin(app, 'POST', '/tokens', { persona: 'boss' })).statusCode, 200)
  t.equal((await admin(app, 'POST', '/tokens', { persona: 'admin' })).statusCode, 400)
})

const bad: [what: string, payload: unknown, paths: string[]][] = [
  ['no object', [], ['the document']],
  ['nothing', {}, ['personas', 'roles', 'teams', 'profiles']],
  ['wrong types', { ...seed, personas: { a: '1' }, roles: {}, teams: 1 }, ['personas.a', 'roles', 'teams']],
  ['an unknown key', { ...seed, people: [] }, ['people']],
  [
    'secrets',
    {
      ...seed,
      profiles: [
        { id: 1, password: 'a', settings: {} },
        { id: 2, image: 'a', settings: {} },
      ],
    },
    ['profiles[0].password', 'profiles[1].image', 'personas.agent', 'personas.service'],
  ],
  [
    'secrets in rawData',
    { ...seed, personas: {}, profiles: [{ id: 1, rawData: { a: [{ token: 'x' }] }, settings: {} }] },
    ['profiles[0].rawData.a[0].token'],
  ],
  [
    'derived settings',
    { ...seed, profiles: [{ id: 1, settings: { actualRoleId: 1 } }] },
    ['profiles[0].settings.actualRoleId', 'personas.manager', 'personas.agent', 'personas.service'],
  ],
  [
    'dangling references',
    {
      ...seed,
      personas: { a: 99 },
      teams: [{ id: 1, name: 'a', parent: 7, settings: { roleId: 77 } }],
      profiles: [{ id: 1, settings: { roleId: 78, teamIds: [1, 8], status: 'nope' } }],
    },
    [
      'personas.a',
      'teams[0].parent',
      'teams[0].settings.roleId',
      'profiles[0].settings.roleId',
      'profiles[0].settings.teamIds[1]',
      'profiles[0].settings.status',
    ],
  ],
  [
    'a circle of teams',
    {
      ...seed,
      personas: {},
      profiles: [],
      teams: [
        { id: 1, name: 'a', parent: 2, settings: {} },
        { id: 2, name: 'b', parent: 1, settings: {} },
      ],
    },
    ['teams[0].parent', 'teams[1].parent'],
  ],
]

for (const [what, payload, paths] of bad) {
  // [state.replace]
  t.test(`PUT /state with ${what} answers 400, names every fault, and the state is as it was`, async (t) => {
    const app = await opened(t)
    await signedIn(app).patch([{ id: 5, lang: 'xx' }])
    const before = await admin(app, 'GET', '/state')
    const answer = await admin(app, 'PUT', '/state', payload as object)
    t.equal(answer.statusCode, 400)
    t.strictSame(
      answer.json().faults.map(({ path }: { path: string }) => path),
      paths,
    )
    t.match(answer.json().message, /^the seed has \d+ faults?; nothing was changed$/)
    t.equal((await admin(app, 'GET', '/state')).body, before.body)
    t.equal((await signedIn(app).get('/profile')).statusCode, 200)
  })
}

t.test('GET /state/profiles/{id} shows what was written, in the sandbox it is asked of', async (t) => {
  const app = await opened(t)
  await signedIn(app, 1, inSandbox.headers).patch([{ id: 5, rawData: { a: 1 }, password: 'x' }])
  const profile = (await admin(app, 'GET', '/state/profiles/5', undefined, inSandbox)).json()
  t.strictSame(profile, { ...seed.profiles[4], rawData: { a: 1 } })
  t.strictSame((await admin(app, 'GET', '/state/profiles/5')).json(), seed.profiles[4])
})

t.test('a token that was handed out stays good over a reset', async (t) => {
  const app = await opened(t)
  await stir(app)
  await admin(app, 'POST', '/reset')
  t.equal((await app.inject({ url: '/api/mind/profile', headers: bearer() })).statusCode, 200)
})
