import { getHeapSnapshot } from 'node:v8'
import t from 'tap'
import type { JournalMatch } from '../../schemas/journal.ts'
import { type CallRecord, contains, createJournal as createBoundJournal } from '../../src/traffic/journal.ts'
import { createJournalBudget } from '../../src/traffic/journal-budget.ts'
import { keptHeadersOf } from '../../src/values/redaction.ts'
import { callRecord as record } from '../support/call-record.ts'
import { heapInUse } from '../support/heap.ts'

const createJournal = (limit = Number.POSITIVE_INFINITY) => createBoundJournal(createJournalBudget(limit))

t.test('entries are listed newest last, numbered from 1, with their body as JSON', async (t) => {
  const journal = createJournal()
  journal.add(record({ bodyText: '{"a":[1]}' }))
  journal.add(record({ bodyText: '{"a":[1', bodyIsCut: true }))
  journal.add(record())
  const [first, second, third] = journal.list()
  t.match(first, { id: 1, body: { a: [1] } })
  t.match(second, { id: 2, body: '{"a":[1', bodyIsCut: true })
  const { url, bytes, outcomeBytes, ...shown } = record()
  t.strictSame(third, { ...shown, id: 3, at: '2026-01-01T00:00:00.000Z', headers: {} })
})

// [journal.bounds]
t.test('1,000 entries are kept, the oldest ones go first and ids go on', async (t) => {
  const journal = createJournal()
  for (let n = 0; n < 2500; n += 1) journal.add(record())
  const ids = journal.list().map(({ id }) => id)
  t.strictSame([ids.length, ids.at(0), ids.at(-1)], [1000, 1501, 2500])
  t.equal(journal.count({}), 1000)
})

t.test('clear forgets the entries, and ids begin with 1 again', async (t) => {
  const journal = createJournal()
  for (let n = 0; n < 3; n += 1) journal.add(record({ bodyText: `"${'x'.repeat(9_000_000)}"` }))
  journal.clear()
  t.strictSame(journal.list(), [])
  // A size that was not forgotten would leave room for one entry only.
  journal.add(record())
  journal.add(record())
  t.strictSame(
    journal.list().map(({ id }) => id),
    [1, 2],
  )
})

/** Characters as GET /requests would show them, in Mi. */
const shownSize = (journal: ReturnType<typeof createJournal>) =>
  JSON.stringify(journal.list()).length / 1024 / 1024

const message = 'm'.repeat(500)
const heavy: [what: string, changes: Partial<CallRecord>][] = [
  ['bodies', { bodyText: `"${'x'.repeat(64 * 1024 - 2)}"` }],
  ['bodies beyond Latin-1', { bodyText: `"${'→'.repeat(64 * 1024 - 2)}"` }],
  ['cut bodies', { bodyText: `"${'x'.repeat(64 * 1024)}`, bodyIsCut: true }],
  ['queries', { url: `/?${'q'.repeat(15 * 1024)}` }],
  ['paths', { path: `/${'p'.repeat(15 * 1024)}` }],
  ['reasons', { reason: 'r'.repeat(15 * 1024) }],
  ['headers', { headers: keptHeadersOf({ 'user-agent': 'u'.repeat(15 * 1024) }) }],
  [
    'violations',
    { violations: Array.from({ length: 1000 }, (_, index) => ({ index, rule: 'schema', message })) },
  ],
]

for (const [what, changes] of heavy) {
  t.test(`calls with long ${what} fill at most 16 MiB and some, and the newest are kept`, async (t) => {
    const journal = createJournal()
    for (let n = 1; n <= 1500; n += 1) journal.add(record({ ...changes, userId: n }))
    const size = shownSize(journal)
    t.ok(size < 18, `${size.toFixed(1)} Mi characters`)
    t.equal(journal.list().at(-1)?.userId, 1500)
  })
}

