/**
 * The text of a document, decoded once: UTF-8, or UTF-16 with a byte order mark, as PowerShell 5.1 writes it. The mark is
 * left out. @throws {TypeError} for bytes that are neither
 */
export function documentText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return 'utf-8'
}
