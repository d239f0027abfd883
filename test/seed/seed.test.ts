import t from 'tap'
import type { Seed, StoredProfile, Team } from '../../schemas/seed.ts'
import { checkSeed, parseSeed, SeedError } from '../../src/seed/seed.ts'
import { profileWith, roleWith, seedWith, teamWith } from '../support/seeds.ts'

function faultsOf(value: unknown): string[] {
  try {
    parseSeed(value)
    return []
  } catch (error) {
    if (!(error instanceof SeedError)) throw error
    return error.faults.map(({ message }) => message)
  }
}

/** The whole sentence that sums up what is wrong with a seed. */
function summaryOf(value: unknown): string | undefined {
  try {
    parseSeed(value)
  } catch (error) {
    return (error as Error).message
  }
}

const withProfile = (profile: object) => ({ ...seedWith(), profiles: [profile] })
const withSettings = (settings: StoredProfile['settings']) =>
  seedWith({ profiles: [profileWith(1, { settings })] })
const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) })
/** Each team is below the one before it. */
const chain = (length: number) =>
  Array.from({ length }, (_, index) => teamWith(index + 1, index === 0 ? null : index))
const published = 'available, busy'

const faulty: [what: string, seed: unknown, faults: string[]][] = [
  ['that is no object', [], ['the document must be an object (got an array)']],
  ['of an empty file', null, ['the document must be an object (got null)']],
  ['without its lists', { personas: {} }, ['roles is required', 'teams is required', 'profiles is required']],
  ['with an unknown key', { ...seedWith(), users: [] }, ['users is not a known key']],
  [
    'with a persona that is no id',
    { ...seedWith(), personas: { admin: '1' } },
    ['personas.admin must be an integer (got a string of 1 character)'],
  ],
  ['with a profile without id', withProfile({ settings: {} }), ['profiles[0].id is required']],
  ['with a profile without settings', withProfile({ id: 1 }), ['profiles[0].settings is required']],
  [
    'with derived settings',
    withProfile({ id: 1, settings: { actualRoleId: 1 } }),
    ['profiles[0].settings.actualRoleId is not a known key'],
  ],
  [
    'with a password',
    withProfile({ id: 1, settings: {}, password: 'p' }),
    ['profiles[0].password is not a known key'],
  ],
  [
    'with an image',
    withProfile({ id: 1, settings: {}, image: '' }),
    ['profiles[0].image is not a known key'],
  ],
  [
    'with a wrong type deep inside',
    withProfile({ id: 1, settings: { skills: { tagIds: [1, 'x'] } } }),
    ['profiles[0].settings.skills.tagIds[1] must be an integer (got a string of 1 character)'],
  ],
  [
    'with a role without permissions',
    { ...seedWith(), roles: [{ id: 1, name: 'R' }] },
    ['roles[0].permissions is required'],
  ],
  [
    'with a team without parent',
    { ...seedWith(), teams: [{ id: 1, name: 'T', settings: {} }] },
    ['teams[0].parent is required'],
  ],
  [
    'with a role id twice',
    seedWith({ roles: [roleWith(1), roleWith(2), roleWith(1)] }),
    ['roles[2].id: 1 is taken by an earlier entry'],
  ],
  [
    'with a team id twice',
    seedWith({ teams: [teamWith(1), teamWith(1)] }),
    ['teams[1].id: 1 is taken by an earlier entry'],
  ],
  [
    'with a profile id twice',
    seedWith({ profiles: [profileWith(7), profileWith(7)] }),
    ['profiles[1].id: 7 is taken by an earlier entry'],
  ],
  [
    'with a persona of nobody',
    seedWith({ personas: { admin: 9 } }),
    ['personas.admin: there is no profile 9'],
  ],
  [
    "with a role's base that is none",
    seedWith({ roles: [{ ...roleWith(1), baseRoleId: 9 }] }),
    ['roles[0].baseRoleId: there is no role 9'],
  ],
  [
    'with a parent that is no team',
    seedWith({ teams: [teamWith(1, 9)] }),
    ['teams[0].parent: there is no team 9'],
  ],
  [
    "with a team's role that is none",
    seedWith({ teams: [teamWith(1, null, { roleId: 9 })] }),
    ['teams[0].settings.roleId: there is no role 9'],
  ],
  [
    "with a profile's role that is none",
    withSettings({ roleId: 9 }),
    ['profiles[0].settings.roleId: there is no role 9'],
  ],
  [
    'with teams that are none',
    withSettings({ teamIds: [8, 9] }),
    [
      'profiles[0].settings.teamIds[0]: there is no team 8',
      'profiles[0].settings.teamIds[1]: there is no team 9',
    ],
  ],
  [
    'with an unpublished status',
    withSettings({ status: 'away' }),
    [`profiles[0].settings.status: must be one of ${published}`],
  ],
  [
    'with a status beyond its own list',
    { ...withSettings({ status: 'gone' }), statusOptions: ['away'] },
    [`profiles[0].settings.status: must be one of ${published}, away`],
  ],
  [
    'with a team that is its own parent',
    seedWith({ teams: [teamWith(1, 1)] }),
    ['teams[0].parent: is below the team itself'],
  ],
  [
    'with teams in a circle',
    seedWith({ teams: [teamWith(1, 3), teamWith(2, 1), teamWith(3, 2), teamWith(4, 1)] }),
    [0, 1, 2].map((index) => `teams[${index}].parent: is below the team itself`),
  ],
  [
    'with teams 102 deep',
    seedWith({ teams: chain(102) }),
    ['teams[100].parent: must leave the team at most 100 deep'],
  ],
  [
    'with teams 102 deep, the deepest one first',
    seedWith({ teams: chain(102).reverse() }),
    ['teams[1].parent: must leave the team at most 100 deep'],
  ],
  [
    'with teams below a circle and below no team',
    seedWith({ teams: [teamWith(5, 4), teamWith(4, 3), teamWith(3, 4), teamWith(2, 9), teamWith(1, 2)] }),
    [
      'teams[1].parent: is below the team itself',
      'teams[2].parent: is below the team itself',
      'teams[3].parent: there is no team 9',
    ],
  ],
  [
    'with rawData 101 deep',
    seedWith({ profiles: [profileWith(1, { rawData: { a: nested(100) } })] }),
    ['profiles[0].rawData: must be nested at most 100 deep'],
  ],
  [
    'with rawData too deep to look for secrets in, before another profile with a secret',
    seedWith({
      profiles: [
        profileWith(1, { rawData: { password: 'p', a: nested(100) } }),
        profileWith(2, { rawData: { password: 'p' }, settings: { roleId: 9 } }),
      ],
    }),
    [
      'profiles[0].rawData: must be nested at most 100 deep',
      'profiles[1].settings.roleId: there is no role 9',
      'profiles[1].rawData.password: secrets are not kept; leave it out',
    ],
  ],
  [
    'with secrets in rawData',
    seedWith({ profiles: [profileWith(1, { rawData: { password: 'p', a: [{ Token: 't' }] } })] }),
    [
      'profiles[0].rawData.password: secrets are not kept; leave it out',
      'profiles[0].rawData.a[0].Token: secrets are not kept; leave it out',
    ],
  ],
]

