import { EventEmitter, once } from 'node:events'
import { unwatchFile, watchFile } from 'node:fs'
import { chmod, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import type { Seed } from '../../schemas/seed.ts'
import { createMock } from '../../src/library/create-mock.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { watchSeed } from '../../src/seed/watch-seed.ts'
import { createMemoryStore } from '../../src/stores/memory-store.ts'
import { defaultWorld } from '../../src/stores/profile-store.ts'
import { profileWith, seedWith } from '../support/seeds.ts'
import { until } from '../support/until.ts'

const seedOf = (id: number): Seed => seedWith({ profiles: [profileWith(id)] })

/** Watching a file alone does not keep a process running. */
const alive = setInterval(() => {}, 60_000)
t.teardown(() => clearInterval(alive))

async function watched(t: Test, name = 'seed.json', first = JSON.stringify(seedOf(1))) {
  const path = join(t.testdir({ [name]: first }), name)
  const store = createMemoryStore(await readSeed(path))
  const stream = new PassThrough({ encoding: 'utf8' })
  const { log } = Fastify({ logger: { level: 'info', stream } })
  let reads = 0
  const read = () => {
    reads += 1
    return readSeed(path)
  }
  const stop = watchSeed(path, await readSeed(path), read, store.reseed, log)
  t.teardown(stop)
  const world = await store.world(defaultWorld)
  return {
    world,
    other: await store.world('a'),
    stop,
    path,
    reads: () => reads,
    /** Changes the file and resolves with what is logged about it. */
    logged: async (change: () => Promise<void>) => {
      const line = once(stream, 'data')
      await change()
      return JSON.parse(String((await line)[0]))
    },
    /** At once, so that nobody sees half of it; a file of another length is another one to every file system. */
    write: async (content: string, lines: number) => {
      await writeFile(`${path}.new`, content + '\n'.repeat(lines))
      await rename(`${path}.new`, path)
    },
  }
}

const level = { info: 30, error: 50 }

t.test(
  'an edited seed takes the place of every world, a broken one of none, and the log says why',
  async (t) => {
    const { world, other, logged, write, path } = await watched(t)
    await world.replace(seedOf(7))
    await other.replace(seedOf(8))
    t.match(await logged(() => write(JSON.stringify(seedOf(22)), 1)), {
      level: level.info,
      seed: path,
      msg: 'the seed has changed; every world begins anew',
    })
    t.strictSame([await world.toSeed(), await other.toSeed()], [seedOf(22), seedOf(22)])

    const broken: [content: string, reason: RegExp][] = [
      ['{"personas"', /is not valid JSON/],
      [JSON.stringify({ ...seedOf(3), personas: { a: 9 } }), /personas\.a: there is no profile 9/],
      [JSON.stringify({ ...seedOf(3), roles: 1 }), /roles must be an array/],
    ]
    for (const [index, [content, reason]] of broken.entries()) {
      t.match(await logged(() => write(content, 10 + index)), {
        level: level.error,
        seed: path,
        reason,
        msg: 'the seed has changed but cannot be used; the last good one stays',
      })
      t.strictSame([await world.toSeed(), await other.toSeed()], [seedOf(22), seedOf(22)])
    }

    t.match(await logged(() => rm(path)), { level: level.error, reason: /cannot be read \(ENOENT\)/ })
    t.strictSame(await world.toSeed(), seedOf(22))
    t.match(await logged(() => write(JSON.stringify(seedOf(4)), 20)), { level: level.info })
    await world.replace(seedOf(7))
    await world.reset()
    t.strictSame(await world.toSeed(), seedOf(4), 'a reset goes back to the new seed')
  },
)

t.test('once it is stopped the file is not read again', async (t) => {
  const path = join(t.testdir({ 'seed.json': '{}' }), 'seed.json')
  let reads = 0
  const read = async () => {
    reads += 1
    return seedOf(1)
  }
  const stop = watchSeed(path, seedOf(1), read, async () => {}, Fastify().log)
  // Who watches the same file is told together with, and after, the one that was first.
  const changes = new EventEmitter()
  const own = () => changes.emit('change')
  watchFile(path, { interval: 300 }, own)
  t.teardown(() => unwatchFile(path, own))
  const change = async (content: string) => {
    const noticed = once(changes, 'change')
    await writeFile(path, content)
    await noticed
  }
  await change('{ }')
  t.equal(reads, 1)
  stop()
  await change('{  }')
  t.equal(reads, 1)
})

const profilesOf = (seed: Seed) => [...seed.profiles].reverse()

/** What happens to a file without its document becoming another one. */
const touched: [what: string, touch: (path: string, text: string) => Promise<void>][] = [
  ['touched', (path) => utimes(path, new Date(), new Date(1e12))],
  ['given other permissions', (path) => chmod(path, 0o600)],
  ['saved with the same text', (path, text) => writeFile(path, text)],
  [
    'replaced by the same text',
    (path, text) => writeFile(`${path}.new`, text).then(() => rename(`${path}.new`, path)),
  ],
  ['indented', (path, text) => writeFile(path, JSON.stringify(JSON.parse(text), null, 2))],
  [
    'put into another order',
    (path, text) =>
      writeFile(path, JSON.stringify({ ...JSON.parse(text), profiles: profilesOf(JSON.parse(text)) })),
  ],
]

for (const [what, touch] of touched) {
  t.test(`a seed file that is ${what} changes nothing`, async (t) => {
    const text = JSON.stringify(seedWith({ profiles: [profileWith(2), profileWith(1)] }))
    const path = join(t.testdir({ 'seed.json': text }), 'seed.json')
    const begun: number[] = []
    const noticed = new EventEmitter()
    const read = async () => {
      const seed = await readSeed(path)
      // What follows a reading is done before the next one is told.
      setImmediate(() => noticed.emit('read'))
      return seed
    }
    const stop = watchSeed(
      path,
      await readSeed(path),
      read,
      async ({ profiles }) => {
        begun.push(profiles.length)
      },
      Fastify().log,
    )
    t.teardown(stop)
    // By then the first look at the file has been had, too.
    await readSeed(path)
    const wasRead = once(noticed, 'read')
    await touch(path, text)
    await wasRead
    t.strictSame(begun, [])
    const again = once(noticed, 'read')
    await writeFile(path, JSON.stringify(seedOf(7)))
    await again
    t.strictSame(begun, [1], 'a real change is still seen')
  })
}

t.test(
  'what is broken in the same way is told once, and what is mended again without a new beginning',
  async (t) => {
    const { world, logged, write, path } = await watched(t)
    await world.replace(seedOf(7))
    t.match(await logged(() => write('{', 1)), { level: level.error })
    t.match(
      await logged(async () => {
        await utimes(path, new Date(), new Date(1e12))
        await write(JSON.stringify(seedOf(1)), 40)
      }),
      { level: level.info, msg: 'the seed is again as it was; nothing begins anew' },
    )
    t.strictSame(await world.toSeed(), seedOf(7))
  },
)

t.test('a file that is saved again just as broken is not told again', async (t) => {
  const path = join(t.testdir({ 'seed.json': JSON.stringify(seedOf(1)) }), 'seed.json')
  const stream = new PassThrough({ encoding: 'utf8' })
  const { log } = Fastify({ logger: { level: 'info', stream } })
  const noticed = new EventEmitter()
  const read = () => {
    // What follows a reading is done before the next one is told.
    const told = () => setImmediate(() => noticed.emit('read'))
    return readSeed(path).finally(told)
  }
  t.teardown(watchSeed(path, await readSeed(path), read, async () => {}, log))
  // By then the first look at the file has been had, too.
  await readSeed(path)
  for (const broken of ['{"a": 1', '{"a": 2']) {
    const wasRead = once(noticed, 'read')
    await writeFile(`${path}.new`, broken)
    await rename(`${path}.new`, path)
    await wasRead
  }
  t.equal(stream.read().trim().split('\n').length, 1)
})

// [state.watch]
t.test(
  'with a new seed every world begins anew whole: faults, delay, scenario and journal are gone',
  async (t) => {
    const path = join(t.testdir({ 'seed.json': JSON.stringify(seedOf(1)) }), 'seed.json')
    const mock = await createMock({ seed: path, watch: true, listen: false })
    t.teardown(() => mock.close())
    const worlds = [mock, mock.sandbox('a')]
    for (const world of worlds) {
      await world.fault({ status: 503 })
      await world.delay(1)
      await world.scenario('rate-limited')
      t.equal((await mock.fetch(`${world.url}/profiles`)).status, 401)
    }
    await writeFile(path, JSON.stringify(seedOf(5)))
    t.ok(await until(async () => (await mock.state()).profiles[0]?.id === 5))
    for (const { adminUrl, faults, requests } of worlds) {
      const shown = async (what: string) => (await mock.fetch(`${adminUrl}/${what}`)).json()
      t.strictSame([await faults(), await requests()], [[], []])
      t.match([await shown('settings'), await shown('scenario')], [{ delay: 0 }, { name: 'happy' }])
    }
  },
)

t.test('createMock with watch follows the file until it is closed', async (t) => {
  const path = join(
    t.testdir({ 'seed.yaml': 'personas: {}\nroles: []\nteams: []\nprofiles: []\n' }),
    'seed.yaml',
  )
  const mock = await createMock({ seed: path, watch: true, listen: false })
  t.teardown(() => mock.close())
  const ids = async () => (await mock.state()).profiles.map(({ id }) => id)
  t.strictSame(await ids(), [])
  await writeFile(path, 'personas: {}\nroles: []\nteams: []\nprofiles: [{ id: 5, settings: {} }]\n')
  // The file is looked at some times a second; each look of ours lets that happen.
  t.ok(await until(async () => (await ids()).length > 0))
  t.strictSame(await ids(), [5])
})

t.test('a seed that stays broken in the same way is told once', async (t) => {
  const { logged, write, reads } = await watched(t)
  t.match(await logged(() => write('{"personas" x', 1)), { level: level.error })
  const before = reads()
  const next = logged(async () => {
    await write('{"personas" x', 30)
    await until(() => reads() > before, Number.POSITIVE_INFINITY)
    await write(JSON.stringify(seedOf(4)), 60)
  })
  t.match(await next, { level: level.info }, 'nothing was said of the second one')
})
