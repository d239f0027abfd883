import type { CoverageReport } from '../../schemas/coverage.ts'
import type { ArmedFault, Delay, Fault } from '../../schemas/fault.ts'
import type { JournalEntry, JournalMatch } from '../../schemas/journal.ts'
import type { ScenarioName } from '../../schemas/scenario.ts'
import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import { adminPath, basePath } from '../http/paths.ts'
import { sandboxName } from '../values/sandbox-name.ts'

/** Whom to sign in: a persona of the seed, or a profile id. */
export type Who = string | number

export type TokenOptions = {
  /** Seconds; negative has already expired. Without it the token does not expire. */
  expiresIn?: number
}

/** Everything a test can do to one world of a mock. Every method rejects with the mock's own sentence when it refuses. */
export type Control = {
  /** Base address of the API, with `/api/mind`. */
  url: string
  /** Base address of the control plane, with `/__admin`. */
  adminUrl: string
  /** A token for the header `Authorization: Bearer …`. */
  token: (who: Who, options?: TokenOptions) => Promise<string>
  /** The value of a `Cookie` header that signs in. */
  cookie: (who: Who, options?: TokenOptions) => Promise<string>
  /** Everything but the snapshots as at the start: profiles, faults, delay, scenario, journal, counters. */
  reset: () => Promise<void>
  /** The world as a seed document. */
  state: () => Promise<Seed>
  /** Another document takes its place. */
  replaceState: (seed: Seed) => Promise<void>
  /** A profile as stored. */
  profile: (id: number) => Promise<StoredProfile>
  /** Keeps the state under a name. */
  snapshot: (name?: string) => Promise<void>
  /** Puts a kept state back. */
  restore: (name?: string) => Promise<void>
  /** The calls so far, newest last; only those that match, if a match is given. */
  requests: (match?: JournalMatch) => Promise<JournalEntry[]>
  /** How many calls match. */
  count: (match?: JournalMatch) => Promise<number>
  /** Forgets the calls, and nothing else. */
  clearRequests: () => Promise<void>
  /** Arms a fault. */
  fault: (fault: Fault) => Promise<ArmedFault>
  /** The armed faults, with how often each was injected. */
  faults: () => Promise<ArmedFault[]>
  clearFaults: () => Promise<void>
  /** Milliseconds, or a range such as `200-800`, added to every call. */
  delay: (delay: Delay) => Promise<void>
  /**
   * Stops the clock of this world at a time, an ISO date-time or a date; null lets it run again. Tokens are signed and
   * expire by it, and the journal's times are its own.
   */
  now: (time: string | Date | null) => Promise<void>
  scenario: (name: ScenarioName) => Promise<void>
  /**
   * Rejects when a call broke a rule, and says which call, where, what was expected, what came, and how to repeat it.
   * With a match only calls that match are looked at, such as `{ status: 200 }`.
   */
  assertNoViolations: (match?: JournalMatch) => Promise<void>
  /** What calls have exercised of the contract: of a sandbox, or of the whole mock, whatever was reset since. */
  coverage: () => Promise<CoverageReport>
  /** Coverage begins anew, of a sandbox or of the whole mock. */
  clearCoverage: () => Promise<void>
}

export type ControlOptions = {
  /** Origin of the mock, such as `http://localhost:8005`. */
  origin: string
  /** Needed where the mock listens beyond loopback. */
  adminToken?: string
  /** Another `fetch`, such as one that needs no socket. */
  fetch?: typeof fetch
}

/** A client of the control plane, for a test in any process. */
export type ControlClient = Control & {
  /** The same for a world of its own. Its `url` carries the name, so that clients need no header. */
  sandbox: (name: string) => Control
  /** The default world as at the start, no sandbox and no snapshot left. */
  resetAll: () => Promise<void>
}

/** One call to a mock: it resolves with what came, whatever its status. */
export type Send = (
  url: string,
  call: { method: string; headers: Record<string, string>; body?: string },
) => Promise<{ status: number; text: string }>

export function createControlClient({
  fetch: given = globalThis.fetch,
  ...options
}: ControlOptions): ControlClient {
  if (given === undefined)
    throw new Error('There is no fetch here, as under jsdom; give one to createControlClient as fetch.')
  return controlBy(async (url, call) => {
    const answer = await given(url, call)
    return { status: answer.status, text: await answer.text() }
  }, options)
}

