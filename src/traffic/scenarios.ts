import type { Delay } from '../../schemas/fault.ts'
import type { ScenarioName } from '../../schemas/scenario.ts'
import type { Seed } from '../../schemas/seed.ts'
import type { WorldNotes } from '../stores/world-notes.ts'

/** What a scenario does to each call, in plain data: its number is counted from the moment the scenario is chosen. */
export type Scenario = {
  about: string
  delay?: Delay
  /** The status of the n-th call, counted from 1; `undefined` lets it pass. */
  status?: (n: number) => number | undefined
  /** How many calls pass before 429, and for how many seconds that is then the answer: as Retry-After says. */
  limit?: { calls: number; seconds: number }
  /** What the world starts from; without it the seed. */
  state?: (seed: Seed) => Seed
}

const limit = { calls: 5, seconds: 1 }

/** [scenario.names] Every scenario is exact: nothing is left to chance but the length of a wait. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  happy: { about: 'everything works' },
  empty: { about: 'nobody is there but the personas', state: onlyPersonas },
  flaky: { about: 'every third call answers 503', status: (n) => (n % 3 === 0 ? 503 : undefined) },
  slow: { about: 'every call takes 800 to 2,000 ms', delay: '800-2000' },
  'rate-limited': {
    about: `after ${limit.calls} calls every one answers 429, for ${limit.seconds} second; then ${limit.calls} pass again`,
    limit,
  },
  'auth-expired': { about: 'every call answers 401, as after a long night', status: () => 401 },
}

/** Whether what a scenario answers depends on the number of the call. */
export const counts = (name: ScenarioName): boolean =>
  scenarios[name].status !== undefined || scenarios[name].limit !== undefined

/** As much of a world's notes as a scenario counts in. */
type Counted = Pick<WorldNotes, 'scenario' | 'scenarioCalls' | 'limitedUntil'>

/** Counts a call, and says what the scenario answers instead of it, if anything. `now` is in milliseconds. */
export function scenarioStatus(notes: Counted, now: number): number | undefined {
  const { status, limit } = scenarios[notes.scenario]
  // [scenario.rate-limited]
  const { limitedUntil: until } = notes
  // A clock that a test sets can go back as well.
  if (limit && until !== undefined && (now >= until || now < until - limit.seconds * 1000)) {
    notes.limitedUntil = undefined
    notes.scenarioCalls = 0
  }
  notes.scenarioCalls += 1
  if (!limit) return status?.(notes.scenarioCalls)
  if (notes.scenarioCalls <= limit.calls) return undefined
  notes.limitedUntil ??= now + limit.seconds * 1000
  return 429
}

function onlyPersonas(seed: Seed): Seed {
  const ids = new Set(Object.values(seed.personas))
  return { ...seed, profiles: seed.profiles.filter(({ id }) => ids.has(id)) }
}
