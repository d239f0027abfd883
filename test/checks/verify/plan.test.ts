import t from 'tap'
import type { Case, CaseRequest } from '../../../src/checks/cases.ts'
import type { Known } from '../../../src/checks/verify/known.ts'
import { planCase } from '../../../src/checks/verify/plan.ts'
import { readSeed } from '../../../src/seed/seed-file.ts'
import { fullProfile } from '../../support/target.ts'

/** A target whose ids are not those of the seed. */
const known: Known = {
  seed: await readSeed(),
  callers: new Map([
    ['admin', { token: 'admin-token', cookie: 'admin-cookie', id: 701, permissions: ['enneoAdmin'] }],
    ['agent', { token: 'agent-token', id: 703 }],
  ]),
  secret: 'secret of the target',
  roleIds: new Set([2, 3, 99]),
  teamIds: new Set([2]),
  profile: { id: 705, view: { ...fullProfile, id: 705, firstName: 'Ada' } },
}
const { profile: _profile, ...reading } = known

type Rest = Partial<Omit<Case, 'request'>>

const caseOf = (request: CaseRequest, { answer = { status: 200, body: {} }, ...rest }: Rest = {}): Case => ({
  name: 'a case',
  source: 'A',
  rule: 'a rule',
  request,
  answer,
  ...rest,
})
const update = (...profiles: unknown[]): CaseRequest => ({ bearer: 'admin', body: { profiles } })

const notSent: [reason: string, example: Case, target?: Known][] = [
  ['needs a target started with other settings', caseOf(update(), { settings: { auth: 'off' } })],
  ['uses DELETE: only GET and PATCH are sent', caseOf({ method: 'DELETE' })],
  [
    'uses POST: only GET and PATCH are sent',
    caseOf({ method: 'GET', path: '/profile' }, { before: [{ method: 'POST' }] }),
  ],
  ['sends the header Prefer', caseOf({ ...update(), headers: { Prefer: 'code=500' } })],
  ['sends the header x-mock-sandbox', caseOf({ ...update(), headers: { 'x-mock-sandbox': 'a' } })],
  ['is about a path that is not documented', caseOf({ path: '/no-such-path' })],
  ['is about a path that is not documented', caseOf({ method: 'GET', path: '/logout' })],
  ['sends a query that is not documented', caseOf({ ...update({ id: 5 }), path: '/profiles?dryRun=true' })],
  ['sends a query that is not documented', caseOf({ method: 'GET', path: '/profile/5?fields=id' })],
  ['has items: needs --write --profile-id <id>', caseOf(update({ id: 5, lang: 'en' })), reading],
  ['has items: needs --write --profile-id <id>', caseOf({ body: { profiles: [{ id: 5 }] } }), reading],
  [
    'has items: needs --write --profile-id <id>',
    caseOf({ text: '{"profiles":[{"id":5,"password":"a' }),
    reading,
  ],
  ['has items for several profiles', caseOf(update({ id: 5 }, { id: 6 }))],
  ['has items for several profiles', caseOf(update({ id: 5 }), { before: [update({ id: 6 })] })],
  ['has an item without an id, which is aimed at nobody', caseOf(update({ lang: 'en' }))],
  ['has an item without an id, which is aimed at nobody', caseOf(update(null))],
  ['has an item without an id, which is aimed at nobody', caseOf(update({ id: 5.5 }))],
  ['has an item for nobody', caseOf(update({ id: 999 }))],
  ['has items in text that cannot be parsed', caseOf({ text: '{"profiles":[{"id":5' })],
  [
    'holds something that a lax server could take for another profile',
    caseOf(update({ id: 5, rawData: { id: 6 } })),
  ],
  ['needs --token service=<token>', caseOf({ ...update(), bearer: 'service' })],
  ['needs --cookie agent=<value>', caseOf({ ...update(), bearer: 'admin', cookie: 'agent' })],
  ['signs in as profile 34 of the default seed', caseOf({ ...update(), bearer: { userId: 34 } })],
  [
    'is on behalf of somebody whose id at the target is not known',
    caseOf({ ...update(), headers: { 'x-enneo-on-behalf-of': '12' } }),
  ],
  [
    'reads something of which the target is not known to have one',
    caseOf({ method: 'GET', path: '/roles/5' }, { answer: { status: 401, body: {} } }),
    { ...known, roleIds: new Set<number>() },
  ],
  ['needs a profile of type enneo', caseOf(update({ id: 1, lang: 'en' }))],
  [
    'is about a caller of its own',
    caseOf(
      { ...update({ id: 2, lang: 'en' }), cookie: { userId: 2, expiresIn: -1 } },
      { before: [update({ id: 2, lang: 'pl' })] },
    ),
  ],
  ['needs a target with role 5', caseOf(update({ id: 5, settings: { roleId: 5 } }))],
  ['needs a target without role 99', caseOf(update({ id: 5, settings: { roleId: 99 } }))],
  ['needs a target with team 3', caseOf(update({ id: 5, settings: { teamIds: [2, 3] } }))],
  [
    'holds password: what was there before cannot be read, so not be put back',
    caseOf(update({ id: 5, password: 'a' })),
  ],
  [
    'holds settings.image: what was there before cannot be read, so not be put back',
    caseOf(update({ id: 5, settings: { image: 'a' } })),
  ],
  [
    'profile 705 has no nickname, which could not be taken away again',
    caseOf(update({ id: 5, nickname: 'a' })),
  ],
  [
    'profile 705 has no toString, which could not be taken away again',
    caseOf(update({ id: 5, toString: 'a' })),
  ],
  [
    'depends on what profile 705 holds',
    caseOf(update({ id: 5, firstName: 'Jürgen', lang: 'en' }), { change: { 5: { lang: 'en' } } }),
  ],
]

