import t from 'tap'
import { visible } from '../../src/values/visible.ts'

const texts: [what: string, text: string, shown: string][] = [
  ['a terminal escape', '\u001b[2J', '\\u001b[2J'],
  ['a new line', 'one\r\ntwo', 'one\\u000d\\u000atwo'],
  ['a tab', '\t', '\\u0009'],
  ['delete', '\u007f', '\\u007f'],
  ['an escape of one byte', '\u009b2J', '\\u009b2J'],
  ['the line ends of Unicode', '\u2028\u2029', '\\u2028\\u2029'],
  ['turned reading', '\u202a\u202e\u2066\u2069\u200e\u200f', '\\u202a\\u202e\\u2066\\u2069\\u200e\\u200f'],
]

for (const [what, text, shown] of texts) {
  t.test(`what is shown of ${what} is how it is written`, async (t) => {
    t.equal(visible(text), shown)
  })
}

t.test('text in any language is shown as it is', async (t) => {
  const plain = 'Müller, 名前, שם, 👩‍💻, \\n and `ticks`'
  t.equal(visible(plain), plain)
})
