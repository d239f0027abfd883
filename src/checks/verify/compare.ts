import { isDeepStrictEqual } from 'node:util'
import type { TSchema } from '@sinclair/typebox'
import { operations } from '../../../schemas/operations.ts'
import { isObject, type JsonObject } from '../../values/json.ts'
import type { Case } from '../cases.ts'
import { parsed } from './parsed.ts'
import type { WireAnswer } from './wire.ts'
import { isNeverShown } from './without-secrets.ts'

/** One thing that was not as expected; values are as they are, or undefined where there is none. */
export type Mismatch = { what: string; expected: unknown; got: unknown }

/** What is not held against an answer. */
type Freedom = {
  /** A value that nobody knows beforehand. */
  isFree: (key: string, expected: unknown, got: unknown) => boolean
  /** A key of the answer that was not expected and says nothing. */
  isBeside: (key: string, got: unknown) => boolean
}

/** The one wording that the published document has (S); every other message may be in other words. */
const publishedMessage = 'profiles array is required'

const isText = (got: unknown) => typeof got === 'string' && got.trim() !== ''

const refusal: Freedom = {
  isFree: (key, expected, got) => key === 'message' && expected !== publishedMessage && isText(got),
  isBeside: () => false,
}

/** What no seed holds, and what moves by itself. */
const freeInReads: Record<string, (got: unknown) => boolean> = {
  lastSeen: isText,
  version: isText,
  openTickets: Array.isArray,
  sideConversations: Array.isArray,
  unreadNotifications: Number.isInteger,
}

/** Keys that the answers of reads are documented to have, at any depth. Permissions follow from roles. */
const documented = new Set(operations.flatMap(({ responses }) => keysOf(responses[200]?.schema)))
documented.delete('permissions')

function keysOf(schema: TSchema | undefined): string[] {
  const own = Object.entries<TSchema>(schema?.properties ?? {})
  const parts: TSchema[] = [schema?.items, ...(schema?.anyOf ?? [])].filter(Boolean)
  return [...own.flatMap(([key, part]) => [key, ...keysOf(part)]), ...parts.flatMap(keysOf)]
}

const read: Freedom = {
  isFree: (key, expected, got) => {
    if (key === 'permissions') return isDeepStrictEqual(heldIn(expected), heldIn(got))
    return Object.hasOwn(freeInReads, key) && freeInReads[key]?.(got) === true
  },
  isBeside: (key) => !documented.has(key) && !isNeverShown(key),
}

/** How an answer differs from that of the twin. */
export function compareAnswers({ answer, request }: Case, expected: WireAnswer, got: WireAnswer): Mismatch[] {
  const status = compareValues('status', expected.status, got.status)
  const isRead = request.method === 'GET'
  // What it shows instead is data that nobody knows.
  if (isRead && status.length > 0) return [...status, ...leaksIn(got)]
  const freedom = isRead && expected.status === 200 ? read : refusal
  const came = parsed(got.body)
  const body = came
    ? compareValues('body', parsed(expected.body)?.value, came.value, freedom)
    : compareValues('body', 'JSON', got.body)
  return [...status, ...compareHeaders(answer, got), ...body]
}

const compareHeaders = ({ headers = {} }: Case['answer'], answer: WireAnswer): Mismatch[] =>
  Object.entries(headers).flatMap(([name, value]) => {
    const got = answer.headers[name]
    if (value === null ? got === undefined : got?.toLowerCase() === value.toLowerCase()) return []
    return [{ what: `header ${name}`, expected: value ?? undefined, got }]
  })

const exact: Freedom = { isFree: () => false, isBeside: () => false }

/** Each place at which two values differ; null and absent are told apart. */
export function compareValues(
  what: string,
  expected: unknown,
  got: unknown,
  freedom: Freedom = exact,
): Mismatch[] {
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length) {
    return expected.flatMap((entry, index) => compareValues(`${what}[${index}]`, entry, got[index], freedom))
  }
  if (isObject(expected) && isObject(got)) {
    return [...new Set([...Object.keys(expected), ...Object.keys(got)])].flatMap((key) => {
      const [wanted, came] = [entryOf(expected, key), entryOf(got, key)]
      const place = `${what}.${key}`
      if (wanted === undefined && freedom.isBeside(key, came)) return leaks(came, place)
      if (wanted !== undefined && freedom.isFree(key, wanted, came)) return []
      return compareValues(place, wanted, came, key === 'rawData' ? exact : freedom)
    })
  }
  return isDeepStrictEqual(expected, got) ? [] : [{ what, expected, got }]
}

const entryOf = (object: JsonObject, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined)

/** A profile as it is shown, beside the twin's; the last login counts only if it was sent. Null is as good as absent. */
export const compareViews = (expected: unknown, got: JsonObject, isLoginSent: boolean): Mismatch[] =>
  compareValues('profile', expected, got, {
    isFree: (key) => key === 'lastSeen' && !isLoginSent,
    isBeside: (key, value) => value === null || read.isBeside(key, value),
  })

/** Whether an answer of the twin is the one that the case tells of. */
export const isAsTold = ({ answer, request }: Case, { status, body }: WireAnswer): boolean =>
  status === answer.status &&
  (request.method === 'GET' || compareValues('', answer.body, parsed(body)?.value, refusal).length === 0)

/** Write only: no answer may show them (S), nor what signs people in. What a client keeps inside `rawData` is its own. */
function leaks(value: unknown, at: string): Mismatch[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => leaks(entry, `${at}[${index}]`))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, got]) => {
    const what = `${at}.${key}`
    if (key === 'rawData') return []
    return isNeverShown(key) ? [{ what, expected: undefined, got }] : leaks(got, what)
  })
}

const leaksIn = ({ body }: WireAnswer) => leaks(parsed(body)?.value, 'body')

/** Names of permissions: of a plain list, or of those that are held in the sections of a role. */
export function heldIn(permissions: unknown): string[] {
  const entries: unknown[] = Array.isArray(permissions) ? permissions : []
  return entries
    .flatMap((entry) => (isObject(entry) && Array.isArray(entry.permissions) ? entry.permissions : [entry]))
    .flatMap((entry) => (isObject(entry) ? (entry.value === true ? [entry.name] : []) : [entry]))
    .map(String)
    .sort()
}
