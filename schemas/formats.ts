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

/** Date, time and offset (RFC 3339), such as 2030-01-31T08:00:00Z, of a day that there is. */
export function isDateTime(text: string): boolean {
  const day = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.exec(text)?.[1]
  if (day === undefined || Number.isNaN(Date.parse(text))) return false
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}

FormatRegistry.Set('base64', isBase64)
FormatRegistry.Set('date-time', isDateTime)
FormatRegistry.Set('path', (text) => /^\/[^?#\s]*$/.test(text))
// [item.last-seen] Read only in words, so any text passes: it is type-checked and then ignored.
FormatRegistry.Set('DateTime', () => true)

const dateTime =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:[ T]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/

/** [get-profiles.last-seen-zone] Milliseconds since 1970 of a date-time as the vendor writes them, without a zone (P); read
 * as UTC (A). NaN for others. */
export function instantOf(text: string): number {
  const [, day, time = '00:00', zone = 'Z'] = dateTime.exec(text) ?? []
  return day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone}`)
}

/** Pattern of a date-time or a word. */
export const dateTimeOr = (word: string) => `^${word}$|${dateTime.source}`
