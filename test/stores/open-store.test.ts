import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Seed } from '../../schemas/seed.ts'
import { keepInFile } from '../../src/seed/state-file.ts'
import { type Settings, SettingsError, settingsFrom } from '../../src/settings.ts'
import { startMock } from '../../src/start.ts'
import { createMemoryStore } from '../../src/stores/memory-store.ts'
import { openStore, StoreProblem } from '../../src/stores/open-store.ts'
import { openPglite } from '../../src/stores/pglite-engine.ts'
import { runCommand } from '../support/command.ts'
import { profileWith, seedWith } from '../support/seeds.ts'
import { until } from '../support/until.ts'

const surroundings = { now: Date.now, random: Math.random, randomSecret: () => 'made up' }
const start = (settings: Partial<Settings>) =>
  startMock(settingsFrom({ port: 0, logLevel: 'silent', ...settings }), surroundings)

async function started(t: Test, settings: Partial<Settings>) {
  const mock = await start(settings)
  t.teardown(() => mock.app.close())
  const headers = { authorization: `Bearer ${mock.tokens.sign(1)}`, 'content-type': 'application/json' }
  return {
    ...mock,
    rename: (id: number, lang: string) =>
      fetch(`${mock.origin}/api/mind/profiles`, {
        method: 'PATCH',
        headers,
        body: JSON.stringify({ profiles: [{ id, lang }] }),
      }),
    lang: async (id: number) =>
      ((await (await fetch(`${mock.origin}/__admin/state/profiles/${id}`)).json()) as { lang?: string }).lang,
    health: () => fetch(`${mock.origin}/__admin/health`),
  }
}

/** Not the test's own folder, which is emptied for each command that runs in it. */
function temporaryFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'enneo-mock-store-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const refused: [what: string, settings: Partial<Settings>, sentence: string | RegExp][] = [
  [
    '--store and --persist',
    { store: 'pglite:x', persist: 'x.json' },
    '--persist is for a mock without --store; name one of them.',
  ],
  [
    'a shared store without a secret',
    { store: 'postgres://mock:hidden@127.0.0.1:1/mock' },
    'A --store that several mocks share needs a --jwt-secret that they share; set MOCK_JWT_SECRET for all of them.',
  ],
  [
    'a database that is not there',
    { store: 'postgres://mock:hidden@127.0.0.1:1/mock', jwtSecret: 's' },
    /^The database 127\.0\.0\.1:1\/mock cannot be used \(ECONNREFUSED\); start it, or look at --store\.$/,
  ],
  [
    'a file that cannot be written',
    { persist: '/not/there.json' },
    '--persist cannot be used: the state cannot be written to /not/there.json (ENOENT).',
  ],
]

for (const [what, settings, message] of refused) {
  t.test(`${what} is refused in one sentence`, async (t) => {
    await t.rejects(start(settings), { constructor: SettingsError, message })
  })
}

t.test('a package that is not installed is named', async (t) => {
  // Beside nothing that is installed, the program finds none of its optional packages.
  for (const [store, name] of [
    ['pglite:data', '@electric-sql/pglite'],
    ['postgres://mock@127.0.0.1:1/mock', 'pg'],
  ]) {
    const { finished } = await runCommand(t, ['--store', String(store), '--jwt-secret', 's'], {
      isAlone: true,
    })
    const { code, stderr } = await finished
    t.strictSame(
      [code, stderr],
      [1, `This --store needs a package that is missing; install it with npm install ${name}.\n`],
    )
  }
})

t.test('what goes wrong in loading an engine is told as it is, unless its package is missing', async (t) => {
  const failing = (code: string) => async () => {
    throw Object.assign(new Error('failed'), { code })
  }
  const openWith = (code: string, store: string) =>
    openStore(seedWith(), { store }, { postgres: failing(code), pglite: failing(code) })
  for (const [store, name] of [
    ['pglite:data', '@electric-sql/pglite'],
    ['postgres://db/mock', 'pg'],
  ] as const) {
    // As an import says it, and a `require`.
    for (const code of ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']) {
      await t.rejects(openWith(code, store), {
        constructor: StoreProblem,
        message: `This --store needs a package that is missing; install it with npm install ${name}.`,
      })
    }
    await t.rejects(openWith('EIO', store), { constructor: Error, message: 'failed' })
  }
})

t.test('a folder that a newer version has used is left alone', async (t) => {
  const folder = join(temporaryFolder(t), 'data')
  await (await openStore(seedWith(), { store: `pglite:${folder}` })).close()
  const engine = await openPglite(folder)
  await engine.query('insert into enneo_mock.migrations (version) values (999)')
  await engine.close()
  await t.rejects(openStore(seedWith(), { store: `pglite:${folder}` }), {
    constructor: StoreProblem,
    message: `The store ${folder} was made by a newer version of this mock; install that one, or use another database.`,
  })
})

