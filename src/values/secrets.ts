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

const separators = /[-_. [\]]/g

/** [secret.spelling] Compared without case, separators and brackets: `access-token`, `access_token[]`, `AccessToken`. */
export const isSecretKey = (key: string): boolean => secretKeys.has(key.replace(separators, '').toLowerCase())

/** The same of a key that may be a path of keys: `user[password]`, `user.connect.sid`. */
export const isSecretPath = (path: string): boolean =>
  isSecretKey(path) || [/[[\]]/, /[.[\]]/].some((joint) => path.split(joint).some(isSecretKey))

/** Three parts, the first of which says what it is: `{"` in base64. A signature may be missing. Bounds keep a long text cheap. */
const jwtLike = /\bey[A-Za-z0-9_-]{8,1000}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*/g

/** [journal.jwt] A text, without what looks like a token. */
export const withoutJwt = (text: string): string =>
  text.includes('ey') ? text.replace(jwtLike, redacted) : text

const parameterName = /([\w.[\]-]{1,40})\s{0,3}=\s{0,3}/g
const parameterValue = /"[^"]*"|[^\s;,&]*/y

/**
 * A header's text, or a value of a query, without what looks like a token and without parameters such as `token=…`, also where they are part of
 * the value of another one.
 */
export function withoutSecretParameters(text: string): string {
  const whole = withoutJwt(text)
  const shown: string[] = []
  let from = 0
  for (let found = parameterName.exec(whole); found; found = parameterName.exec(whole)) {
    if (!isSecretPath(found[1] as string)) continue
    shown.push(whole.slice(from, parameterName.lastIndex), redacted)
    parameterValue.lastIndex = parameterName.lastIndex
    parameterValue.test(whole)
    from = parameterValue.lastIndex
    parameterName.lastIndex = from
  }
  return shown.join('') + whole.slice(from)
}

// A word that another one is part of needs no look of its own.
const shortest = [...secretKeys].filter(
  (key) => ![...secretKeys].some((part) => part !== key && key.includes(part)),
)
const words = shortest.map((key) => [...key].join('[-_.+ [\\]]*')).join('|')
const jwtStart = 'ey[A-Za-z0-9_-]{8}'
// With the flag u as well: only then letters such as the Kelvin sign count as their small ones, as they do for toLowerCase.
const wordOrEscape = new RegExp(`${words}|${jwtStart}|\\\\u`, 'iu')
const wordOrPercent = new RegExp(`${words}|${jwtStart}|%`, 'iu')

/** Whether a JSON text may have a secret key: it holds one of the words, the start of a JWT, or an escape that may spell one. */
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