t.test(
  'of bodies in ASCII twice as many are kept as of bodies that take two bytes for a character',
  async (t) => {
    const kept = (character: string) => {
      const journal = createJournal()
      for (let n = 0; n < 600; n += 1) journal.add(record({ bodyText: `"${character.repeat(60_000)}"` }))
      return journal.count({})
    }
    const [ascii, latin1, wide] = [kept('x'), kept('ü'), kept('→')]
    t.ok(ascii > 270 && ascii < 280, `${ascii}`)
    t.equal(latin1, ascii)
    t.ok(Math.abs(wide - ascii / 2) <= 1, `${wide}`)
  },
)

t.test('headers count where they differ from those of the call before', async (t) => {
  const kept = (agent: (n: number) => string) => {
    const journal = createJournal()
    for (let n = 0; n < 1000; n += 1) {
      // As they come in: texts of their own for each call.
      const headers = keptHeadersOf({ 'user-agent': Buffer.from(agent(n)).toString() })
      journal.add(record({ headers }))
    }
    return journal.count({})
  }
  t.equal(
    kept(() => 'u'.repeat(15_000)),
    1000,
  )
  const differing = kept((n) => `${n}`.padEnd(15_000, 'u'))
  t.ok(differing > 500 && differing < 560, `${differing}`)
})

t.test('the headers that each of a thousand calls sent alike are kept once', async (t) => {
  const fill = () => {
    const journal = createJournal()
    for (let n = 0; n < 1000; n += 1) {
      const headers = keptHeadersOf({ 'user-agent': Buffer.from('u'.repeat(15_000)).toString() })
      journal.add(record({ headers }))
    }
    return journal
  }
  const before = heapInUse()
  const journals = [fill(), fill()]
  const grown = (heapInUse() - before) / 1e6
  t.ok(grown < 3, `${grown.toFixed(1)} MB`)
  t.equal(journals[1]?.list().at(-1)?.headers['user-agent']?.length, 15_000)
})

t.test('breaches count', async (t) => {
  const journal = createJournal()
  const breaches = [{ path: 'p', expected: 'e', got: 'g', message: 'm'.repeat(100_000) }]
  for (let n = 0; n < 300; n += 1) journal.add(record({ breaches }))
  t.ok(journal.count({}) < 100, `${journal.count({})}`)
})

t.test('an entry that alone is larger than the bound is kept until the next one comes', async (t) => {
  const journal = createJournal()
  journal.add(record())
  journal.add(record({ bodyText: `"${'x'.repeat(17 * 1024 * 1024)}"` }))
  t.strictSame(
    journal.list().map(({ id }) => id),
    [2],
  )
  journal.add(record())
  t.strictSame(
    journal.list().map(({ id }) => id),
    [3],
  )
})

const journal = createJournal()
journal.add(record({ userId: 1, bodyText: '{"profiles":[{"id":1,"lang":"de"},{"id":2,"lang":"en"}]}' }))
journal.add(record({ method: 'GET', path: '/api/mind/profile', userId: 2 }))
journal.add(
  record({
    status: 400,
    userId: 1,
    bodyText: '{"profiles":[{"id":2,"rawData":{"a":null,"b":[1,[2,3]]}}]}',
    violations: [{ rule: 'schema', message: 'a' }],
  }),
)
const { status: _none, ...dropped } = record({ bodyText: '{"profiles":[]', bodyIsCut: true })
journal.add(dropped)
journal.add(record({ bodyText: 'null', violations: [{ rule: 'unknown-key', message: 'a' }] }))

const finds: [match: JournalMatch, ids: number[]][] = [
  [{}, [1, 2, 3, 4, 5]],
  [{ method: 'PATCH' }, [1, 3, 4, 5]],
  [{ method: 'DELETE' }, []],
  [{ path: '/api/mind/profile' }, [2]],
  [{ path: '/api/mind' }, []],
  [{ status: 200 }, [1, 2, 5]],
  [{ status: 400 }, [3]],
  [{ userId: 1 }, [1, 3]],
  [{ violation: 'schema' }, [3]],
  [{ violation: 'unknown-key' }, [5]],
  [{ method: 'PATCH', status: 200, userId: 1 }, [1]],
  [{ method: 'GET', userId: 1 }, []],
  [{ body: {} }, [1, 3]],
  [{ body: { profiles: [] } }, [1, 3]],
  [{ body: { profiles: [{ id: 2 }] } }, [1, 3]],
  [{ body: { profiles: [{ id: 2, lang: 'en' }] } }, [1]],
  [{ body: { profiles: [{ lang: 'en' }, { lang: 'de' }] } }, [1]],
  [{ body: { profiles: [{ id: 1, lang: 'en' }] } }, []],
  [{ body: { profiles: [{ rawData: { a: null } }] } }, [3]],
  [{ body: { profiles: [{ rawData: { b: [[3]] } }] } }, [3]],
  [{ body: { profiles: {} } }, []],
  [{ body: { profile: [] } }, []],
  [{ body: null }, [5]],
  [{ body: 'x' }, []],
]

