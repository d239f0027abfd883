/**
 * Keys whose values are never kept or repeated, wherever they were sent: what the contract calls write only, and what
 * signs people in.
 */
const secretKeys = new Set([
  'password',
  'image',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'authtoken',
  'csrftoken',
  'jwt',
  'sessionid',
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'connectsid',
  'apikey',
  'clientsecret',
])

/** Stands where a secret was. */
export const redacted = '[redacted]'

const separators = /[-_.\s[\]]+/g

/** [secret.spelling] Compared without case, separators and brackets: `access-token`, `access_token[]`, `AccessToken`. */
export const isSecretKey = (key: string): boolean => secretKeys.has(key.replace(separators, '').toLowerCase())

/** The same of a key that may be a path of keys: `user[password]`, `user.connect.sid`. */
export const isSecretPath = (path: string): boolean =>
  isSecretKey(path) || [/[[\]]+/, /[.[\]]+/].some((joint) => path.split(joint).some(isSecretKey))

/** Three parts, the first of which says what it is: `{"` in base64. A signature may be missing. Bounds keep a long text cheap. */
const jwtLike = /\bey[A-Za-z0-9_-]{8,1000}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*/g

/** [journal.jwt] A text, without what looks like a token. */
export const withoutJwt = (text: string): string =>
  text.includes('ey') ? text.replace(jwtLike, redacted) : text

/** A header's text, without what looks like a token and without parameters such as `token=…`. */
export const withoutSecretParameters = (text: string): string =>
  withoutJwt(text).replace(
    /([\w.[\]-]{1,40})(\s{0,3}=\s{0,3})("[^"]*"|[^\s;,&]*)/g,
    (whole, name: string, equals: string) => (isSecretPath(name) ? name + equals + redacted : whole),
  )

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
