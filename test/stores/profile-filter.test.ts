import t, { type Test } from 'tap'
import type { ProfilesQuery, Show } from '../../schemas/read-profiles.ts'
import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import { derivedSettings } from '../../src/profiles/derived-settings.ts'
import { profileSearch } from '../../src/profiles/search-profiles.ts'
import { generateSeed } from '../../src/seed/generate-seed.ts'
import { createDirectory } from '../../src/stores/directory.ts'
import { createMemoryStore } from '../../src/stores/memory-store.ts'
import { type Page, type ProfileFilter, predicateOf, typeOf } from '../../src/stores/profile-filter.ts'
import { profileWith } from '../support/seeds.ts'

t.test('a filter by ids and types needs no look at a profile', async (t) => {
  const filters: ProfileFilter[] = [
    {},
    { skills: [] },
    { ids: [1] },
    { types: ['user'] },
    { ids: [], types: [] },
  ]
  for (const filter of filters) t.equal(predicateOf(filter), undefined)
})

// [get-profiles.no-type]
t.test('a profile without a type counts as a user', async (t) => {
  t.equal(typeOf(profileWith(1)), 'user')
  t.equal(typeOf(profileWith(1, { type: 'enneo' })), 'enneo')
})

const person: Partial<StoredProfile> = {
  firstName: 'Jürgen',
  lastName: 'Müller',
  email: 'J.Mueller@Example.org',
}
const inTeams = (...teamIds: number[]): Partial<StoredProfile> => ({ settings: { teamIds } })
const teams = (ids: number[], unassigned = false): ProfileFilter => ({ teams: { ids, unassigned } })
const skill = (values: (number | string)[], providedBy: number[] = []): ProfileFilter => ({
  skills: [{ kind: typeof values[0] === 'string' ? 'channels' : 'tagIds', values, providedBy }],
})
const skilled: Partial<StoredProfile> = { settings: { skills: { tagIds: [1, 2], channels: ['chat'] } } }

const predicates: [rule: string, filter: ProfileFilter, profile: Partial<StoredProfile>, matches: boolean][] =
  [
    ['text at the beginning of the first name', { text: 'jür' }, person, true],
    ['text inside the last name', { text: 'ülle' }, person, true],
    ['text across first and last name', { text: 'gen mü' }, person, true],
    ['text inside the mail address', { text: 'mueller@example' }, person, true],
    ['text across last name and mail address', { text: 'müller j.' }, person, false],
    ['text that is nowhere', { text: 'meier' }, person, false],
    ['text without the umlaut', { text: 'jurgen' }, person, false],
    ['text in another field', { text: 'bär' }, { ...person, nameAlias: 'Bär', externalId: 'bär' }, false],
    ['text in a profile without names', { text: 'undefined' }, {}, false],
    ['seen since then', { seenSince: 0 }, { lastSeen: '2026-11-20 09:14:01' }, true],
    [
      'seen at that very time',
      { seenSince: Date.UTC(2026, 10, 20) },
      { lastSeen: '2026-11-20 00:00:00' },
      true,
    ],
    ['seen since then, but never was', { seenSince: 0 }, {}, false],
    ['seen since then, at no time that there is', { seenSince: 0 }, { lastSeen: 'online' }, false],
    ['one of the teams', teams([1, 2]), inTeams(2, 3), true],
    ['none of the teams', teams([1, 2]), inTeams(3), false],
    ['a team of somebody without one', teams([1]), {}, false],
    ['no team for somebody without one', teams([], true), {}, true],
    ['no team for an empty list', teams([], true), inTeams(), true],
    ['no team for somebody with one', teams([], true), inTeams(3), false],
    ['a team or none, having another', teams([1], true), inTeams(3), false],
    ['a team or none, having none', teams([1], true), {}, true],
    ['no team at all is asked for', teams([]), {}, false],
    ['an own tag', skill([2, 9]), skilled, true],
    ['no own tag', skill([9]), skilled, false],
    ['an own channel', skill(['chat']), skilled, true],
    ['no own channel', skill(['Chat']), skilled, false],
    ['a skill of somebody without any', skill([1]), {}, false],
    [
      'a skill of a team',
      skill([9], [7]),
      { settings: { teamIds: [6, 7], inheritTeamSettings: true } },
      true,
    ],
    [
      'a skill of another team',
      skill([9], [7]),
      { settings: { teamIds: [6], inheritTeamSettings: true } },
      false,
    ],
    [
      'a skill of a team, inheriting off',
      skill([9], [7]),
      { settings: { teamIds: [7], inheritTeamSettings: false } },
      false,
    ],
    ['a skill of a team, inheriting not named', skill([9], [7]), inTeams(7), false],
    [
      'a skill of a team, inheriting without a team',
      skill([9], [7]),
      { settings: { inheritTeamSettings: true } },
      false,
    ],
    [
      'all parts at once',
      { text: 'jür', ...teams([1]), ...skill([1]) },
      { ...person, settings: { teamIds: [1], skills: { tagIds: [1] } } },
      true,
    ],
    [
      'all parts but one',
      { text: 'jür', ...teams([2]), ...skill([1]) },
      { ...person, settings: { teamIds: [1], skills: { tagIds: [1] } } },
      false,
    ],
    [
      'two skills, having one',
      { skills: [...(skill([1]).skills ?? []), ...(skill(['mail']).skills ?? [])] },
      skilled,
      false,
    ],
    [
      'two skills, having both',
      { skills: [...(skill([1]).skills ?? []), ...(skill(['chat']).skills ?? [])] },
      skilled,
      true,
    ],
  ]

