import type { Delay } from '../../schemas/fault.ts'
import type { ScenarioName } from '../../schemas/scenario.ts'
import type { Seed } from '../../schemas/seed.ts'

/** What a scenario does to each call, in plain data: its number is counted from the moment the scenario is chosen. */
export type Scenario = {
  about: string
  delay?: Delay
  /** The status of the n-th call, counted from 1; `undefined` lets it pass. */
  status?: (n: number) => number | undefined
  /** What the world starts from; without it the seed. */
  state?: (seed: Seed) => Seed
}

const freeCalls = 5

/** [scenario.names] Every scenario is exact: nothing is left to chance but the length of a wait. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  happy: { about: 'everything works' },
  empty: { about: 'nobody is there but the personas', state: onlyPersonas },
  flaky: { about: 'every third call answers 503', status: (n) => (n % 3 === 0 ? 503 : undefined) },
  slow: { about: 'every call takes 800 to 2,000 ms', delay: '800-2000' },
  'rate-limited': {
    about: `after ${freeCalls} calls every one answers 429`,
    status: (n) => (n > freeCalls ? 429 : undefined),
  },
  'auth-expired': { about: 'every call answers 401, as after a long night', status: () => 401 },
}

function onlyPersonas(seed: Seed): Seed {
  const ids = new Set(Object.values(seed.personas))
  return { ...seed, profiles: seed.profiles.filter(({ id }) => ids.has(id)) }
}
