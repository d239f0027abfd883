import t from 'tap'
import { checkSeed } from '../../src/seed/seed.ts'
import { profileWith, roleWith, seedWith } from '../support/seeds.ts'

const faultsOf = (value: unknown) => checkSeed(value).map(({ message }) => message)
const published = 'available, busy'

t.test('faults of shape and references that lead nowhere are named together', async (t) => {
  t.strictSame(
    faultsOf({
      personas: { a: 9, b: 'x' },
      roles: [{ id: 1, name: 'R', permissions: 'all' }],
      teams: [{ id: 1, name: 'T', parent: 8, settings: { roleId: 7 } }, 5],
      profiles: [
        { id: 1, settings: { roleId: 6, teamIds: [1], status: 'away' }, rawData: { token: 't' } },
        { id: 1, firstName: 5, settings: { roleId: 'x' } },
      ],
    }),
    [
      'personas.b must be an integer (got a string of 1 character)',
      'roles[0].permissions must be an array (got a string of 3 characters)',
      'teams[1] must be an object (got 5)',
      'profiles[1].firstName must be a string (got 5)',
      'profiles[1].settings.roleId must be an integer (got a string of 1 character)',
      'profiles[1].id: 1 is taken by an earlier entry',
      'personas.a: there is no profile 9',
      'teams[0].settings.roleId: there is no role 7',
      'profiles[0].settings.roleId: there is no role 6',
      `profiles[0].settings.status: must be one of ${published}`,
      'profiles[0].rawData.token: secrets are not kept; leave it out',
    ],
  )
})

t.test('beside a fault of shape, what can be read of the rest is still held together', async (t) => {
  t.strictSame(
    faultsOf({
      personas: { a: 1 },
      statusOptions: ['gone'],
      roles: [{ id: 1, name: 'R', permissions: [] }],
      teams: [
        { id: 1, name: 'T', parent: null, settings: { roleId: 1 } },
        { id: 2, name: 5, parent: 3, settings: {} },
      ],
      profiles: [{ id: 1, settings: { roleId: 1, teamIds: [1, 9], status: 'gone' } }],
    }),
    [
      'teams[1].name must be a string (got 5)',
      'teams[1].parent: there is no team 3',
      'profiles[0].settings.teamIds[1]: there is no team 9',
    ],
  )
})

t.test('a fault of shape hides no role or tag that refers to nothing', async (t) => {
  t.strictSame(
    faultsOf({
      ...seedWith({ roles: [{ ...roleWith(1), baseRoleId: 9 }] }),
      tags: [
        { id: 1, name: 'T' },
        { id: 2, name: 5, parent: 1 },
        { id: 3, name: 'T', parent: 9 },
      ],
    }),
    [
      'tags[1].name must be a string (got 5)',
      'roles[0].baseRoleId: there is no role 9',
      'tags[2].parent: there is no tag 9',
    ],
  )
})

for (const statusOptions of [[1], [{ id: 'away' }, { id: 1 }]]) {
  t.test(`no status is said to be unknown beside ${JSON.stringify(statusOptions)}`, async (t) => {
    const profiles = [profileWith(1, { settings: { status: 'gone' } })]
    const faults = faultsOf({ ...seedWith({ profiles }), statusOptions })
    t.ok(faults.length > 0)
    for (const fault of faults) t.match(fault, /^statusOptions\[/)
  })
}

for (const statusOptions of [['away'], [{ id: 'away', availableForCalls: true, availableForChats: true }]]) {
  t.test(`beside a fault of shape a status is held against ${JSON.stringify(statusOptions)}`, async (t) => {
    const profiles = ['away', 'gone'].map((status, index) => profileWith(index + 1, { settings: { status } }))
    const faults = faultsOf({ ...seedWith({ profiles }), statusOptions, users: [] })
    t.strictSame(faults.slice(faults.indexOf('users is not a known key') + 1), [
      'profiles[1].settings.status: must be one of available, busy, away',
    ])
  })
}

const settingsOfNoShape: [settings: object, fault: string][] = [
  [{ status: 5 }, 'status must be a string (got 5)'],
  [{ teamIds: 'x' }, 'teamIds must be an array (got a string of 1 character)'],
  [{ teamIds: [9, 'x'] }, 'teamIds[1] must be an integer (got a string of 1 character)'],
  [{ roleId: null }, 'roleId must be an integer (got null)'],
]

for (const [settings, fault] of settingsOfNoShape) {
  t.test(`of settings ${JSON.stringify(settings)} only the fault of shape is told`, async (t) =>
    t.strictSame(faultsOf({ ...seedWith(), profiles: [{ id: 1, settings }] }), [
      `profiles[0].settings.${fault}`,
    ]),
  )
}

t.test('entries whose ids cannot be read are not taken for each other', async (t) => {
  const role = { name: 'R', permissions: [] }
  t.strictSame(faultsOf({ ...seedWith(), roles: [role, role, { ...role, id: 0 }] }), [
    'roles[0].id is required',
    'roles[1].id is required',
  ])
})

t.test('nothing is said of references to a list whose ids cannot be read', async (t) => {
  const settings = { roleId: 1, teamIds: [1], status: 'gone' }
  t.strictSame(
    faultsOf({
      personas: { a: 1 },
      statusOptions: 'gone',
      teams: {},
      roles: [{ id: '1' }],
      profiles: [{ settings }],
    }).filter((message) => message.includes('there is no') || message.includes('must be one of')),
    [],
  )
})
