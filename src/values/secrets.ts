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

/** [secret.raw-data] A copy without secret keys at any depth; `found` is told the path of each. */
export function withoutSecrets(value: unknown, at: string, found: (path: string) => void): unknown {
  if (Array.isArray(value))
    return value.map((entry, index) => withoutSecrets(entry, `${at}[${index}]`, found))
  if (typeof value !== 'object' || value === null) return value
  const kept: [string, unknown][] = []
  for (const [key, entry] of Object.entries(value)) {
    const path = `${at}.${key}`
    if (isSecretKey(key)) found(path)
    else kept.push([key, withoutSecrets(entry, path, found)])
  }
  return Object.fromEntries(kept)
}
