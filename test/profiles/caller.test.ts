import t from 'tap'
import { callerOf, onBehalfOf } from '../../src/profiles/caller.ts'
import { createDirectory } from '../../src/stores/directory.ts'
import { profileWith, roleWith, seedWith, teamWith } from '../support/seeds.ts'

const directory = createDirectory(
  seedWith({
    roles: [
      roleWith(1, ['enneoAdmin', 'read', 'write'], 'all'),
      roleWith(2, ['read', 'list'], 'some'),
      roleWith(3, ['viewAllTeams']),
    ],
    teams: [teamWith(1), teamWith(2, 1), teamWith(3, 2), teamWith(4)],
  }),
)
const caller = (id: number, type: string, roleId?: number) =>
  callerOf(profileWith(id, { type, settings: roleId === undefined ? {} : { roleId } }), directory)

const callers: [who: string, caller: ReturnType<typeof caller>, expected: object][] = [
  [
    'an enneo user',
    caller(1, 'enneo', 1),
    {
      id: 1,
      roleName: 'all',
      roleSize: 3,
      permissions: ['enneoAdmin', 'read', 'write'],
      description: 'profile 1 with the role all',
    },
  ],
  [
    "a client's administrator, without enneoAdmin",
    caller(2, 'user', 1),
    {
      id: 2,
      roleName: 'all',
      roleSize: 3,
      permissions: ['read', 'write'],
      description: 'profile 2 with the role all',
    },
  ],
  [
    'nobody much without a role',
    caller(3, 'enneo'),
    { id: 3, roleName: undefined, roleSize: 0, permissions: [], description: 'profile 3 with no role' },
  ],
  [
    'a caller on behalf of another with what both hold',
    onBehalfOf(caller(1, 'enneo', 1), caller(4, 'user', 2)),
    {
      id: 1,
      roleName: 'all',
      roleSize: 2,
      permissions: ['read'],
      description: 'profile 1 with the role all on behalf of profile 4 with the role some',
    },
  ],
]

for (const [who, { holds, permissions, mayChange, seesTeam, ...caller }, expected] of callers) {
  t.test(`a caller is ${who}`, async (t) => {
    t.strictSame({ ...caller, permissions: permissions() }, expected)
    const asked = ['enneoAdmin', 'read', 'write', 'list', 'toString']
    t.strictSame(
      asked.filter((one) => holds(one)),
      permissions(),
    )
  })
}

t.test('a caller may change others with one of the permissions, and the own profile without', async (t) => {
  const agent = caller(4, 'user', 2)
  t.ok(agent.mayChange(4, 'write'))
  t.ok(agent.mayChange(5, 'write', 'read'))
  t.notOk(agent.mayChange(5, 'write'))
  t.notOk(agent.mayChange(5))
})

t.test('on behalf of another only what both may change is changed', async (t) => {
  const both = onBehalfOf(caller(1, 'enneo', 1), caller(4, 'user', 2))
  t.ok(both.mayChange(4, 'write'))
  t.notOk(both.mayChange(1, 'write'))
  t.ok(both.mayChange(9, 'read'))
})

const inTeams = (teamIds?: number[], roleId = 2) =>
  callerOf(profileWith(6, { settings: { roleId, ...(teamIds && { teamIds }) } }), directory)

const seen: [who: string, caller: ReturnType<typeof caller>, teams: number[]][] = [
  ['who says nothing of teams', inTeams(), [1, 2, 3, 4, 99]],
  ['who is in none', inTeams([]), [1, 2, 3, 4, 99]],
  ['who is in one at the top', inTeams([1]), [1, 2, 3]],
  ['who is in one below', inTeams([2]), [2, 3]],
  ['who is in two', inTeams([3, 4]), [3, 4]],
  ['who may see all', inTeams([3], 3), [1, 2, 3, 4, 99]],
  ['on behalf of one in fewer', onBehalfOf(inTeams([1]), inTeams([2])), [2, 3]],
  ['in fewer, on behalf of another', onBehalfOf(inTeams([3]), inTeams([])), [3]],
]

for (const [who, { seesTeam }, teams] of seen) {
  t.test(`a caller ${who} sees the teams ${teams.join(', ')}`, async (t) =>
    t.strictSame(
      [1, 2, 3, 4, 99].filter((team) => seesTeam(team)),
      teams,
    ),
  )
}

t.test(
  'what a caller may do is found once for a profile and a directory, and anew for another',
  async (t) => {
    const profile = profileWith(4, { settings: { roleId: 2 } })
    const found = callerOf(profile, directory)
    t.equal(callerOf(profile, directory), found)
    const renewed = createDirectory(seedWith({ roles: [roleWith(2, ['write'], 'less')] }))
    t.strictSame(callerOf(profile, renewed).permissions(), ['write'])
  },
)
