import type { JournalEntry, JournalMatch } from '../../schemas/journal.ts'
import {
  hasSameHeaders,
  jsonWithoutSecrets,
  type KeptHeaders,
  redactedJson,
  redactedPart,
  redactedQuery,
  shownHeadersOf,
  urlWithoutSecrets,
} from '../values/redaction.ts'
import type { BudgetedJournal, JournalBudget } from './journal-budget.ts'
import { matchCall } from './match-call.ts'
import { isBroken } from './violations.ts'

type Shown = 'id' | 'at' | 'query' | 'headers' | 'body'

/** What is known of a call when its answer leaves, as it came. */
export type CallRecord = { [K in Exclude<keyof JournalEntry, Shown>]?: JournalEntry[K] | undefined } & Pick<
  JournalEntry,
  'method' | 'path' | 'violations' | 'violationCount'
> & {
    /** Milliseconds since 1970. */
    at: number
    /** Path and query. */
    url: string
    headers: KeptHeaders
    /** JSON with all that it held, or when `bodyIsCut` its beginning. */
    bodyText?: string | undefined
  }

/**
 * [journal.bounds] The calls of one world, oldest first, bounded by count, by size, and by what all journals may hold together. Secrets
 * are taken out when a call is written; the rest of what is shown of it is made when somebody looks.
 */
export type Journal = {
  add: (record: CallRecord) => void
  list: () => JournalEntry[]
  find: (match: JournalMatch) => JournalEntry[]
  count: (match: JournalMatch) => number
  /** Broken calls that had to make room for later ones and may match: of them no more than the status is known. */
  lostViolations: (match: JournalMatch) => number
  clear: () => void
  /** Is told of every entry from now on. Returns how to stop that. */
  subscribe: (listener: (entry: JournalEntry) => void) => () => void
  unsubscribe: (listener: (entry: JournalEntry) => void) => void
  /** For a world that is gone: nothing is kept any more, not even of calls that are still on their way. */
  close: () => void
}

/** A record with what it takes of the bounds. */
type KeptCall = CallRecord & { bytes: number }

const mostEntries = 1000
const mostBytes = 16 * 1024 * 1024
/** Roughly what an entry takes besides its texts. */
const entryBytes = 512

export function createJournal(budget: JournalBudget): Journal {
  /** By id: an entry takes the place of the one that has to go. */
  const ring: (KeptCall | undefined)[] = []
  let firstId = 1
  let lastId = 0
  let bytes = 0
  let isClosed = false
  /** By status. */
  const lost = new Map<number | undefined, number>()
  const listeners = new Set<(entry: JournalEntry) => void>()
  /** Those of the newest call: a client sends the same again and again, and then they are kept once. */
  let lastHeaders: KeptHeaders | undefined
  const kept = (id: number) => ring[id % mostEntries] as KeptCall
  const ids = (match?: JournalMatch) => {
    const all = Array.from({ length: lastId - firstId + 1 }, (_, index) => firstId + index)
    const matches = match && matcher(match)
    return matches ? all.filter((id) => matches(kept(id))) : all
  }
  const entry = (id: number) => entryOf(kept(id), id)
  const forgetFirst = () => {
    const record = kept(firstId)
    firstId += 1
    bytes -= record.bytes
    if (isBroken(record)) lost.set(record.status, (lost.get(record.status) ?? 0) + 1)
    budget.shrank(self, record.bytes)
  }
  const dropOldest = () => {
    const place = firstId % mostEntries
    forgetFirst()
    ring[place] = undefined
  }
  const clear = () => {
    const before = bytes
    ring.length = 0
    firstId = 1
    lastId = 0
    bytes = 0
    lastHeaders = undefined
    lost.clear()
    budget.shrank(self, before)
  }
  const self: BudgetedJournal = { bytes: () => bytes, count: () => lastId - firstId + 1, dropOldest }
  return {
    add: (record) => {
      if (isClosed) return
      if (self.count() === mostEntries) forgetFirst()
      lastId += 1
      // Into the object of the call that went: a thousand that come and go would otherwise be the collector's main work.
      const call = Object.assign(ring[lastId % mostEntries] ?? { bytes: 0 }, record)
      ring[lastId % mostEntries] = call
      hideSecrets(call)
      const isRepeated = lastHeaders !== undefined && hasSameHeaders(call.headers, lastHeaders)
      if (isRepeated) call.headers = lastHeaders as KeptHeaders
      lastHeaders = call.headers
      call.bytes = sizeOf(call, isRepeated)
      bytes += call.bytes
      while (bytes > mostBytes && firstId < lastId) dropOldest()
      budget.grew(self, call.bytes)
      for (const listener of listeners) listener(entry(lastId))
    },
    list: () => ids().map(entry),
    find: (match) => ids(match).map(entry),
    count: (match) => ids(match).length,
    lostViolations: ({ status }) =>
      status === undefined
        ? [...lost.values()].reduce((sum, count) => sum + count, 0)
        : (lost.get(status) ?? 0),
    clear,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    unsubscribe: (listener) => listeners.delete(listener),
    close: () => {
      isClosed = true
      clear()
    },
  }
}

