import { isObject } from '../../values/json.ts'
import { isSecretKey, redacted } from '../../values/secrets.ts'

/** What no answer may show: what the contract calls write only, what signs people in, and a password by another name. */
export const isNeverShown = (key: string): boolean => isSecretKey(key) || /passw(or)?d/i.test(key)

/** A key whose value is not repeated: it may sign somebody in, or be what another service was told in confidence. */
const isKeptSecret = (key: string): boolean => isNeverShown(key) || /token|secret|cookie/i.test(key)

/** A value as a report may show it, which is found at this place of an answer. */
export function shownValue(value: unknown, what: string): unknown {
  return what.split(/[.[\]\s]+/).some(isKeptSecret) || isKeptSecret(what.replace(/^\w+\./, ''))
    ? redacted
    : withoutSecrets(value)
}

/** A copy with each secret replaced, in text that was to be JSON too. */
function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(pair, replaced)
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, isKeptSecret(key) ? redacted : withoutSecrets(entry)]),
  )
}

const pair = /"([^"\\]*)"(\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s",}\]]+)/g

const replaced = (whole: string, key: string, colon: string) =>
  isKeptSecret(key) ? `"${key}"${colon}"${redacted}"` : whole
