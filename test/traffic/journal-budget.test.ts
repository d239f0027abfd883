import t from 'tap'
import { createJournal } from '../../src/traffic/journal.ts'
import { createJournalBudget } from '../../src/traffic/journal-budget.ts'
import { callRecord } from '../support/call-record.ts'
import { heapInUse } from '../support/heap.ts'

/** Calls of about 100 kB in journals of one budget; each entry's `userId` counts on in its journal. */
function journalsOf(count: number, limit: number) {
  const budget = createJournalBudget(limit)
  const journals = Array.from({ length: count }, () => createJournal(budget))
  const added = new Map<number, number>()
  const add = (at: number, times = 1) => {
    for (let n = 0; n < times; n += 1) {
      added.set(at, (added.get(at) ?? 0) + 1)
      const bodyText = `"${Buffer.alloc(99_000, 'x')}"`
      journals[at]?.add(callRecord({ userId: added.get(at), bodyText }))
    }
  }
  const kept = () => journals.map((journal) => journal.list().map(({ userId }) => userId))
  return { journals, add, kept }
}

// [journal.limit]
t.test('the oldest entries of the largest journal make room for those of others', async (t) => {
  const { add, kept } = journalsOf(3, 1_000_000)
  add(0, 7)
  add(1, 2)
  add(2, 3)
  const newest = [3, 4, 5, 6, 7]
  t.strictSame(kept(), [newest, [1, 2], [1, 2, 3]])
})

t.test('a journal that grows on gives way to itself', async (t) => {
  const { add, kept } = journalsOf(2, 1_000_000)
  add(1, 2)
  add(0, 20)
  t.strictSame(kept(), [
    [13, 14, 15, 16, 17, 18, 19, 20],
    [1, 2],
  ])
})

t.test('the entry that was just written stays, even alone and larger than all may be', async (t) => {
  const { add, kept } = journalsOf(2, 50_000)
  add(0)
  t.strictSame(kept(), [[1], []])
  add(1)
  t.strictSame(kept(), [[], [1]])
  add(1)
  t.strictSame(kept(), [[], [2]])
})

t.test('what a clear or an end lets go is free for others', async (t) => {
  const { journals, add, kept } = journalsOf(3, 1_000_000)
  add(0, 5)
  add(1, 4)
  journals[0]?.clear()
  journals[1]?.close()
  add(1)
  add(2, 9)
  t.strictSame(kept(), [[], [], [1, 2, 3, 4, 5, 6, 7, 8, 9]])
})

t.test('broken calls that had to go for another journal are known as lost', async (t) => {
  const budget = createJournalBudget(300_000)
  const [one, other] = [createJournal(budget), createJournal(budget)]
  const bodyText = 'x'.repeat(100_000)
  one.add(
    callRecord({ status: 400, bodyText, violations: [{ rule: 'schema', message: 'a' }], violationCount: 1 }),
  )
  one.add(callRecord({ bodyText }))
  other.add(callRecord({ bodyText }))
  t.equal(one.lostViolations({}), 1)
  t.equal(one.count({}), 1)
})

t.test(
  '100 journals that are written in turn: the process grows by the budget, each keeps its newest',
  async (t) => {
    const limit = 20_000_000
    const before = heapInUse()
    const { journals, add } = journalsOf(100, limit)
    for (let round = 0; round < 20; round += 1) for (let at = 0; at < 100; at += 1) add(at)
    const grown = heapInUse() - before
    t.ok(grown < limit * 1.1, `${(grown / 1e6).toFixed(1)} MB`)
    t.ok(grown > limit * 0.8, `${(grown / 1e6).toFixed(1)} MB`)
    t.ok(journals.every((journal) => journal.list().at(-1)?.userId === 20))
  },
)
