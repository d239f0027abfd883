import type { JournalEntry, JournalMatch } from '../../schemas/journal.ts'
import {
  type KeptHeaders,
  redactedJson,
  redactedPart,
  redactedQuery,
  shownHeadersOf,
} from '../values/redaction.ts'
import { isBroken } from './violations.ts'

type Shown = 'id' | 'at' | 'query' | 'headers' | 'body'

/** What is known of a call when its answer leaves, as it came. What is shown of it is made when somebody looks. */
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

/** [journal.bounds] The calls of one world, oldest first, bounded by count and by size. */
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
}

const mostEntries = 1000
const mostBytes = 16 * 1024 * 1024
/** Roughly what an entry takes besides its texts. */
const entryBytes = 512

export function createJournal(): Journal {
  /** By id: an entry takes the place of the one that has to go. */
  const ring: (CallRecord | undefined)[] = []
  let firstId = 1
  let lastId = 0
  let bytes = 0
  /** By status. */
  const lost = new Map<number | undefined, number>()
  const listeners = new Set<(entry: JournalEntry) => void>()
  const kept = (id: number) => ring[id % mostEntries] as CallRecord
  const ids = (match?: JournalMatch) => {
    const all = Array.from({ length: lastId - firstId + 1 }, (_, index) => firstId + index)
    const matches = match && matcher(match)
    return matches ? all.filter((id) => matches(kept(id))) : all
  }
  const entry = (id: number) => entryOf(kept(id), id)
  const dropFirst = () => {
    const record = kept(firstId)
    firstId += 1
    bytes -= sizeOf(record)
    if (isBroken(record)) lost.set(record.status, (lost.get(record.status) ?? 0) + 1)
    return undefined
  }
  return {
    add: (record) => {
      if (lastId - firstId + 1 === mostEntries) dropFirst()
      lastId += 1
      // Into the object of the call that went: a thousand that come and go would otherwise be the collector's main work.
      ring[lastId % mostEntries] = Object.assign(ring[lastId % mostEntries] ?? {}, record)
      bytes += sizeOf(record)
      while (bytes > mostBytes && firstId < lastId) {
        ring[firstId % mostEntries] = dropFirst()
      }
      for (const listener of listeners) listener(entry(lastId))
    },
    list: () => ids().map(entry),
    find: (match) => ids(match).map(entry),
    count: (match) => ids(match).length,
    lostViolations: ({ status }) =>
      status === undefined
        ? [...lost.values()].reduce((sum, count) => sum + count, 0)
        : (lost.get(status) ?? 0),
    clear: () => {
      ring.length = 0
      firstId = 1
      lastId = 0
      bytes = 0
      lost.clear()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    unsubscribe: (listener) => listeners.delete(listener),
  }
}

const sizeOf = ({ bodyText = '', url, path, reason = '', violations }: CallRecord) =>
  entryBytes +
  2 * (bodyText.length + url.length + path.length + reason.length) +
  (violations.length === 0 ? 0 : 2 * JSON.stringify(violations).length)

function entryOf({ at, url, headers, bodyText, bodyIsCut, ...record }: CallRecord, id: number): JournalEntry {
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
function matcher({ method, path, status, userId, violation, body }: JournalMatch) {
  return (record: CallRecord): boolean =>
    (method === undefined || record.method === method) &&
    (path === undefined || record.path === path) &&
    (status === undefined || record.status === status) &&
    (userId === undefined || record.userId === userId) &&
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
