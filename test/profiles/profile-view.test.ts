import t from 'tap'
import type { StoredProfile } from '../../schemas/seed.ts'
import { fullView, shortView } from '../../src/profiles/profile-view.ts'
import { everything } from '../../src/profiles/sight.ts'
import { createDirectory } from '../../src/stores/directory.ts'
import { deepFrozen, profileWith, roleWith, seedWith, teamWith } from '../support/seeds.ts'

const directory = createDirectory(
  seedWith({
    roles: [roleWith(1, ['a'])],
    teams: [teamWith(1, null, { roleId: 1, tagsOnEdit: [9] }), teamWith(2)],
  }),
)

const person = {
  id: 5,
  firstName: 'Jürgen',
  lastName: 'Müller',
  email: 'juergen@example.org',
  phone: '+49 30 23125 105',
  type: 'user',
  isSsoOnly: 0,
  lang: 'de',
  nameAlias: '',
  externalId: 'EMP-5',
} as const
const ownSettings: StoredProfile['settings'] = {
  status: 'away',
  supersetRole: 'Alpha',
  ticketsFilters: { groups: [1], personalQueue: true },
  teamIds: [1],
  inheritTeamSettings: true,
  skills: { tagIds: [3] },
  limitTicketBacklogAccess: false,
  isPersonalFilters: false,
  nameReports: 'Rote Beete',
  callRoutingStatus: 'acw',
}
const lastSeen = '2026-11-20 09:02:17'
const stored: StoredProfile = deepFrozen({
  ...person,
  lastSeen,
  rawData: { costCenter: '4711' },
  settings: ownSettings,
})

const derived = {
  actualRoleId: 1,
  actualTeamIds: [1],
  actualSkills: { intents: [], tagIds: [3], channels: [] },
  actualLimitTicketBacklogAccess: false,
  actualTicketBacklogRequiredTagIds: [],
  actualTagsOnRoute: [],
  actualTagsOnEdit: [9],
}
const nothingDerived = {
  actualTeamIds: [],
  actualSkills: { intents: [], tagIds: [], channels: [] },
  actualLimitTicketBacklogAccess: false,
  actualTicketBacklogRequiredTagIds: [],
  actualTagsOnRoute: [],
  actualTagsOnEdit: [],
}

t.test(
  'the full view is the profile without rawData, with own and derived settings in one object',
  async (t) => {
    t.strictSame(fullView(stored, directory, everything), {
      ...person,
      lastSeen,
      settings: { ...ownSettings, ...derived },
    })
  },
)

t.test('the full view of hardly anything has the derived settings at least', async (t) => {
  t.strictSame(fullView(profileWith(7), directory, everything), { id: 7, settings: nothingDerived })
})

t.test('the full view takes a way to look at inheritance', async (t) => {
  const { settings } = fullView(profileWith(7), directory, everything, { force: true, teamIds: [1] })
  t.strictSame(settings, { ...nothingDerived, actualRoleId: 1, actualTagsOnEdit: [9] })
})

t.test('the full view shows derived settings, whatever stands in their place', async (t) => {
  const odd = profileWith(7, {
    settings: { actualRoleId: 99, actualTeamIds: [99] } as StoredProfile['settings'],
  })
  t.strictSame(fullView(odd, directory, everything).settings?.actualTeamIds, [])
})

t.test('the short view has neither settings nor the last login nor rawData', async (t) => {
  t.strictSame(shortView(stored), person)
  t.strictSame(shortView(profileWith(7)), { id: 7 })
})

t.test('neither view changes the profile', async (t) => {
  const before = structuredClone(stored)
  fullView(stored, directory, everything)
  shortView(stored)
  t.strictSame(stored, before)
})
