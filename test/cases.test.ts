import t from 'tap'
import type { CaseRequest } from '../src/checks/cases.ts'
import { readSeed } from '../src/seed/seed-file.ts'
import { reachOf } from './support/case-reach.ts'
import { caseFiles, onSeed, usualIds } from './support/cases.ts'

const { personas } = await readSeed()

for (const { name, cases } of caseFiles) {
  t.test(`${name}: each case says truly whom it can reach at a service under test`, async (t) => {
    for (const example of cases) {
      const { settings, harmless, unsent, ids } = example
      if (settings || unsent !== undefined) continue
      const { before = [], request } = onSeed(example, personas)
      const reads = [...before, request].every(({ method }) => method === 'GET')
      const reach = reachOf({ before, request }, ids?.target ?? usualIds.target)
      // What is unsure, and what has another id than $target in it, is marked `unsent: <why>`.
      t.strictSame(reach, harmless || reads ? 'nobody' : 'target', example.name)
      t.equal(harmless === true, reach === 'nobody' && !reads, `${example.name}: harmless`)
    }
  })
}

t.test('a case that is sent speaks of no profile of the default seed but by name', async (t) => {
  for (const example of caseFiles.flatMap(({ cases }) => cases)) {
    const { settings, unsent, before = [], request } = example
    if (settings || unsent !== undefined) continue
    const updates = [...before, request].filter(({ method }) => method !== 'GET')
    t.notMatch(JSON.stringify(updates), /"id":\s*\d|\/profile\/\d/, example.name)
    const behalf = [...before, request].map(({ headers }) => headers?.['x-enneo-on-behalf-of'] ?? '')
    t.notOk(
      behalf.some((id) => /^\d+$/.test(id)),
      example.name,
    )
  }
})

const reach = (request: CaseRequest) => reachOf({ request }, 5)

const update = (text?: string, more: CaseRequest = {}): CaseRequest => ({
  ...(text !== undefined && { text }),
  ...more,
})
const read = (path: string, more: CaseRequest = {}): CaseRequest => ({ method: 'GET', path, ...more })

const harmless: CaseRequest[] = [
  read('/profile'),
  read('/profiles?userIds[]=5&show=all'),
  read('/profiles?userIds=5&includeRawData=true&q=a%26b&limit=1'),
  read('/profile/abc', { headers: { Authorization: 'Bearer x' } }),
  update(),
  update(''),
  update('  '),
  update('null'),
  update('{}'),
  update('[]'),
  update('"[]"'),
  update('{"profiles":null}'),
  update('{"profiles":[]}'),
  update('{"profiles":{}}'),
  update('{"profiles":"[]"}'),
  update('{"profiles":true}'),
  update('{"profiles":['),
  update('{"profiles":'),
  update("{'profiles':[]}"),
]

const harmful: CaseRequest[] = [
  read('/logout'),
  read('/profile/5/password'),
  read('/profiles', { text: '{}' }),
  read('/profile/5?_method=DELETE'),
  read('/profile/5?%5Fmethod=DELETE'),
  read('/profiles?q=a;_method=DELETE'),
  read('/profiles?Limit=1'),
  read('/profiles?q=a?_method=DELETE'),
  read('/profiles?q=a?b;_method=DELETE'),
  update('{"profiles":[]}', { path: '/profiles?userIds[]=7' }),
  read('/profiles', { headers: { 'X-HTTP-Method-Override': 'DELETE' } }),
  read('/profiles', { method: 'DELETE' }),
  read('/profile', { method: 'POST' }),
  update('{"profiles":[]}', { path: '/profile/5' }),
  update('{"profiles":[]}', { path: '/profiles/5' }),
  update('{"profiles":[]}', { method: 'PUT' }),
  update('{"profiles":[]}', { headers: { 'x-http-method-override': 'DELETE' } }),
  update('{"profiles":[{"id":5}]}'),
  update('{"profiles":[{"id":5,"password":"'),
  update('{"profiles":[{}]}'),
  update('{"profiles":[{'),
  update('{"profiles":[null]}'),
  update('{"profiles":["'),
  update('{"profiles":{"lang":"en"}}'),
  update('{"profiles":[{"lang":"en"}],"profiles":[]}'),
  update('{"profiles":5}'),
  update('{"profiles":[],"ids":[5]}'),
  update('{"\\u0070rofiles":[]}'),
  update('{"__proto__":{},"profiles":[]}'),
  update('[{"id":5}]'),
  update('profiles[0][id]=5'),
  update('profiles='),
]