// [store.kept]
t.test('a folder keeps its state over a restart, for one process at a time', async (t) => {
  const store = `pglite:${temporaryFolder(t)}/data`
  const first = await started(t, { store })
  t.equal(first.wasKept, false)
  t.equal((await first.rename(5, 'xx')).status, 200)
  const { finished } = await runCommand(t, ['--store', store, '--port', '0'])
  const second = await finished
  t.equal(second.code, 1)
  t.match(
    second.stderr,
    /^\S+data is in use by another process; stop that one, or choose another folder\.\n$/,
  )
  await t.rejects(openStore(seedWith(), { store }), {
    constructor: StoreProblem,
    message: /in use by another/,
  })
  await first.app.close()
  const again = await started(t, { store })
  t.strictSame([again.wasKept, await again.lang(5)], [true, 'xx'])
  await again.app.close()
  const anew = await started(t, { store, reseed: true })
  t.strictSame([anew.wasKept, await anew.lang(5)], [false, 'de'])
})

// [store.kept]
t.test('the banner says that data was kept', async (t) => {
  const persist = `${temporaryFolder(t)}/state.json`
  const args = ['--persist', persist, '--port', '0']
  const banner = async () => {
    const command = await runCommand(t, args)
    await command.printed(/More:/)
    command.process.kill()
    return (await command.finished).stdout
  }
  t.notMatch(await banner(), '--reseed')
  t.match(await banner(), '  state          kept from before; --reseed begins anew with the seed\n')
})

t.test('a state that cannot be written is told by health, and at the end', async (t) => {
  const folder = join(temporaryFolder(t), 'states')
  mkdirSync(folder)
  const persist = join(folder, 'state.json')
  const mock = await started(t, { persist })
  rmSync(folder, { recursive: true })
  t.equal((await mock.rename(5, 'xx')).status, 200)
  t.ok(await until(async () => (await mock.health()).status === 503, Number.POSITIVE_INFINITY))
  t.match(await (await mock.health()).json(), {
    status: 'unavailable',
    reason: `the store cannot be reached: the state cannot be written to ${persist} (ENOENT)`,
  })
  mkdirSync(folder)
  t.ok(await until(async () => (await mock.health()).ok, Number.POSITIVE_INFINITY), 'written once it can be')
  t.equal((await mock.rename(5, 'yy')).status, 200)
  rmSync(folder, { recursive: true })
  await t.rejects(mock.app.close(), {
    constructor: SettingsError,
    message: `The last changes are lost: the state cannot be written to ${persist} (ENOENT).`,
  })
})

t.test('another seed for a state in a file is written as well, another world is not', async (t) => {
  const file = join(temporaryFolder(t), 'state.json')
  const store = await keepInFile(createMemoryStore(seedWith()), file, false)
  await (await store.world('one')).replace(seedWith({ personas: { one: 1 }, profiles: [profileWith(1)] }))
  const next = seedWith({ personas: { two: 2 }, profiles: [profileWith(2)] })
  await store.reseed(next)
  await store.close()
  t.strictSame(JSON.parse(readFileSync(file, 'utf8')), next)
  const again = await keepInFile(createMemoryStore(next), file, true)
  const renewed = seedWith({ personas: { three: 3 }, profiles: [profileWith(3)] })
  t.equal(await again.renew(renewed, 1), true)
  await again.close()
  t.strictSame(JSON.parse(readFileSync(file, 'utf8')), renewed)
})

// [store.persist]
t.test('--persist writes the state on stop and every few seconds, and reads it on start', async (t) => {
  const folder = temporaryFolder(t)
  const persist = join(folder, 'state.json')
  const langIn = (file: string) =>
    (JSON.parse(readFileSync(file, 'utf8')) as Seed).profiles.find(({ id }) => id === 5)?.lang
  const first = await started(t, { persist })
  t.equal((await first.health()).status, 200)
  t.strictSame([first.wasKept, langIn(persist)], [false, 'de'])
  t.equal((await first.rename(5, 'xx')).status, 200)
  t.ok(await until(() => langIn(persist) === 'xx', Number.POSITIVE_INFINITY), 'written while it runs')
  const admin = (path: string) => fetch(`${first.origin}/__admin${path}`, { method: 'POST' })
  await admin('/snapshots/s')
  await admin('/reset')
  await admin('/snapshots/s/restore')
  await first.app.close()
  t.strictSame([langIn(persist), readdirSync(folder)], ['xx', ['state.json']])
  const again = await started(t, { persist })
  t.strictSame([again.wasKept, await again.lang(5)], [true, 'xx'])
  t.equal((await again.rename(5, 'yy')).status, 200)
  await again.app.close()
  t.equal(langIn(persist), 'yy', 'written on stop')
  const anew = await started(t, { persist, reseed: true })
  t.strictSame([anew.wasKept, await anew.lang(5)], [false, 'de'])
  const state = await (await fetch(`${anew.origin}/__admin/state`)).json()
  await fetch(`${anew.origin}/__admin/state`, {
    method: 'PUT',
    body: JSON.stringify({ ...(state as Seed), personas: {} }),
  })
  await anew.app.close()
  t.strictSame((JSON.parse(readFileSync(persist, 'utf8')) as Seed).personas, {})
  writeFileSync(persist, '{"profiles": 1}')
  await t.rejects(start({ persist }), {
    constructor: SettingsError,
    message: /^The seed file \S+state\.json cannot be used:/,
  })
})
