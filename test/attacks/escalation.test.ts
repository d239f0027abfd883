import t from 'tap'
import { createMock } from '../../src/library/create-mock.ts'
import { deepFrozen } from '../support/seeds.ts'

const admin = 1
const manager = 2
const agent = 3

type Step = [who: number, path: string, body: object, status: number, headers?: Record<string, string>]
const bulk = (item: object) => ({ profiles: [item] })
const behalf = (id: number) => ({ 'x-enneo-on-behalf-of': String(id) })

/** Each ends with the state as it was. */
const attacks: Record<string, Step[]> = {
  'an agent takes a role': [[agent, '/profile/3', { settings: { roleId: 1 } }, 403]],
  'an agent takes a team that gives one': [
    [agent, '/profile/3', { settings: { teamIds: [1], inheritTeamSettings: true } }, 403],
  ],
  'an agent hides a role behind what is free': [
    [agent, '/profile/3', { firstName: 'A', settings: { status: 'busy', roleId: 1 } }, 403],
  ],
  'an agent changes the own role in bulk': [
    [agent, '/profiles', bulk({ id: 3, settings: { roleId: 1 } }), 403],
  ],
  'an agent names another in the body': [
    [agent, '/profile/1', { id: 3, lang: 'xx' }, 403],
    [agent, '/profile/01', { lang: 'xx' }, 403],
  ],
  "an agent's own path with the id of another": [
    [agent, '/profile/3', { id: 1, profiles: [{ id: 1, lang: 'xx' }] }, 200],
  ],
  'an agent writes what is derived': [
    [agent, '/profile/3', { type: 'enneo', settings: { actualRoleId: 1 } }, 200],
    [agent, '/profiles', bulk({ id: 5, lang: 'xx' }), 403],
  ],
  'a manager becomes an enneo user': [
    [manager, '/profiles', bulk({ id: 2, type: 'enneo' }), 200],
    [manager, '/profiles', bulk({ id: 1, lang: 'xx' }), 403],
  ],
  'a manager hides an enneo user among others': [
    [
      manager,
      '/profiles',
      {
        profiles: [
          { id: 5, lang: 'xx' },
          { id: 1, lang: 'xx' },
        ],
      },
      403,
    ],
    [manager, '/profiles', { profiles: [{ id: 5, lang: 'xx' }, { id: 1.0, lang: 'xx' }, { id: 999 }] }, 403],
  ],
  'an agent acts for the administrator': [
    [agent, '/profiles', bulk({ id: 5, lang: 'xx' }), 403, behalf(admin)],
    [agent, '/profile/1', { lang: 'xx' }, 403, behalf(admin)],
  ],
  'a manager acts for an enneo user': [
    [manager, '/profiles', bulk({ id: 1, lang: 'xx' }), 403, behalf(admin)],
  ],
  'the administrator acts for an agent': [
    [admin, '/profiles', bulk({ id: 5, lang: 'xx' }), 403, behalf(agent)],
  ],
  "an agent sets another's routing status": [
    [agent, '/profile/5/routingStatus', { callRoutingStatus: 'offline' }, 403],
    [
      agent,
      '/profiles/routingStatus',
      {
        profiles: [
          { id: 3, callRoutingStatus: 'offline' },
          { id: 5, callRoutingStatus: 'offline' },
        ],
      },
      403,
    ],
  ],
}

t.test('nobody gains a permission by what they write, or by whom they act for', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  const before = deepFrozen(await mock.state())
  for (const [what, steps] of Object.entries(attacks)) {
    for (const [who, path, body, status, own = {}] of steps) {
      const headers = { authorization: `Bearer ${mock.token(who)}`, ...own }
      const answer = await mock.fetch(mock.url + path, {
        method: 'PATCH',
        headers,
        body: JSON.stringify(body),
      })
      t.equal(answer.status, status, `${what}: ${path}`)
    }
    t.strictSame(await mock.state(), before, what)
  }
})