for (const [rule, filter, profile, matches] of predicates) {
  t.test(`${rule}: ${matches ? 'matches' : 'does not match'}`, async (t) => {
    t.equal(predicateOf(filter)?.(profileWith(1, profile)), matches)
  })
}

/** Chance that is the same every time (mulberry32). */
function createRandom(start: number) {
  let state = start
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(random() * limit)
  return {
    below,
    some: (odds: number) => random() < odds,
    list: <T>(most: number, entry: () => T): T[] => Array.from({ length: 1 + below(most) }, entry),
  }
}
type Random = ReturnType<typeof createRandom>

const peopleOfSeed = 5000

const generated = await generateSeed({ profiles: peopleOfSeed })

/** A generated seed in no order, with some of each type. */
function mixed(seed: Seed): Seed {
  const types = ['enneo', 'serviceWorker', undefined]
  const profiles = seed.profiles.map(({ type, ...profile }) => {
    const other = profile.id % 9 === 0 ? types[(profile.id / 9) % 3] : type
    return other === undefined ? profile : { ...profile, type: other }
  })
  return { ...seed, profiles: profiles.sort((a, b) => ((a.id * 7919) % 5003) - ((b.id * 7919) % 5003)) }
}

const shows: Show[] = ['users', 'enneo', 'serviceWorkers', 'all']
const texts = ['a', 'an', 'ü', 'stadtwerke', 'max', 'er s', 'ł', 'nobody at all', 'NG', '@']
const channels = ['chat', 'email', 'letter', 'phone', 'whatsapp', 'fax']

function randomQuery({ below, some, list }: Random): ProfilesQuery {
  const pick = <T>(values: readonly T[]) => values[below(values.length)] as T
  return {
    ...(some(0.6) && { show: list(2, () => pick(shows)) }),
    ...(some(0.3) && { q: pick(texts) }),
    ...(some(0.2) && { userIds: list(400, () => below(peopleOfSeed + 50)) }),
    ...(some(0.3) && { teamIds: list(20, () => (some(0.1) ? ('unassigned' as const) : below(430))) }),
    ...(some(0.3) && { tagIds: list(3, () => below(65)) }),
    ...(some(0.2) && { channels: list(2, () => pick(channels)) }),
    ...(some(0.1) && { roleId: 1 + below(8) }),
    ...(some(0.1) && { lastSeen: pick(['online', '2025-12-20', '2025-12-25 12:30:00']) }),
    ...(some(0.7) && { limit: 1 + below(some(0.2) ? 6000 : 60) }),
    ...(some(0.5) && { offset: below(some(0.2) ? 6000 : 40) }),
  }
}

/** When the generated people were last seen. */
const now = Date.UTC(2026, 0, 1, 8)
const tenMinutesAgo = '2026-01-01 07:50:00'

/** A second, plain reading of what a search means: every profile is asked, then ordered, then cut. */
function createPlainSearch(seed: Seed) {
  const directory = createDirectory(seed)
  const kinds: Record<string, Show> = { user: 'users', enneo: 'enneo', serviceWorker: 'serviceWorkers' }
  const people = seed.profiles.map((profile) => {
    const { id, type = 'user', firstName, lastName, email, lastSeen = '', settings } = profile
    return {
      id,
      kind: [kinds[type], 'all'],
      texts: [`${firstName} ${lastName}`, `${email}`].map((text) => text.toLowerCase()),
      teams: settings.teamIds?.length ? settings.teamIds : ['unassigned' as const],
      skills: derivedSettings(profile, directory).actualSkills,
      roleId: settings.roleId,
      // As text it is ordered as it is in time.
      lastSeen,
    }
  })
  const share = (wanted: readonly unknown[] | undefined, others: readonly unknown[] = []) =>
    wanted === undefined || others.some((entry) => wanted.includes(entry))
  return (query: ProfilesQuery): number[] => {
    const { show = ['users'], q = '', userIds, teamIds, tagIds, channels, limit = 100, offset = 0 } = query
    const { roleId, lastSeen: since = '' } = query
    const text = q.toLowerCase()
    return people
      .filter(
        ({ id, kind, texts, teams, skills, lastSeen, ...person }) =>
          share(show, kind) &&
          share(userIds, [id]) &&
          texts.some((value) => value.includes(text)) &&
          share(teamIds, teams) &&
          share(tagIds, skills?.tagIds) &&
          share(channels, skills?.channels) &&
          (roleId === undefined || person.roleId === roleId) &&
          (since === 'online' ? lastSeen >= tenMinutesAgo : lastSeen >= since),
      )
      .map(({ id }) => id)
      .sort((a, b) => a - b)
      .slice(offset, offset + limit)
  }
}

