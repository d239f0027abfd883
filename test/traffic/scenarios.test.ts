import t from 'tap'
import { ScenarioName } from '../../schemas/scenario.ts'
import { scenarios } from '../../src/traffic/scenarios.ts'
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

for (const [name, expected] of Object.entries(statuses)) {
  // [scenario.names]
  t.test(`${name} gives its statuses to calls 1 to 9, and the same ones every time`, async (t) => {
    const { status } = scenarios[name as ScenarioName]
    for (let round = 0; round < 2; round += 1)
      t.strictSame(
        expected.map((_, index) => status?.(index + 1)),
        expected,
      )
  })
}

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