// [journal.secrets]
function hideSecrets(call: CallRecord): void {
  call.url = urlWithoutSecrets(call.url)
  if (call.bodyText === undefined) return
  const hidden = jsonWithoutSecrets({ text: call.bodyText, isCut: call.bodyIsCut === true }, longestBody)
  call.bodyText = hidden.text
  call.bodyIsCut = hidden.isCut
}

function sizeOf(
  { bodyText = '', url, path, reason = '', headers, violations, breaches = [] }: CallRecord,
  hasHeadersOfLast: boolean,
): number {
  let size = entryBytes + storedSize(bodyText) + 2 * (url.length + path.length + reason.length)
  if (!hasHeadersOfLast) for (const value of Object.values(headers)) size += 2 * String(value ?? '').length
  if (violations.length > 0) size += 2 * JSON.stringify(violations).length
  if (breaches.length > 0) size += 2 * JSON.stringify(breaches).length
  return size
}

const wideCharacter = /[^\0-\xff]/

/** Bytes in memory: one for each character if none needs two. For a text stored so, the engine knows without a look. */
const storedSize = (text: string) => (wideCharacter.test(text) ? 2 : 1) * text.length

function entryOf(
  { at, url, headers, bodyText, bodyIsCut, bytes: _, ...record }: KeptCall,
  id: number,
): JournalEntry {
  const query = redactedQuery(url)
  return {
    id,
    at: new Date(at).toISOString(),
    ...(query !== '' && { query }),
    headers: shownHeadersOf(headers),
    ...shownBody(bodyText, bodyIsCut),
    ...record,
  } as JournalEntry
}

/** The longest body that is kept and shown. */
const longestBody = 64 * 1024

export const isLong = (text: string): boolean => text.length > longestBody

/** As much of a body as is kept. Of a long one the rest is let go, which a mere slice would hold on to. */
export const keptBody = (text: string): string =>
  isLong(text) ? Buffer.from(text.slice(0, longestBody)).toString() : text

function shownBody(text: string | undefined, isCut = false): Pick<JournalEntry, 'body' | 'bodyIsCut'> {
  if (text === undefined) return {}
  if (isCut) return { body: redactedPart(text), bodyIsCut: true }
  const shown = redactedJson(JSON.parse(text), longestBody)
  return shown.isCut ? { body: shown.text, bodyIsCut: true } : { body: JSON.parse(shown.text) }
}

/** [journal.match] All that is named must be so; of `body` the named part. */
function matcher({ status, violation, body, ...match }: JournalMatch) {
  const isMeant = matchCall(match)
  return (record: CallRecord): boolean =>
    isMeant(record) &&
    (status === undefined || record.status === status) &&
    (violation === undefined || record.violations.some(({ rule }) => rule === violation)) &&
    (body === undefined || holds(shownBody(record.bodyText, record.bodyIsCut), body))
}

const holds = ({ body, bodyIsCut }: Pick<JournalEntry, 'body' | 'bodyIsCut'>, part: unknown) =>
  body !== undefined && !bodyIsCut && contains(body, part)

/** Objects hold at least the named keys; lists hold a match for each named entry, in any place. */
export function contains(value: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return value === part
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(part)) {
    return (
      Array.isArray(value) && part.every((entry) => value.some((candidate) => contains(candidate, entry)))
    )
  }
  if (Array.isArray(value)) return false
  return Object.entries(part).every(
    ([key, entry]) => Object.hasOwn(value, key) && contains((value as Record<string, unknown>)[key], entry),
  )
}
