import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { type CreateMockOptions, createMock } from '../../src/library/create-mock.ts'
import { SeedError } from '../../src/seed/seed.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { SettingsError } from '../../src/settings.ts'
import { deepFrozen, profileWith, roleWith, seedWith } from '../support/seeds.ts'
import { until } from '../support/until.ts'

const seed = await readSeed()

async function opened(t: Test, options: CreateMockOptions = {}) {
  const mock = await createMock(options)
  t.teardown(() => mock.close())
  return mock
}

const update = (token: string, body = '{"profiles":[{"id":5,"lang":"xx"}]}') => ({
  method: 'PATCH',
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  body,
})

t.test('it resolves when it listens, on a free port of loopback', async (t) => {
  const mock = await opened(t)
  t.match(mock.url, /^http:\/\/localhost:\d+\/api\/mind$/)
  t.equal(mock.adminUrl, mock.url.replace('/api/mind', '/__admin'))
  t.notOk(mock.url.includes(':8005/'))
  const answer = await fetch(`${mock.url}/profiles`, update(mock.token('admin')))
  t.strictSame([answer.status, await answer.json()], [200, { results: [{ id: 5, success: true }] }])
})

for (const listen of [true, false]) {
  t.test(`every method does what it says, ${listen ? 'listening' : 'without a socket'}`, async (t) => {
    const mock = await opened(t, { listen })
    const change = async (world = mock as { url: string }) =>
      (await mock.fetch(`${world.url}/profiles`, update(mock.token('admin')))).status
    t.equal(await change(), 200)
    t.equal((await mock.profile(5)).lang, 'xx')
    await mock.snapshot('s')
    await mock.reset()
    t.strictSame(await mock.state(), seed)
    await mock.restore('s')
    t.equal((await mock.profile(5)).lang, 'xx')
    await mock.fault({ status: 503, times: 1 })
    t.strictSame([await change(), await change()], [503, 200])
    t.match(await mock.requests({ status: 503 }), [{ fault: 'fault-1' }])
    t.equal(await mock.count(), 2)
    const sandbox = mock.sandbox('a')
    await sandbox.scenario('auth-expired')
    t.strictSame([await change(sandbox), await change()], [401, 200])
    t.equal(await sandbox.count(), 1)
    await mock.assertNoViolations()
    await mock.fetch(`${mock.url}/profiles`, update(mock.token('admin'), '{"profiles":[{"id":5,"x":1}]}'))
    await t.rejects(mock.assertNoViolations(), { message: /x is not documented/ })
    await mock.resetAll()
    t.strictSame([await mock.state(), await mock.count()], [seed, 0])
    const byInject = await mock.inject({
      url: '/api/mind/profile',
      headers: { cookie: mock.cookie('agent') },
    })
    t.match(byInject.json(), { id: 3 })
  })
}

t.test('assertNoViolations tells of one call as of one, and of an answer that never left', async (t) => {
  const mock = await opened(t, { listen: false })
  await mock.fault({ fault: 'EMPTY_RESPONSE', phase: 'after-commit' })
  await t.rejects(
    mock.fetch(`${mock.url}/profiles`, update(mock.token('admin'), '{"profiles":[{"id":5,"x":1}]}')),
  )
  await t.rejects(mock.assertNoViolations(), {
    message:
      /^1 call broke a rule:\n\n#1 PATCH \/api\/mind\/profiles answered nothing\n {2}unknown-key: x is not documented/,
  })
})

t.test('token and cookie are ready at once, and can be expired', async (t) => {
  const mock = await opened(t, { listen: false })
  const ask = async (headers: Record<string, string>) =>
    (await mock.fetch(`${mock.url}/profile`, { headers })).status
  t.equal(await ask({ authorization: `Bearer ${mock.token('admin')}` }), 200)
  t.equal(await ask({ authorization: `Bearer ${mock.token(7, { expiresIn: 60 })}` }), 200)
  t.equal(await ask({ authorization: `Bearer ${mock.token(7, { expiresIn: -60 })}` }), 401)
  t.equal(await ask({ authorization: `Bearer ${mock.token(999)}` }), 401)
  t.equal(await ask({ cookie: mock.cookie('admin') }), 200)
  t.equal(await ask({ cookie: mock.cookie(7, { expiresIn: -60 }) }), 401)
  for (const who of ['boss', 'toString'])
    t.throws(() => mock.token(who), {
      message: `There is no persona ${who}; the seed has admin, manager, agent, service, and a profile id works too.`,
    })
})

t.test('without a socket it takes no port, and its url works with its own fetch', async (t) => {
  const mock = await opened(t, { listen: false, port: 1 })
  t.equal(mock.url, 'http://localhost/api/mind')
  const answer = await mock.fetch(`${mock.url}/profiles`, update(mock.token('admin')))
  t.strictSame([answer.status, await answer.json()], [200, { results: [{ id: 5, success: true }] }])
  t.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8')
})

