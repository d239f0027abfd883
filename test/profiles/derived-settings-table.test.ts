import t from 'tap'
import type { Team } from '../../schemas/seed.ts'
import { derivedSettings, type Inheritance } from '../../src/profiles/derived-settings.ts'
import { createDirectory } from '../../src/stores/directory.ts'
import { profileWith, roleWith, seedWith, teamWith } from '../support/seeds.ts'

/** Where a value can stand: at the profile, or at a team. Team 1 is above 2 is above 3; 4 stands alone. */
type Source = 'own' | 1 | 2 | 3 | 4
const sources: Source[] = ['own', 1, 2, 3, 4]

type Own = { teamIds?: number[]; inheritTeamSettings?: boolean }
const inherit = true

const situations: [name: string, own: Own, inheritance: Inheritance, counting: Source[]][] = [
  ['no team', {}, {}, ['own']],
  ['no team, inheriting', { teamIds: [], inheritTeamSettings: inherit }, {}, ['own']],
  ['a team and not a word of inheriting', { teamIds: [3] }, {}, ['own']],
  ['a team, inheriting off', { teamIds: [3], inheritTeamSettings: false }, {}, ['own']],
  ['one team', { teamIds: [4], inheritTeamSettings: inherit }, {}, ['own', 4]],
  ['one team without those below it', { teamIds: [1], inheritTeamSettings: inherit }, {}, ['own', 1]],
  ['two teams', { teamIds: [4, 1], inheritTeamSettings: inherit }, {}, ['own', 4, 1]],
  ['a team and its parent', { teamIds: [2], inheritTeamSettings: inherit }, {}, ['own', 2, 1]],
  ['a team, parent and grandparent', { teamIds: [3], inheritTeamSettings: inherit }, {}, ['own', 3, 2, 1]],
  ['two teams of one parent line', { teamIds: [2, 3], inheritTeamSettings: inherit }, {}, ['own', 2, 1, 3]],
  ['two lines of teams', { teamIds: [3, 4], inheritTeamSettings: inherit }, {}, ['own', 3, 2, 1, 4]],
  ['a team that does not exist', { teamIds: [98], inheritTeamSettings: inherit }, {}, ['own']],
  ['forced', { teamIds: [2] }, { force: true }, ['own', 2, 1]],
  ['forced against off', { teamIds: [2], inheritTeamSettings: false }, { force: true }, ['own', 2, 1]],
  ['forced without a team', {}, { force: true }, ['own']],
  ['forced to other teams', { teamIds: [2] }, { force: true, teamIds: [4] }, ['own', 4]],
  ['forced to a team without having one', {}, { force: true, teamIds: [3] }, ['own', 3, 2, 1]],
  ['forced to no team', { teamIds: [2] }, { force: true, teamIds: [] }, ['own']],
]

type Derived = ReturnType<typeof derivedSettings>
type Values = Team['settings']

/** Lists by how a source says them and how they are read; every source has a value of its own. */
const lists: Record<string, [say: (value: number) => Values, read: (derived: Derived) => unknown]> = {
  'actualSkills.tagIds': [
    (value) => ({ skills: { tagIds: [value] } }),
    (shown) => shown.actualSkills?.tagIds,
  ],
  'actualSkills.channels': [
    (value) => ({ skills: { channels: [`channel ${value}`] } }),
    (shown) => shown.actualSkills?.channels?.map((channel) => Number(channel.replace('channel ', ''))),
  ],
  actualTicketBacklogRequiredTagIds: [
    (value) => ({ limitTicketBacklogAccess: true, ticketBacklogRequiredTagIds: [value] }),
    (shown) => shown.actualTicketBacklogRequiredTagIds,
  ],
  actualTagsOnRoute: [(value) => ({ tagsOnRoute: [value] }), (shown) => shown.actualTagsOnRoute],
  actualTagsOnEdit: [(value) => ({ tagsOnEdit: [value] }), (shown) => shown.actualTagsOnEdit],
}
const numberOf = (source: Source) => (source === 'own' ? 100 : source)

