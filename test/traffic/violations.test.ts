import t from 'tap'
import type { Violation } from '../../schemas/journal.ts'
import { Violations, violationsHeader } from '../../src/traffic/violations.ts'

const violation = (message: string, index = 0): Violation => ({
  index,
  id: 1,
  path: 'lang',
  rule: 'schema',
  message,
})

function headerOf(...entries: Violation[]): string {
  const violations = new Violations()
  for (const entry of entries) violations.add(entry)
  return violationsHeader(violations)
}

const texts: [what: string, text: string][] = [
  ['umlauts', 'Jürgen Müller'],
  ['an arrow', 'a → b'],
  ['an emoji', 'grinning 😀 face'],
  ['a lone surrogate', 'high \ud83d alone, low \ude00 alone'],
  ['control characters', 'line\r\nSet-Cookie: a=b\u0000\u007f\u0085\u2028'],
  ['quotes and backslashes', '"quoted" \\u0041 \\'],
]

for (const [what, text] of texts) {
  t.test(`the header with ${what} is printable ASCII, and reads back the same`, async (t) => {
    const header = headerOf(violation(text))
    t.match(header, /^[\x20-\x7e]+$/)
    t.strictSame(JSON.parse(header), [violation(text)])
    t.doesNotThrow(() => new Headers({ 'x-mock-violations': header }))
  })
}

t.test('few violations are all there, in order and without a marker', async (t) => {
  const entries = [violation('a'), { rule: 'content-type', message: 'b' }, violation('c', 2)]
  t.strictSame(JSON.parse(headerOf(...entries)), entries)
  t.equal(headerOf(), '[]')
})

const lengths = [1, 10, 100, 500, 1000, 3000, 3900, 3950, 3960, 4000, 4096, 10_000]
for (const length of lengths) {
  t.test(
    `messages of ${length} characters: at most 4 KiB of valid JSON, and what did not fit is counted`,
    async (t) => {
      for (const count of [1, 2, 40, 41, 1000, 1001, 5000]) {
        const header = headerOf(
          ...Array.from({ length: count }, (_, index) => violation('x'.repeat(length), index)),
        )
        t.ok(header.length <= 4096, `${header.length} bytes`)
        const entries: Violation[] = JSON.parse(header)
        const shown = entries.filter(({ rule }) => rule !== 'truncated')
        t.strictSame(
          shown.map(({ index }) => index),
          shown.map((_, index) => index),
        )
        const marker =
          count > shown.length ? [{ rule: 'truncated', message: `${count - shown.length} more` }] : []
        t.strictSame(entries.slice(shown.length), marker)
      }
    },
  )
}

t.test('escaped characters count as the bytes they take', async (t) => {
  const header = headerOf(...Array.from({ length: 20 }, () => violation('😀'.repeat(50))))
  t.ok(header.length <= 4096 && header.length > 2048, `${header.length} bytes`)
  t.match(JSON.parse(header).at(-1), { rule: 'truncated' })
})

t.test('the first 1,000 violations are kept, all are counted, also when lists are joined', async (t) => {
  const many = (count: number, message: string) => {
    const violations = new Violations()
    for (let index = 0; index < count; index += 1) violations.add(violation(message, index))
    return violations
  }
  const [first, second] = [many(999, 'first'), many(1500, 'second')]
  t.strictSame([second.kept.length, second.count], [1000, 1500])
  first.addAll(second)
  t.strictSame([first.kept.length, first.count], [1000, 2499])
  t.strictSame(first.kept.at(-1), violation('second', 0))
  first.addAll(second)
  t.strictSame([first.kept.length, first.count], [1000, 3999])
  const short = many(2, 'a')
  short.addAll(many(3, 'b'))
  t.strictSame([short.kept.length, short.count], [5, 5])
})