const own = deepFrozen(
  seedWith({
    personas: { boss: 1 },
    roles: [roleWith(1, ['updateSpecificProfile'])],
    profiles: [profileWith(1, { settings: { roleId: 1 } }), profileWith(2)],
  }),
)

t.test('a seed can be an object, which is never changed', async (t) => {
  const mock = await opened(t, { seed: own, listen: false })
  t.strictSame(await mock.state(), own)
  const body = '{"profiles":[{"id":2,"lang":"xx","settings":{"status":"busy"},"rawData":{"a":1}}]}'
  t.equal((await mock.fetch(`${mock.url}/profiles`, update(mock.token('boss'), body))).status, 200)
  t.equal((await mock.profile(2)).lang, 'xx')
  await mock.reset()
  t.strictSame(await mock.state(), own)
})

t.test('a seed can be the path of a JSON or YAML document', async (t) => {
  const folder = t.testdir({
    'seed.json': JSON.stringify(own),
    'seed.yaml': 'personas: {}\nroles: []\nteams: []\nprofiles: [{ id: 9, settings: {} }]\n',
  })
  const [json, yaml] = [
    await opened(t, { seed: join(folder, 'seed.json'), listen: false }),
    await opened(t, { seed: join(folder, 'seed.yaml'), listen: false }),
  ]
  t.strictSame(await json.state(), own)
  t.strictSame(await yaml.state(), seedWith({ profiles: [profileWith(9)] }))
})

t.test('a bad seed object rejects with every fault by path', async (t) => {
  const bad = { ...own, personas: { boss: 9 }, profiles: [profileWith(1), profileWith(1)] }
  const error = await createMock({ seed: bad, listen: false }).catch((reason) => reason)
  t.ok(error instanceof SeedError)
  t.strictSame(
    error.faults.map(({ path }: { path: string }) => path),
    ['profiles[1].id', 'personas.boss'],
  )
})

const options: [what: string, options: object, message: string | RegExp][] = [
  [
    'a missing seed file',
    { seed: '/nowhere/seed.json' },
    /^The seed file \/nowhere\/seed\.json cannot be read \(ENOENT\)\.$/,
  ],
  ['a bad port', { port: 70_000 }, '--port must be a whole number from 0 to 65535.'],
  ['a bad mode', { auth: 'none' }, '--auth must be one of strict, any, off.'],
  [
    'a bad origin',
    { corsOrigin: ['example.com'] },
    /^--cors-origin must be an origin such as https:\/\/app\.example\.com /,
  ],
  ['an open sign-in beyond loopback', { auth: 'off', host: '0.0.0.0' }, /^--auth off lets anybody in/],
  ['watching nothing', { watch: true }, '--watch needs a file to watch; name one with --seed.'],
  ['watching an object', { watch: true, seed: own }, '--watch needs a file to watch; name one with --seed.'],
  ['half a certificate', { httpsCert: 'a.pem' }, 'HTTPS needs both --https-cert and --https-key.'],
]

for (const [what, given, message] of options) {
  t.test(`${what} rejects with one sentence`, async (t) => {
    const error = await createMock(given).catch((reason) => reason)
    t.ok(error instanceof SettingsError)
    t.match(error.message, message)
  })
}

t.test('a seed file with faults rejects with every one of them', async (t) => {
  const path = join(t.testdir(), 'seed.json')
  await writeFile(path, JSON.stringify({ ...own, personas: { boss: 9 }, teams: 1 }))
  await t.rejects(createMock({ seed: path }), {
    message: `The seed file ${path} cannot be used:\n  teams must be an array (got 1)`,
  })
})

t.test(
  'a busy port rejects with one sentence, leaves the other alone and does not end the process',
  async (t) => {
    const first = await opened(t)
    const port = Number(new URL(first.url).port)
    const error = await createMock({ port }).catch((reason) => reason)
    t.ok(error instanceof SettingsError)
    t.equal(
      error.message,
      `Port ${port} is in use; stop what runs there or choose another with --port ${port + 1}.`,
    )
    t.equal((await fetch(`${first.adminUrl}/health`)).status, 200)
  },
)

t.test('two at once know nothing of each other', async (t) => {
  const [first, second] = await Promise.all([opened(t), opened(t, { jwtSecret: 'another' })])
  t.not(first.url, second.url)
  await fetch(`${first.url}/profiles`, update(first.token('admin')))
  await first.fault({ status: 500 })
  t.strictSame([await second.state(), await second.faults(), await second.count()], [seed, [], 0])
  t.equal((await fetch(`${second.url}/profile`, { headers: { cookie: first.cookie('admin') } })).status, 401)
  await first.close()
  t.equal((await fetch(`${second.url}/profile`, { headers: { cookie: second.cookie('admin') } })).status, 200)
})