/** What is derived for a profile when each source says what `says` gives for it. */
function derived(own: Own, inheritance: Inheritance, says: (source: Source) => Values): Derived {
  const directory = createDirectory(
    seedWith({
      roles: sources.map((source) => roleWith(numberOf(source), ['a'])),
      teams: [
        teamWith(1, null, says(1)),
        teamWith(2, 1, says(2)),
        teamWith(3, 2, says(3)),
        teamWith(4, null, says(4)),
      ],
    }),
  )
  return derivedSettings(profileWith(5, { settings: { ...own, ...says('own') } }), directory, inheritance)
}
const onlyAt =
  (where: Source, values: Values) =>
  (source: Source): Values =>
    source === where ? values : {}

for (const [name, own, inheritance, counting] of situations) {
  t.test(`derived settings with ${name}`, async (t) => {
    for (const [key, [say, read]] of Object.entries(lists)) {
      const all = derived(own, inheritance, (source) => say(numberOf(source)))
      t.strictSame(read(all), counting.map(numberOf), `${key} is that of ${counting.join(', ')}`)
    }
    for (const source of sources) {
      const counts = counting.includes(source)
      const flag = derived(own, inheritance, onlyAt(source, { limitTicketBacklogAccess: true }))
      t.equal(flag.actualLimitTicketBacklogAccess, counts, `a limit at ${source} alone is ${counts}`)
      const role = derived(own, inheritance, onlyAt(source, { roleId: numberOf(source) }))
      t.equal(
        role.actualRoleId,
        counts ? numberOf(source) : undefined,
        `a role at ${source} alone counts: ${counts}`,
      )
      t.equal('actualRoleId' in role, counts)
    }
    const nothing = derived(own, inheritance, () => ({}))
    t.strictSame(nothing, {
      actualTeamIds: own.teamIds ?? [],
      actualSkills: { intents: [], tagIds: [], channels: [] },
      actualLimitTicketBacklogAccess: false,
      actualTicketBacklogRequiredTagIds: [],
      actualTagsOnRoute: [],
      actualTagsOnEdit: [],
    })
  })
}

t.test('a value that several sources have is shown once, where it stands first', async (t) => {
  const own = { teamIds: [3, 4], inheritTeamSettings: true }
  for (const [key, [say, read]] of Object.entries(lists)) {
    const said: Record<Source, number> = { own: 7, 3: 8, 2: 7, 1: 8, 4: 9 }
    t.strictSame(read(derived(own, {}, (source) => say(said[source]))), [7, 8, 9], key)
  }
})

t.test('a flag that every source says is false, or nobody, is false', async (t) => {
  const own = { teamIds: [3, 4], inheritTeamSettings: true }
  const { actualLimitTicketBacklogAccess } = derived(own, {}, () => ({ limitTicketBacklogAccess: false }))
  t.equal(actualLimitTicketBacklogAccess, false)
})

t.test('no tag is required where nobody says that there is a limit', async (t) => {
  const own = { teamIds: [3, 4], inheritTeamSettings: true }
  const says = (source: Source): Values => ({ ticketBacklogRequiredTagIds: [numberOf(source)] })
  t.strictSame(derived(own, {}, says).actualTicketBacklogRequiredTagIds, [])
  const limited = derived(own, {}, (source) => ({
    ...says(source),
    ...(source === 4 && { limitTicketBacklogAccess: true }),
  }))
  t.strictSame(limited.actualTicketBacklogRequiredTagIds, [100, 3, 2, 1, 4])
})

t.test('the role in force among equally strong ones is that of the lowest id', async (t) => {
  const roleOf = (own: Own, says: (source: Source) => Values) => derived(own, {}, says).actualRoleId
  const everywhere = (source: Source) => ({ roleId: numberOf(source) })
  t.equal(roleOf({ teamIds: [4, 3], inheritTeamSettings: true }, everywhere), 1)
  t.equal(roleOf({ teamIds: [4], inheritTeamSettings: true }, everywhere), 4)
  t.equal(roleOf({ teamIds: [4] }, everywhere), 100)
})

t.test('the derived lists are new ones, so that nobody writes into the profile', async (t) => {
  const profile = profileWith(5, { settings: { teamIds: [1], skills: { tagIds: [1] }, tagsOnEdit: [2] } })
  const shown = derivedSettings(profile, createDirectory(seedWith()))
  t.not(shown.actualTeamIds, profile.settings.teamIds)
  t.not(shown.actualSkills?.tagIds, profile.settings.skills?.tagIds)
  t.not(shown.actualTagsOnEdit, profile.settings.tagsOnEdit)
})
