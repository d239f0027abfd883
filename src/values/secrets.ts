/**
 * Keys whose values are never kept or repeated, wherever they were sent: what the contract calls write only, and what
 * signs people in.
 */
const secretKeys = new Set([
  'password',
  'image',
  'token',
  'accesstoken',
  'access_token',
  'authorization',
  'cookie',
  'connect.sid',
])

/** Stands where a secret was. */
export const redacted = '[redacted]'

export const isSecretKey = (key: string): boolean => secretKeys.has(key.toLowerCase())

const words = [...secretKeys].map((key) => key.replace('.', '\\.')).join('|')
// With the flag u as well: only then letters such as the Kelvin sign count as their small ones, as they do for toLowerCase.
const wordOrEscape = new RegExp(`${words}|\\\\u`, 'iu')
const wordOrPercent = new RegExp(`${words}|%`, 'iu')

/** Whether a JSON text may have a secret key: it holds one of the words, or an escape that may spell one. */
export const mayHoldSecret = (json: string): boolean => wordOrEscape.test(json)

/** The same of a query string. */
export const mayQuerySecret = (query: string): boolean => wordOrPercent.test(query)

/** Whether a JSON value has a secret key, at any depth. */
export function hasSecretKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  for (const key in value) {
    if ((!Array.isArray(value) && isSecretKey(key)) || hasSecretKey(value[key as never])) return true
  }
  return false
}

/** [secret.raw-data] The value without secret keys at any depth; `found` is told the path of each. */
export function withoutSecrets(value: unknown, at: string, found: (path: string) => void): unknown {
  // Most have none, and then nothing is copied and no path is put together.
  return hasSecretKey(value) ? copyWithoutSecrets(value, at, found) : value
}

function copyWithoutSecrets(value: unknown, at: string, found: (path: string) => void): unknown {
  if (Array.isArray(value))
    return value.map((entry, index) => copyWithoutSecrets(entry, `${at}[${index}]`, found))
  if (typeof value !== 'object' || value === null) return value
  const kept: [string, unknown][] = []
  for (const [key, entry] of Object.entries(value)) {
    const path = `${at}.${key}`
    if (isSecretKey(key)) found(path)
    else kept.push([key, copyWithoutSecrets(entry, path, found)])
  }
  return Object.fromEntries(kept)
}
