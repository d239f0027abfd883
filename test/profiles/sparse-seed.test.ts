import t from 'tap'
import type { Seed } from '../../schemas/seed.ts'
import { createMock } from '../../src/library/create-mock.ts'

/** As little as a seed can say. */
const seed: Seed = {
  personas: { boss: 1 },
  roles: [
    { id: 1, name: 'Administrator', permissions: ['updateSpecificProfile'] },
    { id: 2, name: 'Nobody has this', permissions: [] },
  ],
  teams: [],
  profiles: [{ id: 1, settings: { roleId: 1 } }],
}

const answers: [path: string, answer: object][] = [
  [
    '/roles',
    {
      success: true,
      roles: [
        { id: 1, name: 'Administrator', description: '', baseRoleId: null, membersCount: 1 },
        { id: 2, name: 'Nobody has this', description: '', baseRoleId: null, membersCount: 0 },
      ],
    },
  ],
  ['/profile/1/supersetRoles', { success: true, supersetRoles: [] }],
  ['/team/tree', { success: true, teams: [] }],
  ['/profiles?format=short', { success: true, profiles: [{ id: 1 }] }],
]

t.test('a seed that says little is read back without what it does not say', async (t) => {
  const mock = await createMock({ listen: false, seed })
  t.teardown(() => mock.close())
  const headers = { authorization: `Bearer ${mock.token('boss')}` }
  for (const [path, answer] of answers) {
    t.same(await (await mock.fetch(mock.url + path, { headers })).json(), answer, path)
  }
})
