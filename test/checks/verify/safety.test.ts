import t from 'tap'
import { isHarmless, namesOnly } from '../../../src/checks/verify/safety.ts'
import { forgetSettingsOfEnvironment, runHere } from '../../support/run-here.ts'
import { allCredentials, fullProfile, openTarget, seedWithProfiles } from '../../support/target.ts'

forgetSettingsOfEnvironment()
t.setTimeout(300_000)

const update = (body?: string, more: object = {}) => ({
  method: 'PATCH',
  path: '/profiles',
  headers: {},
  ...(body !== undefined && { body }),
  ...more,
})
const read = (path: string, more: object = {}) => ({ method: 'GET', path, headers: {}, ...more })

const harmless: Parameters<typeof isHarmless>[0][] = [
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

for (const request of harmless) {
  t.test(`${request.method} ${request.path} ${request.body ?? ''} cannot change anything`, async (t) => {
    t.equal(isHarmless(request), true)
  })
}

const harmful: Parameters<typeof isHarmless>[0][] = [
  read('/logout'),
  read('/profile/5/password'),
  read('/profiles', { body: '{}' }),
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

for (const request of harmful) {
  t.test(`${request.method} ${request.path} ${request.body ?? ''} is not called harmless`, async (t) => {
    t.equal(isHarmless(request), false)
  })
}

const aimed: [request: Parameters<typeof namesOnly>[0], isOnly: boolean][] = [
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

for (const [request, isOnly] of aimed) {
  t.test(
    `PATCH ${request.path} ${request.body ?? ''} ${isOnly ? 'names' : 'does not surely name'} profile 5 alone`,
    async (t) => {
      t.equal(namesOnly(request, 5), isOnly)
    },
  )
}

/** Whatever comes is fine: as lax as a server can be. */
const laxAnswer = (body: unknown) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

t.test('a server that lets everything in gets nothing that could change anything', async (t) => {
  const { base, arrived } = await openTarget(t, () => laxAnswer({ id: 1, permissions: undefined }))
  const { code } = await runHere(t, ['verify', base, '--json', ...allCredentials])
  t.equal(code, 1)
  t.ok(arrived.length > 200, `${arrived.length} requests`)
  const patches = arrived.filter(({ method }) => method === 'PATCH')
  t.ok(patches.length > 30, `${patches.length} of them updates`)
  t.strictSame(
    arrived.filter(({ method, body }) => method !== 'PATCH' && (method !== 'GET' || body !== '')),
    [],
  )
  t.strictSame(
    patches.filter(({ path, body }) => path !== '/api/mind/profiles' || /\d|"id"|\[\s*[^\s\]]/.test(body)),
    [],
  )
})

t.test('with --write every item that arrives names that one profile', async (t) => {
  const seed = await seedWithProfiles({ ...fullProfile, id: 7 })
  const { base, arrived } = await openTarget(t, undefined, seed)
  await runHere(t, ['verify', base, '--json', ...allCredentials, '--write', '--profile-id', '7'])
  const written = arrived.filter(({ method, body }) => method !== 'GET' && /\d/.test(body))
  t.ok(written.length > 300, `${written.length} requests with items`)
  const isAimed = ({ method, path, body }: (typeof written)[number]) => {
    if (method !== 'PATCH' || path === '/api/mind/profile/7') return method === 'PATCH'
    const value = JSON.parse(body)
    const items: { id: unknown }[] = [value.profiles ?? value].flat()
    return /^\/api\/mind\/profiles\/?(\?.*)?$/i.test(path) && items.every(({ id }) => Number(id) === 7)
  }
  t.strictSame(
    written.filter((request) => !isAimed(request)),
    [],
  )
})
