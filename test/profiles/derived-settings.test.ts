import t from 'tap'
import type { Team } from '../../schemas/seed.ts'
import { derivedSettings, roleInForce, teamsWithParents } from '../../src/profiles/derived-settings.ts'
import { createDirectory } from '../../src/stores/directory.ts'
import { profileWith, roleWith, seedWith, teamWith } from '../support/seeds.ts'

const nothing: string[] = []
const one = ['a']
const two = ['a', 'b']
const three = ['a', 'b', 'c']

/** 1 ← 2 ← 3 gives roles of two, one, none; 4 and 5 tie; 6 has no role, 7 names one that is gone. */
const directory = createDirectory(
  seedWith({
    roles: [
      roleWith(1, one),
      roleWith(2, two),
      roleWith(3, three),
      roleWith(4, three),
      roleWith(5, three),
      roleWith(9, nothing),
    ],
    teams: [
      teamWith(1, null, { roleId: 2 }),
      teamWith(2, 1, { roleId: 1 }),
      teamWith(3, 2),
      teamWith(4, null, { roleId: 5 }),
      teamWith(5, null, { roleId: 4 }),
      teamWith(6),
      teamWith(7, null, { roleId: 99 }),
    ],
  }),
)

type Own = { roleId?: number; teamIds?: number[]; inheritTeamSettings?: boolean }
const inherit = true
const roles: [rule: string, own: Own, roleId: number | undefined][] = [
  ['no role and no team', {}, undefined],
  ['an unknown own role', { roleId: 99 }, undefined],
  ['the own role', { roleId: 1 }, 1],
  ['the own role, although a team has a stronger one', { roleId: 1, teamIds: [4] }, 1],
  ['inheriting: false is like absent', { roleId: 1, teamIds: [4], inheritTeamSettings: false }, 1],
  ["inheriting the team's stronger role", { roleId: 1, teamIds: [4], inheritTeamSettings: inherit }, 5],
  ["the own role stronger than the team's", { roleId: 3, teamIds: [2], inheritTeamSettings: inherit }, 3],
  ["inheriting the parent's role", { roleId: 1, teamIds: [2], inheritTeamSettings: inherit }, 2],
  ["inheriting the grandparent's role", { roleId: 1, teamIds: [3], inheritTeamSettings: inherit }, 2],
  ['inheriting without an own role', { teamIds: [3], inheritTeamSettings: inherit }, 2],
  ['a tie between teams goes to the lowest id', { teamIds: [4, 5], inheritTeamSettings: inherit }, 4],
  ['and the order of the teams does not matter', { teamIds: [5, 4], inheritTeamSettings: inherit }, 4],
  [
    'a tie with the own role goes to the lowest id',
    { roleId: 3, teamIds: [4], inheritTeamSettings: inherit },
    3,
  ],
  ['even when that is the team', { roleId: 5, teamIds: [5], inheritTeamSettings: inherit }, 4],
  ['teams without a role change nothing', { roleId: 9, teamIds: [6], inheritTeamSettings: inherit }, 9],
  [
    'a team with an unknown role changes nothing',
    { roleId: 9, teamIds: [7], inheritTeamSettings: inherit },
    9,
  ],
  ['an unknown team changes nothing', { roleId: 9, teamIds: [98], inheritTeamSettings: inherit }, 9],
  ['an unknown own role leaves the team', { roleId: 99, teamIds: [2], inheritTeamSettings: inherit }, 2],
]

for (const [rule, settings, roleId] of roles) {
  t.test(`role in force of ${rule}: ${roleId ?? 'none'}`, async (t) => {
    t.equal(roleInForce(profileWith(1, { settings }), directory)?.id, roleId)
  })
}

t.test('forced inheritance acts as if the profile inherited, also from other teams', async (t) => {
  const profile = profileWith(1, { settings: { roleId: 1, teamIds: [3] } })
  t.equal(roleInForce(profile, directory, { force: true })?.id, 2)
  t.equal(roleInForce(profile, directory, { force: true, teamIds: [4] })?.id, 5)
  t.equal(roleInForce(profile, directory, { teamIds: [4] })?.id, 1)
})

t.test('teams come with their parents, nearest first and each once, even in a circle', async (t) => {
  const idsOf = (teams: Team[]) => teams.map(({ id }) => id)
  t.strictSame(idsOf(teamsWithParents([3, 2, 6, 98], directory)), [3, 2, 1, 6])
  const circular = createDirectory(seedWith({ teams: [teamWith(1, 2), teamWith(2, 1), teamWith(3, 98)] }))
  t.strictSame(idsOf(teamsWithParents([1, 3], circular)), [1, 2, 3])
})

const family = createDirectory(
  seedWith({
    teams: [
      teamWith(1, null, {
        skills: { tagIds: [1, 2], channels: ['email'] },
        limitTicketBacklogAccess: true,
        ticketBacklogRequiredTagIds: [7],
      }),
      teamWith(2, 1, { skills: { tagIds: [2, 3] }, limitTicketBacklogAccess: false, tagsOnRoute: [8] }),
      teamWith(3, null, { skills: { channels: ['chat'] }, tagsOnEdit: [9] }),
    ],
  }),
)
const member = {
  teamIds: [2, 3],
  skills: { tagIds: [5, 3], channels: ['phone'] },
  limitTicketBacklogAccess: false,
  tagsOnEdit: [4],
}
const own = {
  actualTeamIds: [2, 3],
  actualSkills: { intents: [], tagIds: [5, 3], channels: ['phone'] },
  actualLimitTicketBacklogAccess: false,
  actualTicketBacklogRequiredTagIds: [],
  actualTagsOnRoute: [],
  actualTagsOnEdit: [4],
}
const cumulated = {
  actualTeamIds: [2, 3],
  actualSkills: { intents: [], tagIds: [5, 3, 2, 1], channels: ['phone', 'email', 'chat'] },
  actualLimitTicketBacklogAccess: true,
  actualTicketBacklogRequiredTagIds: [7],
  actualTagsOnRoute: [8],
  actualTagsOnEdit: [4, 9],
}
const empty = {
  actualTeamIds: [],
  actualSkills: { intents: [], tagIds: [], channels: [] },
  actualLimitTicketBacklogAccess: false,
  actualTicketBacklogRequiredTagIds: [],
  actualTagsOnRoute: [],
  actualTagsOnEdit: [],
}

t.test('without inheritance the derived values are the own ones', async (t) => {
  t.strictSame(derivedSettings(profileWith(1, { settings: member }), family), own)
  t.strictSame(derivedSettings(profileWith(1), family), empty)
})

t.test('with inheritance those of teams and parents are added, and a flag is true if any is', async (t) => {
  const inheriting = profileWith(1, { settings: { ...member, inheritTeamSettings: true } })
  t.strictSame(derivedSettings(inheriting, family), cumulated)
  t.strictSame(derivedSettings(profileWith(1, { settings: member }), family, { force: true }), cumulated)
  t.equal(derivedSettings(profileWith(1, { settings: { roleId: 3 } }), directory).actualRoleId, 3)
})
