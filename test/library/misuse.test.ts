import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { createControlClient, createMock, SettingsError } from '../../src/index.ts'
import { nearest } from '../../src/values/nearest.ts'
import { profileWith, seedWith } from '../support/seeds.ts'

const options: [given: unknown, message: string | RegExp][] = [
  [{ prot: 8005 }, 'createMock has no option prot; did you mean port?'],
  [{ Port: 8005 }, 'createMock has no option Port; did you mean port?'],
  [{ jwtsecret: 'a' }, 'createMock has no option jwtsecret; did you mean jwtSecret?'],
  [{ lsiten: false }, 'createMock has no option lsiten; did you mean listen?'],
  [{ adminToken: 'a' }, /^createMock has no option adminToken; /],
  [{ zzz: 1 }, /^createMock has no option zzz; there are port, host, .*listen\.$/],
  [{ prefix: '/mock' }, /^createMock has no option prefix; /],
  ['seed.json', 'createMock takes an object of options.'],
  [null, 'createMock takes an object of options.'],
  [[], 'createMock takes an object of options.'],
  [{ seed: 5 }, 'seed must be a seed document or the path of one.'],
  [{ seed: true }, 'seed must be a seed document or the path of one.'],
]

for (const [given, message] of options) {
  t.test(`createMock(${JSON.stringify(given)}) is refused in one sentence`, async (t) => {
    const error = await createMock(given as object).catch((reason) => reason)
    t.ok(error instanceof SettingsError)
    t.match(error.message, message)
  })
}

t.test('a seed that is null is refused with its fault', (t) =>
  t.rejects(createMock({ seed: null as never }), { message: /^the seed has 1 fault/ }),
)

t.test('the name that is near is found, and none where none is', async (t) => {
  for (const [word, name] of [
    ['prot', 'port'],
    ['por', 'port'],
    ['portt', 'port'],
    ['tropical', undefined],
    ['', undefined],
  ] as const)
    t.equal(nearest(word, ['host', 'port', 'seed']), name, word)
  t.equal(nearest('a', []), undefined)
})

t.test('a promise of a token says that it is one where it would become text', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  const remote = createControlClient({ origin: 'http://localhost', fetch: mock.fetch })
  for (const control of [mock.sandbox('a'), remote, remote.sandbox('b')]) {
    const sentence = { message: 'token() gives a promise here: write await before it.' }
    t.throws(() => `Bearer ${control.token('admin')}`, sentence)
    t.throws(() => new Headers({ cookie: control.cookie('admin') as never }), {
      message: 'cookie() gives a promise here: write await before it.',
    })
    // One that is refused meanwhile must not end the process.
    t.throws(() => `Bearer ${control.token('nobody')}`, sentence)
    t.match(await control.token('admin'), /^\S+\.\S+\.\S+$/)
  }
})

t.test('whom to sign in is a persona or an id', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  for (const who of [undefined, null, 1.5, Number.NaN, {}, 'toString'])
    t.throws(() => mock.token(who as string), { message: /^There is no persona .*; the seed has admin, / })
})

t.test('a control client where there is no fetch says so', async (t) => {
  const { fetch } = globalThis
  t.teardown(() => Object.assign(globalThis, { fetch }))
  Object.assign(globalThis, { fetch: undefined })
  t.throws(() => createControlClient({ origin: 'http://localhost' }), { message: /There is no fetch here/ })
})

t.test("changing the caller's seed changes nothing of the mock, nor of its resets", async (t) => {
  const rawData = { deep: { list: [1] } }
  const seed = seedWith({ personas: { boss: 1 }, profiles: [profileWith(1, { rawData })] })
  const mock = await createMock({ seed, listen: false })
  t.teardown(() => mock.close())
  const before = JSON.stringify(await mock.state())
  rawData.deep.list.push(2)
  seed.profiles.push(profileWith(2))
  seed.personas.boss = 2
  t.equal(JSON.stringify(await mock.state()), before)
  await mock.reset()
  t.equal(JSON.stringify(await mock.state()), before)
  t.doesNotThrow(() => mock.token('boss'))
})

const halfOpen: [what: string, sent: string][] = [
  ['nothing', ''],
  ['half a request line', 'PATCH /api'],
  ['half of its headers', 'PATCH /api/mind/profiles HTTP/1.1\r\nHost: a\r\n'],
  ['half of its body', 'PATCH /api/mind/profiles HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{'],
  ['a whole call before it waits', 'GET /api/mind/health HTTP/1.1\r\nHost: a\r\n\r\n'],
]

for (const [what, sent] of halfOpen) {
  t.test(`close() takes less than a second and a half with a connection that has sent ${what}`, async (t) => {
    const mock = await createMock()
    const socket = connect(Number(new URL(mock.url).port), 'localhost')
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(sent)
    t.teardown(() => socket.destroy())
    // It is known to the server once a later call has been answered.
    await fetch(`${mock.url}/health`)
    const begun = performance.now()
    const ended = once(socket, 'close')
    await mock.close()
    t.ok(performance.now() - begun < 1500)
    socket.resume()
    await ended
  })
}

t.test('close() lets calls without a socket end well, and breaks off those that do not end', async (t) => {
  for (const listen of [true, false]) {
    const mock = await createMock({ listen })
    await mock.delay(60_000)
    await mock.fault({ headers: { 'x-seen': 'yes' } })
    const call = mock.fetch(`${mock.url}/profile`, { headers: { cookie: mock.cookie('admin') } })
    const events = await mock.fetch(`${mock.adminUrl}/events`)
    while ((await mock.faults())[0]?.injected === 0) await new Promise(setImmediate)
    await mock.close()
    t.equal((await call).status, 200)
    t.match(await events.text(), /"status":200/)
  }
})
