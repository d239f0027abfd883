import t from 'tap'
import type { Seed } from '../../schemas/seed.ts'
import { fewestProfiles, generateSeed } from '../../src/seed/generate-seed.ts'
import { parseSeed } from '../../src/seed/seed.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { isSecretKey } from '../../src/values/secrets.ts'

const builtIn = await readSeed()

/** How many levels the tree of teams has. */
function levels({ teams }: Seed): number {
  const parents = new Map(teams.map(({ id, parent }) => [id, parent]))
  const levelOf = (id: number | null | undefined): number => (id == null ? 0 : 1 + levelOf(parents.get(id)))
  return Math.max(...teams.map(({ id }) => levelOf(id)))
}

/** Every key of a value, at any depth. */
const keysOf = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, entry]) => [key, ...keysOf(entry)])
    : []

const sizes: [profiles: number, teams: number, levels: number][] = [
  [4, 1, 1],
  [5, 1, 1],
  [12, 1, 1],
  [13, 2, 2],
  [2000, 167, 3],
  [7000, 500, 3],
]

for (const [profiles, teams, depth] of sizes) {
  t.test(`a seed of ${profiles} profiles has ${teams} teams of ${depth} levels and is valid`, async (t) => {
    const seed = await generateSeed({ profiles })
    t.strictSame(parseSeed(seed), seed)
    t.equal(seed.profiles.length, profiles)
    t.strictSame(
      seed.profiles.map(({ id }) => id),
      Array.from({ length: profiles }, (_, index) => index + 1),
    )
    t.equal(seed.teams.length, teams)
    t.equal(levels(seed), depth)
    t.equal(seed.teams.filter(({ parent }) => parent === null).length, 1)
    t.strictSame(keysOf(seed).filter(isSecretKey), [])
    t.strictSame(
      keysOf(seed).filter((key) => key.startsWith('actual')),
      [],
    )
    t.notMatch(JSON.stringify(seed), /undefined|NaN|\[object/)
  })
}

t.test('the built-in roles, choices and personas come along, the personas without their teams', async (t) => {
  for (const profiles of [fewestProfiles, 50]) {
    const { teams: _teams, profiles: people, ...rest } = await generateSeed({ profiles })
    const { teams: _builtInTeams, profiles: builtInPeople, ...builtInRest } = builtIn
    t.strictSame(rest, builtInRest)
    const expected = builtInPeople
      .slice(0, fewestProfiles)
      .map(({ settings: { teamIds: _, ...settings }, ...profile }) => ({
        ...profile,
        settings,
      }))
    t.strictSame(people.slice(0, fewestProfiles), expected)
  }
})

t.test('the same numbers make the same seed', async (t) => {
  t.strictSame(await generateSeed({ profiles: 60 }), await generateSeed({ profiles: 60, randomSeed: 1 }))
  t.strictSame(
    await generateSeed({ profiles: 60, randomSeed: 42 }),
    await generateSeed({ profiles: 60, randomSeed: 42 }),
  )
})

t.test('another random seed makes other people of the same number', async (t) => {
  const [one, other] = await Promise.all(
    [7, 8].map((randomSeed) => generateSeed({ profiles: 60, randomSeed })),
  )
  const names = (seed: Seed | undefined) =>
    seed?.profiles.slice(fewestProfiles).map(({ firstName, lastName }) => `${firstName} ${lastName}`) ?? []
  t.equal(names(other).length, names(one).length)
  const same = names(one).filter((name, index) => name === names(other)[index])
  t.ok(same.length < 5, `${same.length} of ${names(one).length} are the same`)
})

t.test('the people of a large seed are as different as those of a real one', async (t) => {
  const { profiles } = await generateSeed({ profiles: 2000 })
  const made = profiles.slice(fewestProfiles)
  const kinds: [what: string, is: (profile: (typeof made)[number]) => boolean][] = [
    ['have rawData', ({ rawData }) => rawData !== undefined],
    ['have a team', ({ settings: { teamIds } }) => teamIds !== undefined && teamIds.length > 0],
    ['are in two teams', ({ settings: { teamIds } }) => teamIds?.length === 2],
    ['inherit', ({ settings }) => settings.inheritTeamSettings === true],
    ['are agents', ({ settings }) => settings.roleId === 2],
    ['are busy', ({ settings }) => settings.status === 'busy'],
    ['sign in by SSO only', ({ isSsoOnly }) => isSsoOnly === 1],
    ['have tags', ({ settings }) => (settings.skills?.tagIds?.length ?? 0) > 0],
    ['speak Polish', ({ lang }) => lang === 'pl'],
    ['speak Turkish', ({ lang }) => lang === 'tr'],
  ]
  for (const [what, is] of kinds) {
    const count = made.filter(is).length
    t.ok(count > 0 && count < made.length, `${count} of ${made.length} ${what}`)
  }
  t.ok(made.every(({ type, settings }) => type === 'user' && settings.roleId !== 1))
  t.ok(made.every(({ email = '' }) => /^[^@\s]+@stadtwerke\.example$/.test(email)))
  t.ok(made.every(({ email = '' }) => email === email.toLowerCase()))
  t.ok(made.every(({ lastSeen = '' }) => /^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d$/.test(lastSeen)))
  for (const { settings } of made) {
    const { teamIds = [], skills = {} } = settings
    for (const list of [teamIds, skills.tagIds ?? [], skills.channels ?? []]) {
      if (new Set<unknown>(list).size !== list.length) t.fail(`an entry twice in ${list}`)
    }
  }
})

t.test('the teams of a large seed differ in what their members inherit', async (t) => {
  const { teams } = await generateSeed({ profiles: 2000 })
  const keys = new Set(teams.flatMap(({ settings }) => Object.keys(settings)))
  t.strictSame([...keys].sort(), [
    'limitTicketBacklogAccess',
    'roleId',
    'skills',
    'tagsOnEdit',
    'tagsOnRoute',
    'ticketBacklogRequiredTagIds',
  ])
})

t.test(
  'without the optional library of names a seed is refused in one sentence that says what to do',
  async (t) => {
    const missing = () => Promise.reject(new Error('not installed'))
    await t.rejects(generateSeed({ profiles: 4 }, missing), {
      message: 'The library of made-up names is missing; install it with npm install @faker-js/faker.',
    })
  },
)