const aimed: [request: CaseRequest, isOnly: boolean][] = [
  [update('{"profiles":[{"id":5,"lang":"en"},{"id":5}]}'), true],
  [update('{"profiles":[{"id":"5","lang":"en"}]}'), true],
  [update('{"profiles":[{"id":5.0}]}'), true],
  [update('{"profiles":{"id":5}}'), true],
  [update('[{"id":5}]'), true],
  [update('{"profiles":[{"id":5}]}', { path: '/Profiles/' }), true],
  [
    update(
      '{"profiles":[{"id":5,"externalId":"a","settings":{"roleId":2,"teamIds":[7],"skills":{"tagIds":[1]}}}]}',
    ),
    true,
  ],
  [update('{"lang":"en"}', { path: '/profile/5' }), true],
  [update('', { path: '/profile/5' }), true],
  [update(undefined, { path: '/profile/5' }), true],
  [update('[{"lang":"en"}]', { path: '/profile/5' }), true],
  [update('{"profiles":[{"id":6}]}'), false],
  [update('{"profiles":[{"id":5}]}', { path: '/profiles?userIds[]=7' }), false],
  [update('{"profiles":[{"id":5}]}', { path: '/profiles?dryRun=true' }), false],
  [update('{"lang":"en"}', { path: '/profile/5?id=7' }), false],
  [update('{"profiles":[{"id":5,"userId":7}]}'), false],
  [update('{"profiles":[{"id":5,"user_id":7}]}'), false],
  [update('{"profiles":[{"id":5,"userIds[]":[7]}]}'), false],
  [update('{"profiles":[{"id":5}],"ids" : [7]}'), false],
  [update('{"profiles":[{"id":5,"rawData":{"userId":7},"rawData":{}}]}'), false],
  [update('{"profiles":[{"id":5,"RoleId":7}]}'), false],
  [update('{"profiles":[{"id":5,"ID":7,"ID":5}]}'), false],
  [update('{"profiles":[{"id":5,"ID":5}]}'), false],
  [update('{"profiles":[{"id":7,"id":5}]}'), false],
  [update('{"Profiles":[{"x":1}],"profiles":[{"id":5}]}'), false],
  [update('{"profiles":[{"x":1}],"profiles":[{"id":5}]}'), false],
  [update('{"profiles":[{"id":5,"profiles":[{"x":1}]}]}'), false],
  [update('{"Profiles":[{"id":5}]}'), false],
  [update('{"profiles":[{"id":5},{"id":6}]}'), false],
  [update('{"profiles":[{"id":6,"id":5}]}'), false],
  [update('{"profiles":[{"\\u0069d":6,"id":5}]}'), false],
  [update('{"profiles":[{"id":5,"ID":6}]}'), false],
  [update('{"profiles":[{"id":6}],"profiles":[{"id":5}]}'), false],
  [update('{"profiles":[{"id":5,"rawData":{"id":6}}]}'), false],
  [update('{"profiles":[{"id":5,"rawData":{"a":[{"__proto__":{"x":1}}]}}]}'), false],
  [update('{"profiles":[{"id":5,"constructor":{"prototype":{"x":1}}}]}'), false],
  [update('{"profiles":[{"id":5},{"lang":"en"}]}'), false],
  [update('{"profiles":[{"id":5},null]}'), false],
  [update('{"profiles":[]}'), false],
  [update('{"lang":"en"}'), false],
  [update('{"profiles":[{"id":5'), false],
  [update(), false],
  [update('{"profiles":[{"id":5}]}', { method: 'DELETE' }), false],
  [update('{"profiles":[{"id":5}]}', { headers: { 'x-sandbox': 'a' } }), false],
  [update('{"profiles":[{"id":5}]}', { path: '/profilesets' }), false],
  [update('{"lang":"en"}', { path: '/profile/55' }), false],
  [update('{"id":6,"lang":"en"}', { path: '/profile/5' }), false],
  [update('{"profiles":[{"id":6}]}', { path: '/profile/5' }), false],
  [update('{"lang":', { path: '/profile/5' }), false],
]

t.test('what can change nothing, however lax the server is', async (t) => {
  for (const request of harmless) t.equal(reach(request), 'nobody', JSON.stringify(request))
})

t.test('what is not surely harmless', async (t) => {
  for (const request of harmful) t.not(reach(request), 'nobody', JSON.stringify(request))
})

t.test('what names profile 5 alone, whatever of it a server believes', async (t) => {
  for (const [request, isOnly] of aimed) t.equal(reach(request) === 'target', isOnly, JSON.stringify(request))
})
