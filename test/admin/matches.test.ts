import t from 'tap'
import { createMock } from '../../src/index.ts'

const mock = await createMock({ listen: false })
t.teardown(() => mock.close())
const headers = { cookie: mock.cookie('admin') }
const call = (path: string, method = 'GET') => mock.fetch(mock.url + path, { method, headers })
await call('/profiles', 'PATCH')
await call('/profile/5')
await call('/profile/6?includeRawData=true')
await call('/profile')

const matches: [match: object, count: number][] = [
  [{ method: 'patch' }, 1],
  [{ method: 'Patch', path: '/profiles' }, 1],
  [{ path: '/api/mind/profiles' }, 1],
  [{ path: '/mock/api/mind/profiles' }, 1],
  [{ path: '/profile/5' }, 1],
  [{ path: '/profile/*' }, 2],
  [{ path: '/api/mind/profile/{id}' }, 2],
  [{ path: '/*' }, 2],
  [{ path: '/*/5' }, 1],
  [{ path: '/profile.5' }, 0],
  [{ path: '/profile/' }, 0],
  [{ path: '/profile/*/*' }, 0],
  [{ path: '/profile/5x' }, 0],
  [{ status: 200 }, 3],
  [{ userId: 1 }, 4],
  [{ userId: 2 }, 0],
]

for (const [match, count] of matches) {
  t.test(`the match ${JSON.stringify(match)} means ${count} calls, by every way`, async (t) => {
    t.equal(await mock.count(match), count)
    t.equal((await mock.requests(match)).length, count)
    const query = new URLSearchParams(match as Record<string, string>)
    const listed = await mock.fetch(`${mock.adminUrl}/requests?${query}`)
    t.equal(((await listed.json()) as { requests: unknown[] }).requests.length, count)
    const verified = await mock.fetch(`${mock.adminUrl}/verify`, {
      method: 'POST',
      body: JSON.stringify(match),
    })
    if (verified.status === 200) t.match(await verified.json(), { calls: count })
    else t.match(await verified.text(), /broke a rule/)
  })
}

for (const [match, count] of matches) {
  if ('status' in match) continue
  t.test(`a fault for ${JSON.stringify(match)} meets ${count} of the same calls`, async (t) => {
    const sandbox = mock.sandbox('faults')
    await sandbox.reset()
    await sandbox.fault({ match, headers: { 'x-met': 'yes' } })
    for (const [path, method] of [
      ['/profiles', 'PATCH'],
      ['/profile/5', 'GET'],
      ['/profile/6', 'GET'],
      ['/profile', 'GET'],
    ])
      await mock.fetch(sandbox.url + path, { method: method as string, headers })
    t.equal((await sandbox.faults())[0]?.injected, count)
  })
}

const wrong: [match: object, message: RegExp][] = [
  [{ url: '/profiles' }, /url is not a known key/],
  [{ path: 'profiles' }, /path must be a path without a query, such as \/profiles/],
  [{ path: '/profiles?limit=1' }, /path must be a path without a query/],
  [{ path: 5 }, /path must be/],
]

for (const [match, message] of wrong) {
  t.test(`the match ${JSON.stringify(match)}, which can never be met, is refused`, async (t) => {
    await t.rejects(mock.count(match), { message })
    await t.rejects(mock.requests(match), { message })
    await t.rejects(mock.assertNoViolations(match), { message })
    await t.rejects(mock.fault({ status: 500, match }), { message })
    const query = new URLSearchParams(match as Record<string, string>)
    const listed = await mock.fetch(`${mock.adminUrl}/requests?${query}`)
    t.equal(listed.status, 400)
    t.match(((await listed.json()) as { message: string }).message, message)
  })
}
