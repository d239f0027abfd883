import type { JournalEntry, JournalMatch } from '../../schemas/journal.ts'
import { isBroken } from './violations.ts'

/** What is known of a call when its answer leaves. Bodies are text that has already been redacted. */
export type CallRecord = Omit<JournalEntry, 'id' | 'body'> & { bodyText?: string }

/** The calls of one world, oldest first, bounded by count and by size. */
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
}

const mostEntries = 1000
const mostBytes = 16 * 1024 * 1024
/** Roughly what an entry takes besides its texts. */
const entryBytes = 512

type Kept = { record: CallRecord; id: number; bytes: number }

export function createJournal(): Journal {
  let kept: Kept[] = []
  let bytes = 0
  /** By status. */
  const lost = new Map<number | undefined, number>()
  let lastId = 0
  const listeners = new Set<(entry: JournalEntry) => void>()
  return {
    add: (record) => {
      lastId += 1
      const added = { record, id: lastId, bytes: sizeOf(record) }
      kept.push(added)
      bytes += added.bytes
      while (kept.length > mostEntries || (bytes > mostBytes && kept.length > 1)) {
        const { record, bytes: freed } = kept.shift() as Kept
        bytes -= freed
        if (isBroken(record)) lost.set(record.status, (lost.get(record.status) ?? 0) + 1)
      }
      for (const listener of listeners) listener(entryOf(added))
    },
    list: () => kept.map(entryOf),
    find: (match) => kept.filter(matcher(match)).map(entryOf),
    count: (match) => kept.filter(matcher(match)).length,
    lostViolations: ({ status }) =>
      status === undefined
        ? [...lost.values()].reduce((sum, count) => sum + count, 0)
        : (lost.get(status) ?? 0),
    clear: () => {
      kept = []
      bytes = 0
      lost.clear()
      lastId = 0
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const sizeOf = ({ bodyText = '', path, query = '', reason = '', violations }: CallRecord) =>
  entryBytes +
  2 * (bodyText.length + path.length + query.length + reason.length) +
  (violations.length === 0 ? 0 : 2 * JSON.stringify(violations).length)

function entryOf({ record: { bodyText, ...record }, id }: Kept): JournalEntry {
  if (bodyText === undefined) return { id, ...record }
  return { id, ...record, body: record.bodyIsCut ? bodyText : JSON.parse(bodyText) }
}

/** All that is named must be so; of `body` the named part. */
function matcher({ method, path, status, userId, violation, body }: JournalMatch): (kept: Kept) => boolean {
  return ({ record }) =>
    (method === undefined || record.method === method) &&
    (path === undefined || record.path === path) &&
    (status === undefined || record.status === status) &&
    (userId === undefined || record.userId === userId) &&
    (violation === undefined || record.violations.some(({ rule }) => rule === violation)) &&
    (body === undefined ||
      (record.bodyText !== undefined && !record.bodyIsCut && contains(JSON.parse(record.bodyText), body)))
}

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