for (const [reason, example, target = known] of notSent) {
  const { request, before } = example
  t.test(`${JSON.stringify({ before, ...request })} ${reason}`, async (t) => {
    t.strictSame(planCase(example, target), { reason })
  })
}

const admin = { authorization: 'Bearer admin-token' }
const json = { 'content-type': 'application/json' }

const sent: [what: string, example: Case, requests: object[], target?: Known][] = [
  [
    'the id of the seed becomes that of the target, in text too',
    caseOf(
      { bearer: 'admin', text: '{"profiles":[{"id":5.0,"lang":"pl"}]}' },
      { change: { 5: { lang: 'pl' } } },
    ),
    [{ headers: { ...json, ...admin }, body: '{"profiles":[{"id":705.0,"lang":"pl"}]}' }],
  ],
  [
    'so does one written as text, and the one in the path',
    caseOf(update({ id: '5', lang: 'pl' }), {
      answer: { status: 400, body: {} },
      before: [{ path: '/profile/5', bearer: 'admin' }],
    }),
    [{ path: '/profile/705' }, { body: '{"profiles":[{"id":"705","lang":"pl"}]}' }],
  ],
  [
    'a read after a change is about the changed profile',
    caseOf(
      { method: 'GET', path: '/profiles?userIds=6&userIds[]=5', bearer: 'agent' },
      { before: [update({ id: 5, lang: 'pl' })] },
    ),
    [{}, { path: '/profiles?userIds=6&userIds[]=705', headers: { authorization: 'Bearer agent-token' } }],
  ],
  [
    'a read of a profile of the seed is about the one to write, or about a caller',
    caseOf({ method: 'GET', path: '/profile/12?includeRawData=true', bearer: 'agent' }),
    [{ path: '/profile/701?includeRawData=true' }],
    reading,
  ],
  [
    'a read of nobody is about an id that nobody has',
    caseOf({ method: 'GET', path: '/profile/999', bearer: 'agent' }, { answer: { status: 404, body: {} } }),
    [{ path: '/profile/2147483647' }],
  ],
  [
    'a role that the target has not is replaced by one that it has',
    caseOf({ method: 'GET', path: '/roles/5', bearer: 'agent' }),
    [{ path: '/roles/2' }],
  ],
  [
    'whom a call is on behalf of is looked up among the callers',
    caseOf({ ...update(), headers: { 'x-enneo-on-behalf-of': '3' } }),
    [{ headers: { ...json, ...admin, 'x-enneo-on-behalf-of': '703' } }],
  ],
  [
    'an undocumented key that the profile has can be put back',
    caseOf(update({ id: 5, nickname: 'a' })),
    [{ body: '{"profiles":[{"id":705,"nickname":"a"}]}' }],
    { ...known, profile: { id: 705, view: { ...fullProfile, id: 705, nickname: 'Al' } } },
  ],
  [
    'cookies are values of their own',
    caseOf({ cookie: 'admin', body: { profiles: [] } }),
    [{ headers: { ...json, cookie: 'connect.sid=admin-cookie' } }],
  ],
]

for (const [what, example, requests, target = known] of sent) {
  t.test(`${what}`, async (t) => {
    const plan = planCase(example, target)
    if ('reason' in plan) return t.fail(plan.reason)
    t.match([...plan.before, plan.request], requests)
  })
}
