import type { TSchema } from '@sinclair/typebox'
import { AuthProfile } from '../../../schemas/auth-profile.ts'
import { Settings } from '../../../schemas/mind-profile.ts'
import type { Operation } from '../../../schemas/operation.ts'
import { operations } from '../../../schemas/operations.ts'
import { isObject, parsed } from './json.ts'
import { operationOf } from './operation-of.ts'
import type { WireRequest } from './wire.ts'

/**
 * Whether a request can change nothing, however lax the server is that gets it: it may skip sign-in, repair broken JSON
 * or take the first of two keys. So the text itself is looked at, not what one parser makes of it.
 */
export function isHarmless(request: WireRequest): boolean {
  if (!hasKnownHeaders(request)) return false
  if (request.method === 'GET')
    return request.body === undefined && operationOf(request) !== undefined && hasDocumentedQuery(request)
  return request.method === 'PATCH' && request.path === '/profiles' && holdsNoItem(request.body ?? '')
}

/**
 * Nothing is left beside the word `profiles` but brackets, quotes and blanks, and no list holds anything. Without a digit
 * there is no id in it, without a word no field.
 */
function holdsNoItem(text: string): boolean {
  const rest = text.replace(/\b(profiles|null|true|false)\b/g, (word) => (word === 'profiles' ? '' : '_'))
  return /^[\s{}[\]"':,_]*$/.test(rest) && !/\[\s*[^\s\]]/.test(rest)
}

/** Whether a request with items is aimed at this profile and at no other, whatever of it a server believes. */
export function namesOnly(request: WireRequest, id: number): boolean {
  if (request.method !== 'PATCH' || !hasKnownHeaders(request)) return false
  const isSingle = request.path === `/profile/${id}`
  if (!isSingle && !isBulkPath(request.path)) return false
  const body = parsed(request.body ?? '')
  if (body === undefined) return isSingle && (request.body ?? '') === ''
  const items = itemsIn(body.value)
  const hasIds = items.length > 0 && items.every((item) => isObject(item) && Object.hasOwn(item, 'id'))
  return (isSingle || hasIds) && keysAreSafe(request.body as string, body.value, id)
}

/** Frameworks that are not strict take these for the same path. */
export const isBulkPath = (path: string): boolean => /^\/profiles\/?$/i.test(path)

const queryOfReads = new Set(operations.flatMap((operation) => keysOf((operation as Operation).query)))

/** A name that no read documents could mean anything, such as another method; updates document none. */
export function hasDocumentedQuery({ method, path }: Pick<WireRequest, 'method' | 'path'>): boolean {
  const [, ...query] = path.split('?')
  if (query.length === 0) return true
  // Some servers part a query at semicolons too.
  const names = [...new URLSearchParams(query.join('&').replaceAll(';', '&')).keys()]
  return method === 'GET' && names.every((name) => queryOfReads.has(name.replace(/\[\]$/, '')))
}

/** Keys of a schema at any depth. */
function keysOf(schema?: TSchema): string[] {
  return Object.entries<TSchema>(schema?.properties ?? {}).flatMap(([key, part]) => [key, ...keysOf(part)])
}

/** Keys that name something by its id, and by the documents never the profile that is written to. */
const knownIdKeys = new Set([...keysOf(AuthProfile), ...keysOf(Settings)])

/**
 * Every key `id` at any depth is this one, no other key could be taken for one, none of them and no list of profiles
 * stands twice, and none reaches beyond the document.
 */
function keysAreSafe(text: string, value: unknown, id: number): boolean {
  let ids = 0
  let isSafe = true
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    for (const [key, entry] of Object.entries(part)) {
      if (key === 'id') ids++
      if (key === 'id' && entry !== id && entry !== String(id)) isSafe = false
      if (key === '__proto__' || key === 'prototype') isSafe = false
      look(entry)
    }
  }
  look(value)
  // A parser keeps the last of two keys; the text has both.
  const inText = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, key = '']) => key)
  const lists = isObject(value) && Object.hasOwn(value, 'profiles') ? 1 : 0
  return (
    isSafe &&
    inText(/"(id)"/gi).length === ids &&
    inText(/"(profiles)"/gi).length === lists &&
    inText(/"([^"]*ids?[^a-z"]*)"\s*:/gi).every((key) => knownIdKeys.has(key)) &&
    // A letter written as an escape could hide a second one.
    !/\\u00[2-7]/i.test(text)
  )
}

/** What a server could take for the items of a bulk update. */
export function itemsIn(body: unknown): unknown[] {
  if (Array.isArray(body)) return body
  if (!isObject(body) || !Object.hasOwn(body, 'profiles')) return []
  const { profiles } = body as { profiles: unknown }
  return Array.isArray(profiles) ? profiles : [profiles]
}

/** A header of another name could mean anything, such as another method. */
const knownHeaders = new Set([
  'accept',
  'authorization',
  'content-type',
  'cookie',
  'origin',
  'x-enneo-on-behalf-of',
])

const hasKnownHeaders = ({ headers }: WireRequest) =>
  Object.keys(headers).every((name) => knownHeaders.has(name.toLowerCase()))
