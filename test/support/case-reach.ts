import type { TSchema } from '@sinclair/typebox'
import { AuthProfile } from '../../schemas/auth-profile.ts'
import { ProfileSettings } from '../../schemas/mind-profile.ts'
import type { Operation } from '../../schemas/operation.ts'
import { operations } from '../../schemas/operations.ts'
import { textOf } from '../../src/checks/case-request.ts'
import type { Case, CaseRequest } from '../../src/checks/cases.ts'

/** Whom a request could change at a server that is as lax as can be: nobody, one profile, or why neither is sure. */
export type Reach = 'nobody' | 'target' | { unsure: string }

/**
 * A lax server may skip sign-in, repair broken JSON or take the first of two keys. So the text itself is looked at, not
 * what one parser makes of it. Ids must be bound.
 */
export function reachOf({ before = [], request }: Pick<Case, 'before' | 'request'>, target: number): Reach {
  const reaches = [...before, request].map((one) => reachOfRequest(one, target))
  return (
    reaches.find((reach) => typeof reach === 'object') ?? (reaches.includes('target') ? 'target' : 'nobody')
  )
}

const unsure = (why: string): Reach => ({ unsure: why })

const elsewhere = 'has an item for nobody, or for another profile'

/** A header of another name could mean anything, such as another method. */
const knownHeaders = /^(accept|authorization|content-type|cookie|origin|x-enneo-on-behalf-of)$/

function reachOfRequest(request: CaseRequest, target: number): Reach {
  const { method = 'PATCH', path = '/profiles', headers = {} } = request
  const text = textOf(request) ?? ''
  const stranger = Object.keys(headers).find((name) => !knownHeaders.test(name.toLowerCase()))
  const isDocumented = operations.some((one) => one.method === method && isPathOf(one, path))
  if (method !== 'GET' && method !== 'PATCH') return unsure(`uses ${method}: only GET and PATCH are sent`)
  if (stranger !== undefined) return unsure(`sends the header ${stranger}`)
  if (!isDocumented && !isBulkPath(path)) return unsure('is about a path that is not documented')
  if (!hasDocumentedQuery(method, path)) return unsure('sends a query that is not documented')
  if (method === 'GET') return text === '' ? 'nobody' : unsure('sends a body with GET')
  if (path === '/profiles' && holdsNoItem(text)) return 'nobody'
  const isSingle = path === `/profile/${target}`
  if (!isSingle && !isBulkPath(path)) return unsure(elsewhere)
  return isSingle && text === '' ? 'target' : reachOfItems(text, isSingle, target)
}

const isPathOf = ({ path: template }: Operation, path: string) =>
  new RegExp(`^${template.replace('{id}', '[\\w-]+')}$`).test(path.split('?')[0] ?? '')

/** Frameworks that are not strict take these for the same path. */
const isBulkPath = (path: string): boolean => /^\/profiles\/?$/i.test(path)

/** A name that no read documents could mean anything, such as another method; updates document none. */
function hasDocumentedQuery(method: string, path: string): boolean {
  const [, ...query] = path.split('?')
  if (query.length === 0) return true
  // Some servers part a query at semicolons too.
  const names = [...new URLSearchParams(query.join('&').replaceAll(';', '&')).keys()]
  return method === 'GET' && names.every((name) => queryOfReads.has(name.replace(/\[\]$/, '')))
}

/** Keys of a schema at any depth. */
const keysOf = (schema?: TSchema): string[] =>
  Object.entries<TSchema>(schema?.properties ?? {}).flatMap(([key, part]) => [key, ...keysOf(part)])

const queryOfReads = new Set(operations.flatMap(({ query }) => keysOf(query)))

/**
 * Nothing is left beside the word `profiles` but brackets, quotes and blanks, and no list holds anything. Without a digit
 * there is no id in it, without a word no field.
 */
function holdsNoItem(text: string): boolean {
  const rest = text.replace(/\b(profiles|null|true|false)\b/g, (word) => (word === 'profiles' ? '' : '_'))
  return /^[\s{}[\]"':,_]*$/.test(rest) && !/\[\s*[^\s\]]/.test(rest)
}

function reachOfItems(text: string, isSingle: boolean, target: number): Reach {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return unsure('has items in text that cannot be parsed')
  }
  const lists = isObject(value) && Object.hasOwn(value, 'profiles') ? 1 : 0
  const items = lists === 1 ? [(value as { profiles: unknown }).profiles].flat() : [value].flat()
  const ids = new Set(items.map((item) => (isObject(item) ? item.id : undefined)))
  if (!isSingle && ids.size > 1) return unsure('has items for several profiles')
  if (!isSingle && (ids.size === 0 || ids.has(undefined)))
    return unsure('has an item without an id, which is aimed at nobody')
  if (!isSingle && ![...ids].every((id) => String(id) === String(target))) return unsure(elsewhere)
  return keysAreSafe(text, value, lists, target)
    ? 'target'
    : unsure('holds something that a lax server could take for another profile')
}

/** Keys that name something by its id, and by the documents never the profile that is written to. */
const knownIdKeys = new Set([...keysOf(AuthProfile), ...keysOf(ProfileSettings)])

/**
 * Every key `id` at any depth is the target, no other key could be taken for one, none of them and no list of profiles
 * stands twice, and none reaches beyond the document.
 */
function keysAreSafe(text: string, value: unknown, lists: number, target: number): boolean {
  let ids = 0
  let isSafe = true
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    for (const [key, entry] of Object.entries(part)) {
      if (key === 'id') ids++
      if (key === 'id' && entry !== target && entry !== String(target)) isSafe = false
      if (key === '__proto__' || key === 'prototype') isSafe = false
      look(entry)
    }
  }
  look(value)
  // A parser keeps the last of two keys; the text has both.
  const inText = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, key = '']) => key)
  return (
    isSafe &&
    inText(/"(id)"/gi).length === ids &&
    inText(/"(profiles)"/gi).length === lists &&
    inText(/"([^"]*ids?[^a-z"]*)"\s*:/gi).every((key) => knownIdKeys.has(key)) &&
    // A letter written as an escape could hide a second one.
    !/\\u00[2-7]/i.test(text)
  )
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