for (const [match, ids] of finds) {
  t.test(`${JSON.stringify(match)} finds ${ids.join(', ') || 'none'}, and counts as many`, async (t) => {
    t.strictSame(
      journal.find(match).map(({ id }) => id),
      ids,
    )
    t.equal(journal.count(match), ids.length)
  })
}

const parts: [value: unknown, part: unknown, isContained: boolean][] = [
  [1, 1, true],
  [1, '1', false],
  [0, false, false],
  [null, null, true],
  [undefined, null, false],
  [{ a: 1 }, null, false],
  [{ a: 1, b: 2 }, { b: 2 }, true],
  [{ a: 1 }, { a: undefined }, false],
  [{}, { toString: {} }, false],
  ['abc', 'b', false],
  ['abc', { length: 3 }, false],
  [[1, 2], { length: 2 }, false],
  [{ 0: 1 }, [1], false],
  [[1, 2, 3], [3, 1], true],
  [[1, 2, 3], [4], false],
  [[[1], [2]], [[2]], true],
  [[{ a: { b: 1, c: 2 } }], [{ a: { c: 2 } }], true],
]

for (const [value, part, isContained] of parts) {
  t.test(
    `${JSON.stringify(value)} ${isContained ? 'contains' : 'does not contain'} ${JSON.stringify(part)}`,
    async (t) => {
      t.equal(contains(value, part), isContained)
    },
  )
}

t.test('no secret of a body or a query is left in memory', async (t) => {
  const journal = createJournal()
  const word = ['hunter', 'gatherer'].join('-')
  const write = (n: number) => {
    const secret = `${word}-${n}`
    const bodyText = `{"profiles":[{"id":5,"Password":"${secret}"},{"rawData":{"t\\u006fken":["${secret}"]}}]}`
    journal.add(record({ bodyText }))
    journal.add(record({ bodyText: bodyText.slice(0, -20), bodyIsCut: true }))
    journal.add(record({ bodyText: `{"a":"open-${n}"}`, url: `/?limit=1&pass%77ord=${secret}` }))
  }
  for (let n = 0; n < 20; n += 1) write(n)
  // The engine remembers the text of the last match.
  t.ok(/^x$/.test('x'))
  heapInUse()
  const chunks: Buffer[] = []
  for await (const chunk of getHeapSnapshot()) chunks.push(chunk)
  const heap = Buffer.concat(chunks)
  const found = (text: string) =>
    Array.from({ length: 20 }, (_, n) => n).filter((n) => heap.includes(`${text}-${n}`))
  t.strictSame(found(word), [])
  t.equal(found('open').length, 20)
})

t.test('what holds no secret word is shown as it came', async (t) => {
  const journal = createJournal()
  journal.add(record({ url: '/?q=a+b&limit=1', bodyText: '{"a":  "\\n", "b": [1.50]}' }))
  t.match(journal.list()[0], { query: 'q=a+b&limit=1', body: { a: '\n', b: [1.5] } })
})

t.test('who subscribes is told of every later entry, over a clear, until they stop', async (t) => {
  const journal = createJournal()
  const told: [who: string, id: number][] = []
  journal.add(record())
  const stop = journal.subscribe(({ id }) => told.push(['a', id]))
  journal.subscribe(({ id }) => told.push(['b', id]))
  journal.add(record())
  journal.clear()
  stop()
  journal.add(record())
  t.strictSame(told, [
    ['a', 2],
    ['b', 2],
    ['b', 1],
  ])
})
