import t from 'tap'
import type { StoredProfile } from '../../schemas/seed.ts'
import type { AddressedProfileUpdate } from '../../schemas/update-profiles.ts'
import { callerOf } from '../../src/profiles/caller.ts'
import { idsOf } from '../../src/profiles/update-profiles.route.ts'
import { updateProfiles } from '../../src/profiles/update-profiles.ts'
import { createDirectory } from '../../src/stores/directory.ts'
import { deepFrozen, profileWith, roleWith, seedWith, teamWith } from '../support/seeds.ts'

const fieldPermissions = ['updateUserProfileRoleId', 'updateUserProfileSkills']
const seed = deepFrozen(
  seedWith({
    roles: [
      roleWith(1, ['enneoAdmin', 'updateSpecificProfile', ...fieldPermissions], 'all'),
      roleWith(2, ['updateSpecificProfile', 'updateUserProfileRoleId'], 'some'),
      roleWith(3, ['a', 'b', 'c'], 'other'),
    ],
    teams: [teamWith(1), teamWith(2)],
    profiles: [
      profileWith(1, { type: 'enneo', settings: { roleId: 1 } }),
      profileWith(2, { type: 'user', settings: { roleId: 1 } }),
      profileWith(3, { type: 'enneo', settings: { roleId: 2 } }),
      profileWith(5, {
        firstName: 'Fay',
        email: 'fay@example.org',
        rawData: { kept: 1, deep: { gone: 1, kept: [1, 2] } },
        settings: { roleId: 2, status: 'available', skills: { tagIds: [1], channels: ['email'] } },
      }),
      profileWith(6),
    ],
  }),
)
const directory = createDirectory(seed)
const profiles = new Map(seed.profiles.map((profile) => [profile.id, profile]))
const profile = (id: number) => profiles.get(id) as StoredProfile

function revise(callerId: number, items: AddressedProfileUpdate[], vendorRules = false) {
  const stored = new Map(items.flatMap(({ id }) => (profiles.has(id) ? [[id, profile(id)] as const] : [])))
  const context = { caller: callerOf(profile(callerId), directory), vendorRules }
  return updateProfiles(context, deepFrozen(items), stored, directory)
}

/** An update that is not refused as a whole. */
function update(...args: Parameters<typeof revise>) {
  const { changed, result } = revise(...args)
  if (result.refused !== undefined) throw new Error(result.refused.message)
  return { changed, result }
}

const succeeded = (id: number) => ({ id, success: true })

const changes: [rule: string, item: AddressedProfileUpdate, after: Partial<StoredProfile>][] = [
  ['nothing but an id changes nothing', { id: 5 }, {}],
  ['a field at the top level replaces', { id: 5, firstName: 'New' }, { firstName: 'New' }],
  ['a read-only field stays', { id: 5, email: 'new@example.org', type: 'enneo' }, {}],
  ['password and image are dropped', { id: 5, password: 'secret', image: 'aaaa' }, {}],
  [
    'rawData merges at every depth, null removes, arrays replace',
    { id: 5, rawData: { deep: { gone: null, kept: [3] }, added: { a: null, b: {} } } },
    { rawData: { kept: 1, deep: { kept: [3] }, added: { b: {} } } },
  ],
  [
    'settings merge, skills too',
    { id: 5, settings: { skills: { tagIds: [] }, nameReports: 'N' } },
    { settings: { ...profile(5).settings, skills: { tagIds: [], channels: ['email'] }, nameReports: 'N' } },
  ],
  ['settings: null changes nothing', { id: 5, settings: null }, {}],
  [
    'a routing status at the top level is kept under settings, and wins there',
    {
      id: 5,
      callRoutingStatus: 'idle',
      chatRoutingStatus: 'acw',
      settings: { callRoutingStatus: 'offline' },
    },
    { settings: { ...profile(5).settings, callRoutingStatus: 'idle', chatRoutingStatus: 'acw' } },
  ],
  [
    'a routing status in settings stays beside the other one at the top level',
    { id: 5, chatRoutingStatus: 'idle', settings: { callRoutingStatus: 'offline' } },
    { settings: { ...profile(5).settings, callRoutingStatus: 'offline', chatRoutingStatus: 'idle' } },
  ],
  [
    'a routing status at the top level needs no settings beside it',
    { id: 5, settings: null, callRoutingStatus: 'idle' },
    { settings: { ...profile(5).settings, callRoutingStatus: 'idle' } },
  ],
]

