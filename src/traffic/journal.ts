import type { JournalDetail, JournalEntry, JournalMatch, Violation } from '../../schemas/journal.ts'
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
import { type CallOutcome, forgetOutcome, profileChanges, sizeOfOutcome } from './call-outcome.ts'
import type { BudgetedJournal, JournalBudget } from './journal-budget.ts'
import { matchCall } from './match-call.ts'
import { isBroken } from './violations.ts'

type Shown = 'id' | 'at' | 'query' | 'headers' | 'body' | 'changed' | 'violations'

/** What is known of a call when its answer leaves, as it came. */
export type CallRecord = { [K in Exclude<keyof JournalEntry, Shown>]?: JournalEntry[K] | undefined } & Pick<
  JournalEntry,
  'method' | 'path' | 'violationCount'
> &
  CallOutcome & {
    violations: readonly Violation[]
    /** Milliseconds since 1970. */
    at: number
    /** Path and query. */
    url: string
    headers: KeptHeaders
    /** JSON with all that it held, or when `bodyIsCut` its beginning. */
    bodyText?: string | undefined
    /** What it takes of the bounds, with and of its outcome; 0 until it is added. */
    bytes: number
    outcomeBytes: number
  }

/**
 * [journal.bounds] The calls of one world, oldest first, bounded by count, by size, and by what all journals may hold together. Secrets
 * are taken out when a call is written; the rest of what is shown of it is made when somebody looks.
 */
