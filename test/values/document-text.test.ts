import t from 'tap'
import { documentText } from '../../src/values/document-text.ts'

const text = '{"name":"Jürgen → 😀"}'
const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')

const documents: [what: string, bytes: Buffer][] = [
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16 as PowerShell 5.1 writes it', utf16],
  ['UTF-16, big end first', Buffer.from(utf16).swap16()],
]

for (const [what, bytes] of documents) {
  t.test(`a document in ${what} is read`, async (t) => t.equal(documentText(bytes), text))
}

const others: [what: string, bytes: Buffer][] = [
  ['Latin-1', Buffer.from('{"name":"Jürgen"}', 'latin1')],
  ['UTF-8 that ends within a character', Buffer.from('ü').subarray(0, 1)],
  ['half a character of UTF-16', utf16.subarray(0, -1)],
]

for (const [what, bytes] of others) {
  t.test(`a document in ${what} is refused`, async (t) => t.throws(() => documentText(bytes), TypeError))
}

t.test('an empty document is an empty text', async (t) => t.equal(documentText(Buffer.alloc(0)), ''))