t.test(`pages of ${peopleOfSeed} profiles are those of a plain search`, async (t) => {
  const world = await createMemoryStore(mixed(generated)).world('one')
  const directory = await world.directory()
  const random = createRandom(20261120)
  let [full, empty] = [0, 0]

  const compare = async (t: Test, queries: number) => {
    const plainSearch = createPlainSearch(await world.toSeed())
    const differing: unknown[] = []
    for (let left = queries; left > 0; left -= 1) {
      const query = randomQuery(random)
      const { filter, page } = profileSearch(query, directory, now)
      const found = (await world.find(filter, page)).map(({ id }) => id)
      const expected = plainSearch(query)
      if (found.join() !== expected.join()) differing.push({ query, found, expected })
      if (found.length === 0) empty += 1
      else full += 1
    }
    t.strictSame(differing, [])
  }

  await t.test('on the seed', (t) => compare(t, 200))
  await t.test('after every tenth profile has changed', async (t) => {
    const ids = Array.from({ length: peopleOfSeed / 10 }, (_, index) => 10 * (index + 1))
    await world.update(ids, (stored) => ({
      changed: ids
        .flatMap((id) => stored.get(id) ?? [])
        .map((profile) => ({
          ...profile,
          firstName: 'Max',
          settings: { ...profile.settings, teamIds: [1 + random.below(400)], inheritTeamSettings: true },
        })),
      result: undefined,
    }))
    await compare(t, 100)
  })
  t.ok(full > 100 && empty > 20, `${full} pages had something on them, ${empty} had nothing`)
})

/** A seed that counts the profiles of which anything is read. */
function watchedSeed(seed: Seed) {
  const read = new Set<number>()
  const watched = (profile: StoredProfile) =>
    new Proxy(profile, {
      get: (target, key) => {
        read.add(target.id)
        return Reflect.get(target, key)
      },
    })
  return { seed: { ...seed, profiles: seed.profiles.map(watched) }, read }
}

/** How often anything is looked up in a Map until `run` first waits. */
async function lookUps<T>(run: () => Promise<T>): Promise<{ result: T; count: number }> {
  const { get } = Map.prototype
  let count = 0
  Map.prototype.get = function (this: Map<unknown, unknown>, key: unknown) {
    count += 1
    return get.call(this, key)
  }
  let pending: Promise<T>
  try {
    pending = run()
  } finally {
    Map.prototype.get = get
  }
  return { result: await pending, count }
}

t.test('a page by type or ids looks at the profiles of that page only', async (t) => {
  const { seed, read } = watchedSeed(mixed(generated))
  const world = await createMemoryStore(seed).world('one')
  const pages: [rule: string, filter: ProfileFilter, page: Page][] = [
    ['of all', {}, { offset: 0, limit: 10 }],
    ['of users', { types: ['user'] }, { offset: 0, limit: 10 }],
    ['of two types', { types: ['enneo', 'user'] }, { offset: 0, limit: 10 }],
    ['far behind', { types: ['user'] }, { offset: 4000, limit: 10 }],
    ['beyond the end', { types: ['user'] }, { offset: 9000, limit: 10 }],
    ['of ids', { ids: [77, 4, 4999] }, { offset: 0, limit: 10 }],
    ['of ids and types', { ids: [77, 4, 4999, 9], types: ['user'] }, { offset: 1, limit: 2 }],
  ]
  // The ids of a type are listed when they are first asked for.
  for (const [, filter] of pages) await world.find(filter, { offset: 0, limit: 1 })
  for (const [rule, filter, page] of pages) {
    read.clear()
    const { result, count } = await lookUps(() => world.find(filter, page))
    const asked = filter.ids?.length ?? 0
    t.ok(read.size <= asked, `${rule}: ${read.size} profiles were read`)
    t.ok(count <= 2 * (result.length + asked) + 2, `${rule}: ${count} look-ups for ${result.length} profiles`)
  }

  await t.test('and what is counted is there to be counted', async (t) => {
    read.clear()
    const { result, count } = await lookUps(() =>
      world.find({ text: 'nobody at all' }, { offset: 0, limit: 10 }),
    )
    t.strictSame(result, [])
    t.equal(read.size, peopleOfSeed)
    t.ok(count >= peopleOfSeed)
  })

  await t.test('a filter stops where the page is full', async (t) => {
    read.clear()
    await world.find({ text: '@' }, { offset: 5, limit: 10 })
    t.equal(read.size, 15)
  })
})