for (const [rule, item, after] of changes) {
  t.test(`one item: ${rule}`, async (t) => {
    const { changed, result } = update(2, [item])
    t.strictSame(changed, [{ ...profile(5), ...after }])
    t.strictSame(result.results, [succeeded(5)])
  })
}

t.test('items are applied in request order, the same id twice in turn', async (t) => {
  const { changed, result } = update(2, [
    { id: 6, firstName: 'First' },
    { id: 5, rawData: { kept: null } },
    { id: 6, firstName: 'Second', lastName: 'Last' },
  ])
  t.strictSame(result.results, [succeeded(6), succeeded(5), succeeded(6)])
  t.strictSame(changed, [
    { ...profile(6), firstName: 'Second', lastName: 'Last' },
    { ...profile(5), rawData: { deep: { gone: 1, kept: [1, 2] } } },
  ])
})

const missing = (path: string, what: string, id: number) => ({
  path,
  rule: `unknown-${what}`,
  message: `there is no ${what} ${id}`,
  expected: `the id of a ${what}`,
  got: `${id}`,
})
const noRole = missing('settings.roleId', 'role', 99)
const noTeam = missing('settings.teamIds', 'team', 98)
const failures: [rule: string, item: AddressedProfileUpdate, problems: object[]][] = [
  ['an unknown id', { id: 99, firstName: 'New' }, [missing('id', 'profile', 99)]],
  ['a role that does not exist', { id: 5, firstName: 'New', settings: { roleId: 99 } }, [noRole]],
  ['a team that does not exist', { id: 5, settings: { teamIds: [1, 98, 99] } }, [noTeam]],
  [
    'a role and a team that do not exist',
    { id: 5, settings: { roleId: 99, teamIds: [98] } },
    [noRole, noTeam],
  ],
]

for (const [rule, item, problems] of failures) {
  t.test(`${rule} fails that item whole, and the others go on`, async (t) => {
    const { changed, result } = update(2, [{ id: 6, lastName: 'A' }, item, { id: 6, lang: 'b' }])
    t.strictSame(changed, [{ ...profile(6), lastName: 'A', lang: 'b' }])
    t.strictSame(result.results, [succeeded(6), { id: item.id, success: false }, succeeded(6)])
    t.strictSame(
      result.violations.kept,
      problems.map((problem) => ({ index: 1, id: item.id, ...problem })),
    )
  })
}

t.test('what is ignored of an item whose profile nobody has is told beside that', async (t) => {
  const { result } = update(2, [{ id: 99, email: 'e' } as AddressedProfileUpdate])
  t.strictSame(
    result.violations.kept.map(({ path, rule }) => [path, rule]),
    [
      ['email', 'read-only'],
      ['id', 'unknown-profile'],
    ],
  )
})

t.test('ignored keys are violations of an item that succeeds', async (t) => {
  const { result } = update(2, [{ id: 5, email: 'e', nickname: 'n' } as AddressedProfileUpdate])
  t.strictSame(result.results, [succeeded(5)])
  t.strictSame(
    result.violations.kept.map(({ index, id, path, rule }) => [index, id, path, rule]),
    [
      [0, 5, 'email', 'read-only'],
      [0, 5, 'nickname', 'unknown-key'],
    ],
  )
})

const enneoTarget = {
  message: 'profile 3 is an enneo user, and profile 2 with the role all does not hold enneoAdmin',
  expected: 'a profile that is no enneo user',
  got: '3',
}

