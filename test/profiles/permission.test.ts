import t from 'tap'
import { createTestMock } from '../support/mock.ts'
import { bearer } from '../support/signed-in.ts'

type Ask = { method?: 'GET' | 'PATCH'; path: string; body?: string; userId: number; onBehalfOf?: string }
type Told = { index?: number; id?: number; message: string; expected: string; got: string }

const agent = 'profile 3 with the role Agent'
const forSomebody = (holder: string) => `${holder} does not hold updateSpecificProfile`
const forStatus = (holder: string, id: number) =>
  `${holder} does not hold updateSpecificProfile or updateSpecificProfileStatus and is not profile ${id}`
const specific = 'a caller who holds updateSpecificProfile'
const either = `${specific} or updateSpecificProfileStatus`
const represented = 'profile 1 with the role Administrator on behalf of profile 3 with the role Agent'

const refused: [what: string, ask: Ask, told: Told][] = [
  [
    'a bulk update',
    { path: '/profiles', body: '{"profiles":[{"id":3,"lang":"xx"}]}', userId: 3 },
    { message: forSomebody(agent), expected: specific, got: agent },
  ],
  [
    'a bulk update with a body that is no JSON',
    { path: '/profiles', body: '{"profiles":[', userId: 3 },
    { message: forSomebody(agent), expected: specific, got: agent },
  ],
  [
    'a bulk update on behalf of somebody who may not',
    { path: '/profiles', body: '{"profiles":[{"id":3,"lang":"xx"}]}', userId: 1, onBehalfOf: '3' },
    { message: forSomebody(represented), expected: specific, got: represented },
  ],
  [
    "another's profile",
    { path: '/profile/5', body: '{"lang":"xx"}', userId: 3 },
    { id: 5, message: `${forSomebody(agent)} and is not profile 5`, expected: specific, got: agent },
  ],
  [
    "another's routing status",
    { path: '/profile/5/routingStatus', body: '{"callRoutingStatus":"acw"}', userId: 3 },
    { id: 5, message: forStatus(agent, 5), expected: either, got: agent },
  ],
  [
    'routing statuses, one of them of another',
    {
      path: '/profiles/routingStatus',
      body: '{"profiles":[{"id":3,"callRoutingStatus":"acw"},{"id":5,"callRoutingStatus":"acw"}]}',
      userId: 3,
    },
    { index: 1, id: 5, message: forStatus(agent, 5), expected: either, got: agent },
  ],
  [
    'a search by when somebody was seen',
    { method: 'GET', path: '/profiles?lastSeen=2026-01-01T00:00:00Z', userId: 3 },
    {
      message: `${agent} may not see who was seen when`,
      expected: 'a caller who holds readUserLastSeenDate',
      got: agent,
    },
  ],
  [
    'a team that is not among the own ones',
    { method: 'GET', path: '/team/1', userId: 3 },
    {
      message: `${agent} may not see team 1`,
      expected: 'a caller who holds viewAllTeams',
      got: agent,
    },
  ],
]

for (const [what, { method = 'PATCH', path, body, userId, onBehalfOf }, told] of refused) {
  t.test(`${what} is refused with a bare 403, and the journal says why`, async (t) => {
    const app = await createTestMock({ vendorRules: method === 'GET' ? 'true' : 'false' })
    t.teardown(() => app.close())
    const admin = async (path: string) => (await app.inject(`/__admin${path}`)).json()
    const before = await admin('/state')
    const answer = await app.inject({
      method,
      url: `/api/mind${path}`,
      headers: {
        'content-type': 'application/json',
        ...bearer(userId),
        ...(onBehalfOf !== undefined && { 'x-enneo-on-behalf-of': onBehalfOf }),
      },
      ...(body !== undefined && { payload: body }),
    })
    t.strictSame([answer.statusCode, answer.json()], [403, { success: false }])
    const { expected: _expected, got: _got, ...named } = told
    const rule = 'permission-missing'
    t.strictSame(JSON.parse(String(answer.headers['x-mock-violations'])), [{ rule, ...named }])
    const [{ reason, violations }] = (await admin('/requests')).requests
    t.strictSame([reason, violations], [told.message, [{ rule, ...told }]])
    t.strictSame(await admin('/state'), before)
  })
}

const allowed: [what: string, path: string, body: string, userId: number][] = [
  ['the own profile', '/profile/3', '{"lang":"en"}', 3],
  ['the own routing status', '/profile/3/routingStatus', '{"callRoutingStatus":"acw"}', 3],
  ["another's profile with the permission", '/profile/5', '{"lang":"en"}', 20],
  [
    "another's routing status with either permission",
    '/profile/5/routingStatus',
    '{"callRoutingStatus":"acw"}',
    20,
  ],
  ['a bulk update with the permission', '/profiles', '{"profiles":[{"id":5,"lang":"en"}]}', 20],
]

for (const [what, path, body, userId] of allowed) {
  t.test(`${what} is changed, and the journal has nothing against it`, async (t) => {
    const app = await createTestMock()
    t.teardown(() => app.close())
    const headers = { 'content-type': 'application/json', ...bearer(userId) }
    const answer = await app.inject({ method: 'PATCH', url: `/api/mind${path}`, headers, payload: body })
    t.equal(answer.statusCode, 200)
    const [call] = (await app.inject('/__admin/requests')).json().requests
    t.strictSame([call.status, call.violations, 'reason' in call], [200, [], false])
  })
}
