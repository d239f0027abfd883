import { deepestData } from '../depth.ts'
import { isSecretKey, redacted } from '../secrets.ts'

/**
 * A JSON value as text, without the values of secret keys, of at most about `limit` characters: a longer one is cut,
 * which makes it text that is no JSON any more.
 */
export function redactedJson(value: unknown, limit: number): { text: string; isCut: boolean } {
  const parts: string[] = []
  let left = limit
  let isCut = false
  const write = (part: string) => {
    isCut ||= part.length > left
    parts.push(part.slice(0, left))
    left -= Math.min(left, part.length)
  }
  const walk = (entry: unknown, levels: number): void => {
    if (isCut) return
    if (typeof entry !== 'object' || entry === null) {
      write(JSON.stringify(entry))
      return
    }
    if (levels === 0) {
      write('"[deeper data]"')
      return
    }
    const isList = Array.isArray(entry)
    let separator = isList ? '[' : '{'
    for (const key in entry) {
      if (isCut) return
      write(isList ? separator : `${separator}${JSON.stringify(key)}:`)
      walk(!isList && isSecretKey(key) ? redacted : entry[key as never], levels - 1)
      separator = ','
    }
    write(separator === ',' ? (isList ? ']' : '}') : isList ? '[]' : '{}')
  }
  walk(value, deepestData * 2)
  return { text: parts.join(''), isCut }
}

/** A query string, with the values of secret keys replaced. */
export function redactedQuery(url: string): string {
  const start = url.indexOf('?')
  if (start === -1) return ''
  const query = new URLSearchParams(url.slice(start + 1))
  for (const key of new Set(query.keys())) {
    if (key.split(/[[\].]+/).some(isSecretKey) || isSecretKey(key)) query.set(key, redacted)
  }
  return query.toString()
}

/** Headers that tell what a client is and wants; every other one is left out, so that no secret can be among them. */
const shownHeaders = [
  'accept',
  'accept-language',
  'content-length',
  'content-type',
  'origin',
  'prefer',
  'user-agent',
  'x-enneo-on-behalf-of',
  'x-mock-sandbox',
]

export function shownHeadersOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const name of shownHeaders) {
    if (headers[name] !== undefined) shown[name] = String(headers[name])
  }
  return shown
}
