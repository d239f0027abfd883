import t from 'tap'
import { ScenarioName } from '../../schemas/scenario.ts'
import { scenarioStatus, scenarios } from '../../src/traffic/scenarios.ts'
import { deepFrozen, profileWith, seedWith } from '../support/seeds.ts'

const statuses: Record<ScenarioName, (number | undefined)[]> = {
  happy: Array(9).fill(undefined),
  empty: Array(9).fill(undefined),
  slow: Array(9).fill(undefined),
  flaky: [undefined, undefined, 503, undefined, undefined, 503, undefined, undefined, 503],
  'rate-limited': [undefined, undefined, undefined, undefined, undefined, 429, 429, 429, 429],
  'auth-expired': Array(9).fill(401),
}

t.test('every scenario that can be named is there and says what it is about', async (t) => {
  t.strictSame(
    Object.keys(scenarios),
    ScenarioName.anyOf.map((name) => name.const),
  )
  for (const [name, { about }] of Object.entries(scenarios)) t.ok(about, name)
})

const counting = (scenario: ScenarioName) => ({
  scenario,
  scenarioCalls: 0,
  limitedUntil: undefined as number | undefined,
})

for (const [name, expected] of Object.entries(statuses)) {
  // [scenario.names]
  t.test(`${name} gives its statuses to calls 1 to 9, and the same ones every time`, async (t) => {
    for (let round = 0; round < 2; round += 1) {
      const sandbox = counting(name as ScenarioName)
      t.strictSame(
        expected.map(() => scenarioStatus(sandbox, 0)),
        expected,
      )
    }
  })
}

// [scenario.rate-limited]
t.test('a limit is lifted when Retry-After has passed, and holds again after as many calls', async (t) => {
  const sandbox = counting('rate-limited')
  const calls = (now: number, count: number) =>
    Array.from({ length: count }, () => scenarioStatus(sandbox, now) ?? 200)
  t.strictSame(calls(5000, 4), [200, 200, 200, 200])
  t.strictSame(calls(60_000, 3), [200, 429, 429], 'it holds from the first call that is refused')
  t.strictSame(calls(60_999, 2), [429, 429])
  t.strictSame(calls(61_000, 6), [200, 200, 200, 200, 200, 429])
  t.strictSame(calls(1000, 1), [200], 'a clock that was set back')
})

t.test('only slow has a delay, only empty a state', async (t) => {
  for (const [name, { delay, state }] of Object.entries(scenarios)) {
    t.equal(delay, name === 'slow' ? '800-2000' : undefined, name)
    t.equal(state !== undefined, name === 'empty', name)
  }
})

t.test(
  'empty keeps the personas and everything that is no profile, and does not touch the seed',
  async (t) => {
    const seed = deepFrozen(
      seedWith({ personas: { a: 2, b: 2, c: 3 }, profiles: [1, 2, 3, 4].map((id) => profileWith(id)) }),
    )
    t.strictSame(scenarios.empty.state?.(seed), { ...seed, profiles: [profileWith(2), profileWith(3)] })
  },
)
