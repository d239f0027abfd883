import { createHash } from 'node:crypto'

/** What a demo lets a visitor have; so much that nobody who looks around meets it. */
export const demoLimits = {
  /** Bytes of a body, state documents included. */
  body: 1024 * 1024,
  /** Items of one call. */
  items: 1000,
  /** Snapshots of one sandbox. */
  snapshots: 5,
  /** Faults that are armed in one sandbox, each of which may hold a body. */
  faults: 10,
  /** Calls from one address within a minute. */
  calls: 600,
}

/** The cookie that gives a visitor a sandbox. */
export const visitorCookie = 'enneo-mock-visitor'

/** [demo.cookie] Is one of the secrets that a start makes up, 192 random bits: who knows one has the sandbox. */
export const isVisitor = (visitor: string): boolean => /^[A-Za-z0-9_-]{32}$/.test(visitor)

/** Log, journal and database hold the name of a sandbox, which opens none. */
export const sandboxOfVisitor = (visitor: string): string =>
  createHash('sha256').update(visitor).digest('base64url').slice(0, 24)