/** The same by another way to call the mock. */
export function controlBy(send: Send, given: Omit<ControlOptions, 'fetch'>): ControlClient {
  const options = { ...given, send, origin: given.origin.replace(/\/$/, '') }
  return {
    ...createControl(options, ''),
    sandbox: (name) => {
      if (!sandboxName.test(name)) {
        throw new Error(
          'A sandbox is named by 1 to 64 letters, digits, dots, underscores or hyphens, and not . or ..',
        )
      }
      return createControl(options, `/__sandbox/${name}`)
    },
    resetAll: async () => {
      await createCall(options, options.origin + adminPath)('POST', '/reset?all=true')
    },
  }
}

const firstSnapshot = 'default'

type Reached = Omit<ControlOptions, 'fetch'> & { send: Send }

function createControl(options: Reached, prefix: string): Control {
  const url = options.origin + prefix + basePath
  const adminUrl = options.origin + prefix + adminPath
  const call = createCall(options, adminUrl)
  const signIn = (who: Who, { expiresIn }: TokenOptions = {}) =>
    call<{ token: string; cookie: string }>('POST', '/tokens', {
      ...(typeof who === 'number' ? { userId: who } : { persona: who }),
      ...(expiresIn !== undefined && { expiresIn }),
    })
  const find = async (match: JournalMatch = {}) =>
    (await call<{ requests: JournalEntry[] }>('POST', '/requests/find', match)).requests
  const named = (name: string) => `/snapshots/${encodeURIComponent(name)}`
  return {
    url,
    adminUrl,
    token: (who, options) =>
      awaited(
        'token',
        signIn(who, options).then(({ token }) => token),
      ),
    cookie: (who, options) =>
      awaited(
        'cookie',
        signIn(who, options).then(({ cookie }) => cookie),
      ),
    reset: async () => {
      await call('POST', '/reset')
    },
    state: () => call('GET', '/state'),
    replaceState: async (seed) => {
      await call('PUT', '/state', seed)
    },
    profile: (id) => call('GET', `/state/profiles/${id}`),
    snapshot: async (name = firstSnapshot) => {
      await call('POST', named(name))
    },
    restore: async (name = firstSnapshot) => {
      await call('POST', `${named(name)}/restore`)
    },
    requests: find,
    count: async (match = {}) => (await call<{ count: number }>('POST', '/requests/count', match)).count,
    clearRequests: async () => {
      await call('DELETE', '/requests')
    },
    fault: (fault) => call('POST', '/faults', fault),
    faults: async () => (await call<{ faults: ArmedFault[] }>('GET', '/faults')).faults,
    clearFaults: async () => {
      await call('DELETE', '/faults')
    },
    delay: async (delay) => {
      await call('POST', '/settings', { delay })
    },
    now: async (now) => {
      await call('POST', '/settings', { now })
    },
    scenario: async (name) => {
      await call('PUT', '/scenario', { name })
    },
    assertNoViolations: async (match = {}) => {
      await call('POST', '/verify', match)
    },
    coverage: () => call('GET', '/coverage'),
    clearCoverage: async () => {
      await call('DELETE', '/coverage')
    },
  }
}

/** A promise that was put into a header would be sent as [object Promise], and a search would begin. */
function awaited(method: string, promise: Promise<string>): Promise<string> {
  return Object.assign(promise, {
    toString: () => {
      promise.catch(() => {})
      throw new Error(`${method}() gives a promise here: write await before it.`)
    },
  })
}

/** One call to the control plane. Rejects with the mock's own sentence when it is refused. */
function createCall({ adminToken, send }: Reached, adminUrl: string) {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const { status, text } = await send(adminUrl + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(adminToken !== undefined && { authorization: `Bearer ${adminToken}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    // What was found is told as text, whole.
    if (status === 406) throw new Error(text)
    const content = JSON.parse(text) as T & { message?: string }
    if (status >= 400) throw new Error(`${method} ${path} was refused (${status}): ${content.message}`)
    return content
  }
}
