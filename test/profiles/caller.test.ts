import t from 'tap'
import { callerOf, onBehalfOf } from '../../src/profiles/caller.ts'
import { createDirectory } from '../../src/stores/directory.ts'
import { profileWith, roleWith, seedWith } from '../support/seeds.ts'

const directory = createDirectory(
  seedWith({
    roles: [roleWith(1, ['enneoAdmin', 'read', 'write'], 'all'), roleWith(2, ['read', 'list'], 'some')],
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
