import t from 'tap'
import { keepResetting, lastReset, nextReset } from '../../src/demo/resets.ts'
import { createMemoryStore } from '../../src/stores/memory-store.ts'
import { createSandboxes } from '../../src/traffic/sandboxes.ts'
import { seedWith } from '../support/seeds.ts'

t.test('a reset that fails is told and tried again', async (t) => {
  // A moment before a full minute.
  const ahead = nextReset(Date.now(), 1) - Date.now() - 20
  const now = () => Date.now() + ahead
  const seed = seedWith()
  const sandboxes = await createSandboxes(
    createMemoryStore(seed),
    { maxSandboxes: 1, journalLimit: 1e6 },
    now,
  )
  const asked: number[] = []
  const told: object[] = []
  await new Promise<void>((renewed) => {
    const renew = async (_seed: object, at: number) => {
      asked.push(at)
      if (asked.length === 2) throw new Error('the store is away')
      if (asked.length === 3) renewed()
      return true
    }
    const log = { warn: (about: object) => told.push(about) }
    keepResetting({ ...sandboxes, renew }, seed, 1, log).then(({ stop }) => t.teardown(stop))
    // What waits keeps no process running.
    const alive = setInterval(() => {}, 1000)
    t.teardown(() => clearInterval(alive))
  })
  const due = lastReset(now(), 1)
  t.strictSame([asked, told], [[due - 60_000, due, due], [{ reason: 'the store is away' }]])
})