t.test('a target of type enneo refuses the whole call unless the caller holds enneoAdmin', async (t) => {
  const items = [
    { id: 5, firstName: 'New' },
    { id: 3, firstName: 'New' },
  ]
  t.strictSame(revise(2, items), {
    changed: [],
    result: {
      refused: {
        message: enneoTarget.message,
        violations: [{ index: 1, id: 3, path: 'id', rule: 'enneo-target', ...enneoTarget }],
      },
    },
  })
  t.match(revise(3, items).result.refused?.message, /profile 3 with the role some/)
  t.strictSame(
    update(1, items).changed.map(({ firstName }) => firstName),
    ['New', 'New'],
  )
})

t.test('in the single update too, a holder of enneoAdmin changes another enneo user', async (t) => {
  const single = (callerId: number) =>
    updateProfiles(
      { caller: callerOf(profile(callerId), directory), vendorRules: false, ownId: 3 },
      [{ id: 3, firstName: 'New' }],
      profiles,
      directory,
    )
  t.strictSame(single(1).changed, [{ ...profile(3), firstName: 'New' }])
  t.strictSame(single(3).changed, [{ ...profile(3), firstName: 'New' }])
  t.strictSame([single(2).changed, single(2).result.refused?.message], [[], enneoTarget.message])
})

const breach = (key: string, permission: string, caller: string) => ({
  path: `settings.${key}`,
  rule: 'field-permission',
  message: `${caller} does not hold ${permission}`,
  expected: `a caller who holds ${permission}`,
  got: caller,
})
const two = 'profile 2 with the role all'
const three = 'profile 3 with the role some'
const vendorRules: [rule: string, callerId: number, item: AddressedProfileUpdate, problems: object[]][] = [
  [
    'holding the permissions of the fields succeeds',
    2,
    { id: 5, settings: { skills: {}, tagsOnEdit: [] } },
    [],
  ],
  ['fields outside settings need no permission', 3, { id: 5, firstName: 'New', rawData: {} }, []],
  [
    'a field without its permission fails the item',
    2,
    { id: 5, settings: { nameReports: 'N' } },
    [breach('nameReports', 'updateUserProfileNameReports', two)],
  ],
  [
    'tag fields share the permission of skills',
    3,
    { id: 5, settings: { tagsOnRoute: [], tagsOnEdit: [], skills: {} } },
    ['tagsOnRoute', 'tagsOnEdit', 'skills'].map((key) => breach(key, 'updateUserProfileSkills', three)),
  ],
  [
    'a routing status at the top level needs the permission of the setting',
    2,
    { id: 5, callRoutingStatus: 'idle' },
    [breach('callRoutingStatus', 'updateUserProfileCallRoutingStatus', two)],
  ],
  ['granting a role as large as the own one succeeds', 3, { id: 5, settings: { roleId: 2 } }, []],
  [
    'granting a larger role fails the item',
    3,
    { id: 5, settings: { roleId: 3 } },
    [
      {
        path: 'settings.roleId',
        rule: 'role-ceiling',
        message: `the role other has more permissions than that of ${three}`,
        expected: 'a role of at most 2 permissions',
        got: 'other with 3',
      },
    ],
  ],
]

for (const [rule, callerId, item, problems] of vendorRules) {
  t.test(`vendor rules: ${rule}`, async (t) => {
    const { changed, result } = update(callerId, [item], true)
    t.strictSame([result.results, result.problems], [[{ id: 5, success: problems.length === 0 }], problems])
    t.equal(changed.length, problems.length === 0 ? 1 : 0)
    t.equal(update(callerId, [item]).changed.length, 1, 'without the vendor rules it succeeds')
  })
}

t.test('vendor rules: a role that does not exist is not measured', async (t) => {
  const { result } = update(3, [{ id: 5, settings: { roleId: 99 } }], true)
  t.strictSame([result.results, result.problems], [[{ id: 5, success: false }], [noRole]])
})

t.test('a store that has to load profiles is told their ids, in request order', async (t) => {
  t.strictSame([...idsOf([{ id: 6 }, { id: 5 }, { id: 6 }])], [6, 5, 6])
})
