import t from 'tap'
import type { StoredProfile } from '../../schemas/seed.ts'
import { sizeOfOutcome } from '../../src/traffic/call-outcome.ts'
import { createJournal } from '../../src/traffic/journal.ts'
import { createJournalBudget } from '../../src/traffic/journal-budget.ts'
import { savedCase } from '../../src/traffic/saved-case.ts'
import { callRecord } from '../support/call-record.ts'
import { heapInUse } from '../support/heap.ts'
import { profileWith } from '../support/seeds.ts'

const changed = (rawData: Record<string, unknown>) => ({
  before: [profileWith(5)],
  after: [profileWith(5, { rawData })],
})

t.test(
  'what an outcome takes grows with the answer, the profiles, the body and the copied objects',
  async (t) => {
    const size = sizeOfOutcome
    t.equal(size({}), 0)
    t.equal(size({ answerText: 'x'.repeat(1000) }), 2000)
    const one = size({ before: [profileWith(5)], after: [profileWith(5)] })
    t.ok(one > 0)
    t.equal(
      size({ before: [profileWith(5), profileWith(6)], after: [profileWith(5), profileWith(6)] }),
      2 * one,
    )
    t.equal(size({ before: [profileWith(5)], after: [profileWith(5)], bodyLength: 1000 }), one + 2000)
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key ${n}`, { n }]))
    const merged = { ...wide, 'key 1': { n: 2 } }
    const copied = size({
      before: [profileWith(5, { rawData: wide })],
      after: [profileWith(5, { rawData: merged })],
    })
    t.ok(copied > one + 10_000 * 8, 'the copied object counts')
    t.ok(copied < one + 10_000 * 32, 'what it shares does not')
  },
)

// [journal.outcome-bounds]
t.test('what came of the oldest calls goes before any call, and the newest keeps its own', async (t) => {
  const journal = createJournal(createJournalBudget(1_000_000))
  for (let n = 0; n < 30; n += 1) {
    journal.add(callRecord({ answerText: `"${'x'.repeat(50_000)}"`, ...changed({ n }) }))
  }
  const kept = journal.list().map(({ id }) => journal.detail(id)?.answer !== undefined)
  t.equal(kept.length, 30, 'no call went')
  t.strictSame(kept, [...Array(kept.length - 9).fill(false), ...Array(9).fill(true)])
  t.match(journal.detail(1), { changes: [], changed: undefined })
  t.match(journal.detail(30), { changes: [{ id: 5, differences: [{ path: 'rawData' }] }], changed: 1 })
  t.strictSame(journal.outcome(1).after, undefined)
  t.match(savedCase(journal, 1, { basePath: '', personas: {} }), { refused: /answer is no longer kept/ })
})

// [journal.outcome-bounds]
t.test('what came of calls takes a quarter of a journal, or what the newest call alone takes', async (t) => {
  const journal = createJournal(createJournalBudget(Number.POSITIVE_INFINITY))
  const add = (bodyLength: number) => journal.add(callRecord({ ...changed({ a: 1 }), bodyLength }))
  const withOutcome = () => journal.list().flatMap(({ id, changed }) => (changed === 1 ? [id] : []))
  for (let n = 0; n < 5; n += 1) add(500_000)
  t.strictSame(withOutcome(), [2, 3, 4, 5])
  add(7_000_000)
  t.strictSame(withOutcome(), [6])
  add(500_000)
  t.strictSame(withOutcome(), [7])
  t.equal(journal.list().length, 7, 'no call went')
  journal.clear()
  for (let n = 0; n < 5; n += 1) add(500_000)
  t.strictSame(withOutcome(), [2, 3, 4, 5])
})

t.test('an answer is shown without secrets, and as far as it is kept', async (t) => {
  const journal = createJournal(createJournalBudget(Number.POSITIVE_INFINITY))
  const many = JSON.stringify(Array(5000).fill({ token: 1 }))
  journal.add(callRecord({ answerText: '[{"password":"hush"},{"a', answerIsCut: true }))
  journal.add(callRecord({ answerText: many }))
  t.match(journal.detail(1), { answer: '[{"password":"[redacted]"},{"a', answerIsCut: true })
  t.match(journal.detail(2), { answer: /^\[{"token":"\[redacted]"},/, answerIsCut: true })
})

t.test('an entry that takes the place of an undone one is not undone', async (t) => {
  const journal = createJournal(createJournalBudget(Number.POSITIVE_INFINITY))
  journal.add(callRecord(changed({ a: 1 })))
  journal.markUndone(1)
  for (let n = 0; n < 1000; n += 1) journal.add(callRecord())
  t.equal(journal.detail(1), undefined)
  t.notOk(journal.list().some(({ isUndone }) => isUndone))
})

t.test('an outcome that is larger than a journal is not kept; the call is', async (t) => {
  const journal = createJournal(createJournalBudget(Number.POSITIVE_INFINITY))
  journal.add(callRecord())
  journal.add(callRecord({ ...changed({ a: 1 }), bodyLength: 20_000_000 }))
  t.equal(journal.list().length, 2)
  t.strictSame(journal.detail(2)?.changes, [])
})

t.test('calls that each replace much cost a bounded amount of memory', async (t) => {
  const journal = createJournal(createJournalBudget(Number.POSITIVE_INFINITY))
  let before: StoredProfile = profileWith(5)
  const add = (times: number) => {
    for (let n = 0; n < times; n += 1) {
      const text = Buffer.alloc(500_000, 'x').toString()
      const after = profileWith(5, { rawData: { text } })
      journal.add(callRecord({ before: [before], after: [after], bodyLength: text.length }))
      before = after
    }
    return heapInUse() + process.memoryUsage().external
  }
  const early = add(50)
  const late = add(300)
  t.ok(late - early < 20e6, `${((late - early) / 1e6).toFixed(0)} MB more for 150 MB`)
})