t.test('settings come from the call alone, not from the environment or the working directory', async (t) => {
  const before = { ...process.env }
  t.teardown(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  })
  Object.assign(process.env, {
    MOCK_AUTH: 'off',
    MOCK_PORT: '70000',
    PORT: '70000',
    MOCK_SEED: '/nowhere',
    MOCK_CONFIG: '/nowhere',
    MOCK_REQUIRE_SANDBOX: 'true',
    MOCK_DISABLE_ADMIN_API: 'true',
  })
  const mock = await opened(t)
  t.equal((await fetch(`${mock.url}/profile`)).status, 401)
  t.equal((await fetch(`${mock.url}/profile`, { headers: { cookie: mock.cookie('admin') } })).status, 200)
})

t.test('settings of the command line have their effect', async (t) => {
  const status = async (
    given: CreateMockOptions,
    init: RequestInit = {},
    path = '/profile',
    who = 'admin',
  ) => {
    const mock = await opened(t, { listen: false, ...given })
    const headers = { cookie: mock.cookie(who), ...init.headers }
    return (await mock.fetch(mock.url + path, { ...init, headers })).status
  }
  t.equal(await status({ auth: 'off' }, { headers: { cookie: '' } }), 200)
  t.equal(await status({ requireSandbox: true }), 400)
  t.equal(await status({ requireSandbox: false }), 200)
  const body = '{"profiles":[{"id":5,"settings":{"status":"away"}}]}'
  t.equal(await status({}, {}, '/profiles?lastSeen=online', 'agent'), 200)
  t.equal(await status({ vendorRules: true }, {}, '/profiles?lastSeen=online', 'agent'), 403)
  t.equal(await status({ bodyLimit: 10 }, { method: 'PATCH', body }, '/profiles'), 413)
  const mock = await opened(t, { listen: false, corsOrigin: ['https://a.example'] })
  const answer = await mock.fetch(`${mock.url}/profile`, { headers: { origin: 'https://a.example' } })
  t.equal(answer.headers.get('access-control-allow-origin'), 'https://a.example')
  const closed = await opened(t, { listen: false, disableAdminApi: true })
  await t.rejects(closed.state(), { message: /^GET \/state was refused \(404\)/ })
})

t.test('beyond loopback the control plane wants a token, which the handle has', async (t) => {
  for (const given of [{}, { adminApiToken: 'right' }]) {
    const mock = await opened(t, { host: '0.0.0.0', ...given })
    t.equal((await fetch(`${mock.adminUrl}/state`)).status, 401)
    t.strictSame(await mock.state(), seed)
    t.equal((await fetch(`${mock.url}/profile`, { headers: { cookie: mock.cookie('admin') } })).status, 200)
  }
})

t.test('close ends it: nobody answers any more, and a second time does nothing', async (t) => {
  const mock = await createMock()
  const { url } = mock
  await fetch(`${url}/profile`)
  await mock.close()
  await mock.close()
  await t.rejects(fetch(`${url}/profile`))
  const again = await createMock({ port: Number(new URL(url).port) })
  t.equal(again.url, url)
  await Promise.all([again.close(), again.close()])
})

t.test('close lets calls that run end well', async (t) => {
  const mock = await createMock()
  await mock.delay(60_000)
  const calls = Array.from({ length: 5 }, () => fetch(`${mock.url}/profiles`, update(mock.token('admin'))))
  await mock.fault({ headers: { 'x-seen': 'yes' } })
  t.ok(await until(async () => (await mock.faults())[0]?.injected === 5))
  await mock.close()
  t.strictSame(
    (await Promise.all(calls)).map(({ status }) => status),
    Array(5).fill(200),
  )
})

t.test('by default it prints nothing, and a process that has closed it ends by itself', async (t) => {
  const program = fileURLToPath(new URL('../support/quiet-process.ts', import.meta.url))
  const child = spawn(process.execPath, [...process.execArgv, program])
  t.teardown(() => child.kill('SIGKILL'))
  const [printed, complained, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  t.strictSame([printed, complained, code], ['', '', 0])
})

t.test('a seed is copied: who changes the object later changes no mock', async (t) => {
  const list = [1]
  const seed = seedWith({ personas: { a: 1 }, profiles: [profileWith(1, { rawData: { list } })] })
  const mock = await opened(t, { seed, listen: false })
  const before = JSON.stringify(await mock.state())
  list.push(2)
  seed.profiles.push(profileWith(2))
  seed.personas.b = 2
  t.equal(JSON.stringify(await mock.state()), before)
  await mock.reset()
  t.equal(JSON.stringify(await mock.state()), before)
})
