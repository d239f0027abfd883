import t from 'tap'
import { ProfileSettings } from '../../schemas/mind-profile.ts'
import type { StoredSettings } from '../../schemas/seed.ts'
import { type Caller, callerOf, onBehalfOf } from '../../src/profiles/caller.ts'
import { permissionFor, vendorRuleBreaches } from '../../src/profiles/vendor-rules.ts'
import { createDirectory } from '../../src/stores/directory.ts'
import { profileWith, roleWith, seedWith, teamWith } from '../support/seeds.ts'

/** Every settings key that can be written, with the permission it needs. */
const permissions: Record<string, string> = {
  status: 'updateUserProfileStatus',
  supersetRole: 'updateUserProfileSupersetRole',
  ticketsFilters: 'updateUserProfileTicketsFilters',
  roleId: 'updateUserProfileRoleId',
  teamIds: 'updateUserProfileTeamIds',
  skills: 'updateUserProfileSkills',
  limitTicketBacklogAccess: 'updateUserProfileLimitTicketBacklogAccess',
  ticketBacklogRequiredTagIds: 'updateUserProfileTicketBacklogRequiredTagIds',
  tagsOnRoute: 'updateUserProfileSkills',
  tagsOnEdit: 'updateUserProfileSkills',
  isPersonalFilters: 'updateUserProfileIsPersonalFilters',
  inheritTeamSettings: 'updateUserProfileInheritTeamSettings',
  nameReports: 'updateUserProfileNameReports',
  callRoutingStatus: 'updateUserProfileCallRoutingStatus',
  chatRoutingStatus: 'updateUserProfileChatRoutingStatus',
}

t.test('every settings key that can be written has its permission', async (t) => {
  const writable = Object.keys(ProfileSettings.properties).filter((key) => !key.startsWith('actual'))
  t.strictSame(Object.fromEntries(writable.map((key) => [key, permissionFor(key)])), permissions)
})

const directory = createDirectory(
  seedWith({
    roles: [
      roleWith(1, Object.values(permissions), 'all'),
      roleWith(2, ['updateUserProfileRoleId', 'updateUserProfileSkills'], 'two'),
      roleWith(3, ['read', 'write'], 'also two'),
      roleWith(4, ['read', 'write', 'list'], 'three'),
      roleWith(5, [], 'none'),
    ],
    teams: [teamWith(1, null, { roleId: 1 })],
  }),
)
const callerWith = (settings: StoredSettings): Caller => callerOf(profileWith(9, { settings }), directory)
const callers = {
  all: callerWith({ roleId: 1 }),
  two: callerWith({ roleId: 2 }),
  none: callerWith({ roleId: 5 }),
  nobody: callerWith({}),
  inheriting: callerWith({ roleId: 2, teamIds: [1], inheritTeamSettings: true }),
  represented: onBehalfOf(callerWith({ roleId: 1 }), callerWith({ roleId: 2 })),
}
const descriptions: Record<keyof typeof callers, string> = {
  all: 'profile 9 with the role all',
  two: 'profile 9 with the role two',
  none: 'profile 9 with the role none',
  nobody: 'profile 9 with no role',
  inheriting: 'profile 9 with the role all',
  represented: 'profile 9 with the role all on behalf of profile 9 with the role two',
}

/** Permissions of the roles that are too large for somebody. */
const sizes = { all: 13, two: 2, three: 3, 'also two': 2 }

type Breach = [rule: 'field-permission' | 'role-ceiling', key: string, nameOfRole?: string]
const items: [who: keyof typeof callers, settings: Partial<StoredSettings>, breaches: Breach[]][] = [
  ['all', { status: 'busy', teamIds: [1], tagsOnEdit: [1], callRoutingStatus: 'acw' }, []],
  ['two', {}, []],
  ['nobody', {}, []],
  ['two', { skills: {}, tagsOnRoute: [1], tagsOnEdit: [1] }, []],
  ['two', { status: 'busy' }, [['field-permission', 'status']]],
  [
    'two',
    { status: 'busy', skills: {}, nameReports: 'x' },
    [
      ['field-permission', 'status'],
      ['field-permission', 'nameReports'],
    ],
  ],
  ['none', { tagsOnRoute: [1] }, [['field-permission', 'tagsOnRoute']]],
  ['none', { tagsOnEdit: [1] }, [['field-permission', 'tagsOnEdit']]],
  ['two', { roleId: 2 }, []],
  ['two', { roleId: 3 }, []],
  ['two', { roleId: 5 }, []],
  ['two', { roleId: 4 }, [['role-ceiling', 'roleId', 'three']]],
  ['two', { roleId: 99 }, []],
  ['all', { roleId: 1 }, []],
  ['none', { roleId: 5 }, [['field-permission', 'roleId']]],
  [
    'none',
    { roleId: 2 },
    [
      ['field-permission', 'roleId'],
      ['role-ceiling', 'roleId', 'two'],
    ],
  ],
  ['nobody', { roleId: 5 }, [['field-permission', 'roleId']]],
  [
    'nobody',
    { roleId: 3 },
    [
      ['field-permission', 'roleId'],
      ['role-ceiling', 'roleId', 'also two'],
    ],
  ],
  ['inheriting', { roleId: 1, status: 'busy' }, []],
  ['represented', { roleId: 3, skills: {} }, []],
  [
    'represented',
    { roleId: 1, status: 'busy' },
    [
      ['field-permission', 'status'],
      ['role-ceiling', 'roleId', 'all'],
    ],
  ],
]

for (const [who, settings, breaches] of items) {
  t.test(`${JSON.stringify(settings)} by ${who} breaches ${breaches.length} vendor rules`, async (t) => {
    const told = breaches.map(([rule, key, nameOfRole]) => ({
      path: `settings.${key}`,
      rule,
      ...(rule === 'role-ceiling'
        ? {
            message: `the role ${nameOfRole} has more permissions than that of ${descriptions[who]}`,
            expected: `a role of at most ${callers[who].roleSize} permissions`,
            got: `${nameOfRole} with ${sizes[nameOfRole as keyof typeof sizes]}`,
          }
        : {
            message: `${descriptions[who]} does not hold ${permissions[key]}`,
            expected: `a caller who holds ${permissions[key]}`,
            got: descriptions[who],
          }),
    }))
    t.strictSame(vendorRuleBreaches(callers[who], settings, directory), told)
  })
}