for (const [what, seed, faults] of faulty) {
  // [seed.team-depth] among others
  t.test(`a seed ${what} is refused by path`, async (t) => t.strictSame(faultsOf(seed), faults))
}

const circle: Record<string, unknown> = {}
circle.self = circle
class Thing {}

const unplain: [what: string, rawData: object, fault: string][] = [
  ['NaN', { a: [Number.NaN] }, '.a[0]: must be a number that JSON has (got NaN)'],
  ['Infinity', { a: Number.NEGATIVE_INFINITY }, '.a: must be a number that JSON has (got -Infinity)'],
  ['bytes', { a: Buffer.from('x') }, '.a: must be JSON (got binary data)'],
  ['a date', { a: new Date(0) }, '.a: must be JSON (got a date)'],
  ['a set', { a: new Set() }, '.a: must be JSON (got a Set)'],
  ['an object of a class', { a: new Thing() }, '.a: must be JSON (got a Thing)'],
  ['a function', { a: () => 1 }, '.a: must be JSON (got a function)'],
  ['a bigint', { a: 1n }, '.a: must be JSON (got a bigint)'],
  ['nothing within a list', { a: [undefined] }, '.a[0]: must be JSON (got nothing)'],
  [
    '__proto__',
    JSON.parse('{"a":{"__proto__":{}}}'),
    '.a.__proto__: the keys __proto__ and constructor.prototype are not accepted',
  ],
  [
    'constructor.prototype',
    { constructor: { prototype: {} } },
    '.constructor: the keys __proto__ and constructor.prototype are not accepted',
  ],
  ['a class as constructor', { constructor: Thing }, '.constructor: must be JSON (got a function)'],
  ['itself', circle, ': must be nested at most 100 deep'],
]

for (const [what, rawData, fault] of unplain) {
  // [seed.plain]
  t.test(`a seed with ${what} in rawData is refused by path`, async (t) => {
    t.strictSame(faultsOf(withProfile({ id: 1, settings: {}, rawData })), [`profiles[0].rawData${fault}`])
  })
}

t.test('a persona cannot be called __proto__', async (t) => {
  const personas = JSON.parse('{"__proto__":1}')
  t.match(faultsOf({ ...withProfile({ id: 1, settings: {} }), personas }), [/personas\.__proto__: the keys/])
})