export type Journal = {
  add: (record: CallRecord) => void
  list: () => JournalEntry[]
  /** [journal.detail] One call with what came of it. */
  detail: (id: number) => JournalDetail | undefined
  /** What a call changed, as it was and as it became; empty when that is no longer kept. */
  outcome: (id: number) => Pick<CallOutcome, 'before' | 'after'>
  /** The last call after this one that changed the profile and stands. */
  changedLater: (id: number, profileId: number) => JournalEntry | undefined
  markUndone: (id: number) => void
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

const mostEntries = 1000
const mostBytes = 16 * 1024 * 1024
/** Of them for what came of calls, but for the newest. */
const mostOutcomeBytes = 4 * 1024 * 1024
/** Roughly what an entry takes besides its texts. */
const entryBytes = 512

export function createJournal(budget: JournalBudget): Journal {
  /** By id: an entry takes the place of the one that has to go. */
  const ring: (CallRecord | undefined)[] = []
  let firstId = 1
  let lastId = 0
  /** No call before it has its outcome any more. */
  let firstOutcome = 1
  let bytes = 0
  let outcomeBytes = 0
  let isClosed = false
  /** By status. */
  const lost = new Map<number | undefined, number>()
  const listeners = new Set<(entry: JournalEntry) => void>()
  /** Those of the newest call: a client sends the same again and again, and then they are kept once. */
  let lastHeaders: KeptHeaders | undefined
  const kept = (id: number) => ring[id % mostEntries] as CallRecord
  const ids = (match?: JournalMatch) => {
    const all = Array.from({ length: lastId - firstId + 1 }, (_, index) => firstId + index)
    const matches = match && matcher(match)
    return matches ? all.filter((id) => matches(kept(id))) : all
  }
  const isKept = (id: number) => id >= firstId && id <= lastId
  const entry = (id: number) => entryOf(kept(id), id)
  const forgetFirst = () => {
    const record = kept(firstId)
    firstId += 1
    bytes -= record.bytes
    outcomeBytes -= record.outcomeBytes
    if (isBroken(record)) lost.set(record.status, (lost.get(record.status) ?? 0) + 1)
    budget.shrank(self, record.bytes)
  }
  const forgetOldestOutcome = (id: number) => {
    const call = kept(id)
    firstOutcome = id + 1
    bytes -= call.outcomeBytes
    outcomeBytes -= call.outcomeBytes
    call.bytes -= call.outcomeBytes
    budget.shrank(self, call.outcomeBytes)
    call.outcomeBytes = 0
    forgetOutcome(call)
  }
  /** The oldest call that may have its outcome. */
  const oldestOutcome = () => Math.max(firstOutcome, firstId)
  // [journal.outcome-bounds] What came of older calls goes before any call does.
  const dropOldest = () => {
    if (oldestOutcome() < lastId) forgetOldestOutcome(oldestOutcome())
    else dropOldestCall()
  }
  const dropOldestCall = () => {
    const place = firstId % mostEntries
    forgetFirst()
    ring[place] = undefined
  }
  const clear = () => {
    const before = bytes
    ring.length = 0
    firstId = 1
    lastId = 0
    firstOutcome = 1
    bytes = 0
    outcomeBytes = 0
    lastHeaders = undefined
    lost.clear()
    budget.shrank(self, before)
  }
  const self: BudgetedJournal = { bytes: () => bytes, count: () => lastId - firstId + 1, dropOldest }
  return {
    add: (call) => {
      if (isClosed) return
      if (self.count() === mostEntries) forgetFirst()
      lastId += 1
      // Kept as it is: to copy so many properties takes 2 µs of a call of one item.
      ring[lastId % mostEntries] = call
      hideSecrets(call)
      const isRepeated = lastHeaders !== undefined && hasSameHeaders(call.headers, lastHeaders)
      if (isRepeated) call.headers = lastHeaders as KeptHeaders
      lastHeaders = call.headers
      call.outcomeBytes = sizeOfOutcome(call)
      if (call.outcomeBytes > mostBytes) {
        forgetOutcome(call)
        call.outcomeBytes = 0
      }
      call.bytes = sizeOf(call, isRepeated) + call.outcomeBytes
      bytes += call.bytes
      outcomeBytes += call.outcomeBytes
      while (outcomeBytes > mostOutcomeBytes && oldestOutcome() < lastId) forgetOldestOutcome(oldestOutcome())
      while (bytes > mostBytes && firstId < lastId) dropOldest()
      budget.grew(self, call.bytes)
      for (const listener of listeners) listener(entry(lastId))
    },
    list: () => ids().map(entry),
    detail: (id) => (isKept(id) ? detailOf(kept(id), id) : undefined),
    outcome: (id) => kept(id),
    changedLater: (id, profileId) => {
      const changes = ({ after = [], isUndone }: CallRecord) =>
        !isUndone && after.some((profile) => profile.id === profileId)
      const later = ids().findLast((other) => other > id && changes(kept(other)))
      return later === undefined ? undefined : entry(later)
    },
    markUndone: (id) => {
      kept(id).isUndone = true
    },
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

function entryOf(call: CallRecord, id: number): JournalEntry {
  const { at, url, headers, bodyText, bodyIsCut, duration, after, ...rest } = call
  const {
    bytes: _,
    outcomeBytes: _1,
    answerText: _2,
    answerIsCut: _3,
    before: _4,
    bodyLength: _5,
    ...record
  } = rest
  const query = redactedQuery(url)
  return {
    id,
    at: new Date(at).toISOString(),
    ...(query !== '' && { query }),
    headers: shownHeadersOf(headers),
    ...shownBody(bodyText, bodyIsCut),
    ...record,
    ...(duration !== undefined && { duration: Math.round(duration * 100) / 100 }),
    ...(after && after.length > 0 && { changed: after.length }),
  } as JournalEntry
}

function detailOf(call: CallRecord, id: number): JournalDetail {
  return {
    ...entryOf(call, id),
    ...shownAnswer(call.answerText, call.answerIsCut),
    changes: profileChanges(call),
  } as JournalDetail
}

/** Injected answers may be any text; the faults tell them as well. */
function shownAnswer(text: string | undefined, isCut = false): Pick<JournalDetail, 'answer' | 'answerIsCut'> {
  if (text === undefined) return {}
  if (isCut) return { answer: redactedPart(text), answerIsCut: true }
  if (!isJsonText(text)) return { answer: text }
  const { body: answer, bodyIsCut } = shownBody(text)
  return { answer, ...(bodyIsCut && { answerIsCut: true }) }
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
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
