import t from 'tap'
import type { JournalMatch } from '../../schemas/journal.ts'
import { type CallRecord, contains, createJournal } from '../../src/traffic/journal.ts'
import { keptHeadersOf } from '../../src/values/redaction.ts'

const record = (changes: Partial<CallRecord> = {}): CallRecord => ({
  at: Date.parse('2026-01-01T00:00:00.000Z'),
  method: 'PATCH',
  url: '/api/mind/profiles',
  path: '/api/mind/profiles',
  headers: keptHeadersOf({}),
  status: 200,
  violations: [],
  violationCount: 0,
  ...changes,
})

t.test('entries are listed newest last, numbered from 1, with their body as JSON', async (t) => {
  const journal = createJournal()
  journal.add(record({ bodyText: '{"a":[1]}' }))
  journal.add(record({ bodyText: '{"a":[1', bodyIsCut: true }))
  journal.add(record())
  const [first, second, third] = journal.list()
  t.match(first, { id: 1, body: { a: [1] } })
  t.match(second, { id: 2, body: '{"a":[1', bodyIsCut: true })
  const { url, ...shown } = record()
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
  ['cut bodies', { bodyText: '"'.repeat(64 * 1024), bodyIsCut: true }],
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