t.test(
  'what JSON can carry is kept, null, nested lists and a constructor without a prototype included',
  async (t) => {
    const d = Object.create(null)
    const rawData = {
      a: null,
      b: [[1], { c: true, constructor: null }],
      constructor: 'x',
      d,
      f: { prototype: {} },
    }
    const [profile] = parseSeed(
      withProfile({ id: 1, settings: {}, rawData: { ...rawData, e: undefined } }),
    ).profiles
    t.same(profile?.rawData, rawData)
    t.strictSame(Object.keys(profile?.rawData ?? {}), ['a', 'b', 'constructor', 'd', 'f'])
  },
)

t.test('all faults of a seed are named together', async (t) => {
  const seed = seedWith({
    personas: { admin: 9 },
    roles: [roleWith(1), roleWith(1)],
    teams: [teamWith(1, 8, { roleId: 7 })],
    profiles: [profileWith(1, { settings: { roleId: 6, teamIds: [5], status: 'away' } })],
  })
  t.equal(faultsOf(seed).length, 7)
  t.equal(summaryOf(seed), 'the seed has 7 faults')
  t.equal(summaryOf(withSettings({ roleId: 9 })), 'the seed has 1 fault')
})

t.test('of more than 100 faults the first 100 are named', async (t) => {
  const profiles = (count: number) =>
    seedWith({ profiles: Array.from({ length: count }, () => profileWith(1)) })
  t.equal(faultsOf(profiles(101)).length, 100)
  t.equal(summaryOf(profiles(101)), 'the seed has 100 faults')
  for (const count of [102, 151]) {
    t.equal(faultsOf(profiles(count)).length, 100)
    t.equal(summaryOf(profiles(count)), 'the seed has more than 100 faults, of which the first 100 are told')
  }
  const shapeless = { ...seedWith(), profiles: Array(200).fill({}) }
  t.equal(faultsOf(shapeless).length, 100)
  t.equal(checkSeed(shapeless).length, 101, 'one more shows that there are more')
})

const shapes: [what: string, teams: (count: number) => Team[]][] = [
  ['in a chain', chain],
  ['in a chain that is listed from its end', (count) => chain(count).reverse()],
  ['in one circle', (count) => [teamWith(1, count), ...chain(count).slice(1)]],
  [
    'below one other',
    (count) => Array.from({ length: count }, (_, n) => teamWith(n + 1, n === 0 ? null : 1)),
  ],
]

for (const [what, teams] of shapes) {
  t.test(`100,000 teams ${what} are checked in about the time of a hundred times 1,000`, async (t) => {
    const timed = (count: number, times: number) => {
      const seed = seedWith({ teams: teams(count) })
      const begun = process.cpuUsage()
      for (let n = 0; n < times; n += 1) faultsOf(seed)
      const { user } = process.cpuUsage(begun)
      return user
    }
    timed(1000, 30)
    const [few, many] = [timed(1000, 100), timed(100_000, 1)]
    // A walk up from each team would take a hundred times as long.
    t.ok(many < few * 30, `${many / 1000} ms, ${few / 1000} ms`)
  })
}

const accepted: [what: string, seed: Seed][] = [
  ['that is empty', seedWith()],
  ['with a status of its own list', { ...withSettings({ status: 'away' }), statusOptions: ['away'] }],
  [
    'with a published status beside a list of its own',
    { ...withSettings({ status: 'busy' }), statusOptions: ['away'] },
  ],
  ['with any report role when it lists none', withSettings({ supersetRole: 'Beta' })],
  [
    // An update can lead there.
    'with a report role beyond its own list',
    { ...withSettings({ supersetRole: 'Beta' }), supersetRoles: ['Alpha'] },
  ],
  ['with a listed report role', { ...withSettings({ supersetRole: 'Beta' }), supersetRoles: ['Beta'] }],
  ['with three levels of teams', seedWith({ teams: [teamWith(3, 2), teamWith(2, 1), teamWith(1)] })],
  ['with teams 100 deep', seedWith({ teams: chain(100).reverse() })],
  ['with rawData 100 deep', seedWith({ profiles: [profileWith(1, { rawData: { a: nested(99) } })] })],
]

for (const [what, seed] of accepted) {
  t.test(`a seed ${what} is accepted as it is`, async (t) => t.strictSame(parseSeed(seed), seed))
}

t.test(
  'a role that is built on one that is not there is a fault, and so are statuses that are no list',
  async (t) => {
    const seed = seedWith({ roles: [{ ...roleWith(1), baseRoleId: 9 }] })
    t.match(checkSeed(seed), [{ path: 'roles[0].baseRoleId', message: /there is no role 9/ }])
    for (const statusOptions of ['busy', [5]] as never[])
      t.match(checkSeed({ ...seedWith({}), statusOptions })[0]?.path, /^statusOptions/)
  },
)
