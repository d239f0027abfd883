import { FormatRegistry } from '@sinclair/typebox'

/** [item.image] Standard base64 with padding, in one line (A: the document names the format and says no more). */
export function isBase64(text: string): boolean {
  const padding = text.indexOf('=')
  return (
    text.length % 4 === 0 &&
    !/[^A-Za-z0-9+/=]/.test(text) &&
    (padding === -1 || (padding >= text.length - 2 && text.endsWith('=')))
  )
}

FormatRegistry.Set('base64', isBase64)
// [item.last-seen] Read only in words, so any text passes: it is type-checked and then ignored.
FormatRegistry.Set('DateTime', () => true)
