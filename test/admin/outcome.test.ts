import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { basePath } from '../../src/http/paths.ts'
import { createMock } from '../../src/library/create-mock.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { signedIn } from '../support/signed-in.ts'

const seed = await readSeed()

async function quiet(t: Test, options = {}) {
  const mock = await createMock({ listen: false, ...options })
  t.teardown(() => mock.close())
  const ask = async (path: string, method: 'GET' | 'POST' = 'GET', headers = {}) => {
    const answer = await mock.inject({ method, url: `/__admin${path}`, headers })
    return { status: answer.statusCode, text: answer.body, json: () => answer.json() }
  }
  return { mock, ask, ...signedIn(mock) }
}

// [journal.detail]
t.test('GET /requests/{id} shows the answer and each place that was changed', async (t) => {
  const { mock, ask, patch, get } = await quiet(t)
  await patch([{ id: 5, firstName: 'Neu', settings: { roleId: 3 }, rawData: { a: { b: [1] } } }, { id: 999 }])
  await get('/profile/999')
  const call = await mock.request(1)
  t.match(call, { id: 1, status: 200, changed: 1 })
  t.ok((call.duration as number) > 0)
  t.strictSame(call.answer, {
    results: [
      { id: 5, success: true },
      { id: 999, success: false },
    ],
  })
  t.strictSame(call.changes, [
    {
      id: 5,
      differences: [
        { path: 'firstName', before: 'Jürgen', after: 'Neu' },
        { path: 'settings.roleId', before: 2, after: 3 },
        { path: 'rawData', after: { a: { b: [1] } } },
      ],
    },
  ])
  const [first, second] = await mock.requests()
  t.match(first, { changed: 1 })
  t.notOk('answer' in (first ?? {}), 'the list stays short')
  t.equal(second?.changed, undefined)
  t.match(await mock.request(2), { status: 404, answer: { success: false }, changes: [] })
  for (const id of ['0', '3', 'x']) t.equal((await ask(`/requests/${id}`)).status, 404, id)
})

t.test('every operation that writes tells what it changed', async (t) => {
  const { mock } = await quiet(t)
  const { inject } = signedInAll(mock)
  await inject('/profile/5', { lang: 'xx' })
  await inject('/profile/5/routingStatus', { callRoutingStatus: 'acw' })
  await inject('/profiles/routingStatus', { profiles: [{ id: 5, callRoutingStatus: 'offline' }] })
  const paths = await Promise.all([1, 2, 3].map(async (id) => (await mock.request(id)).changes))
  t.match(paths, [
    [{ differences: [{ path: 'lang' }] }],
    [{ differences: [{ path: 'settings.callRoutingStatus', after: 'acw' }] }],
    [{ differences: [{ path: 'settings.callRoutingStatus', before: 'acw', after: 'offline' }] }],
  ])
})

const signedInAll = (mock: Awaited<ReturnType<typeof createMock>>) => ({
  inject: async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${mock.token('admin')}`, 'content-type': 'application/json' }
    const answer = await mock.inject({
      method: 'PATCH',
      url: basePath + path,
      headers,
      payload: JSON.stringify(body),
    })
    t.equal(answer.statusCode, 200, path)
  },
})

t.test('an injected answer is shown without secrets, text as text', async (t) => {
  const { mock, get } = await quiet(t)
  await mock.fault({ status: 500, body: { token: 'hush', a: 1 }, times: 1 })
  await mock.fault({ status: 500, body: 'no JSON', times: 1 })
  await get('/profile')
  await get('/profile')
  t.strictSame((await mock.request(1)).answer, { token: '[redacted]', a: 1 })
  t.equal((await mock.request(2)).answer, 'no JSON')
})

// [undo.put-back]
t.test('undo puts back every profile of one call, and no other', async (t) => {
  const { mock, patch } = await quiet(t)
  await patch([
    { id: 5, lang: 'xx' },
    { id: 6, rawData: { a: 1 } },
  ])
  await patch([{ id: 7, lang: 'yy' }])
  await mock.undo(1)
  const state = await mock.state()
  t.strictSame(
    state.profiles.filter(({ id }) => id !== 7),
    seed.profiles.filter(({ id }) => id !== 7),
  )
  t.equal((await mock.profile(7)).lang, 'yy')
  t.match(await mock.requests(), [{ isUndone: true }, { isUndone: undefined }])
})

// [undo.changed-since]
t.test('undo puts nothing back where a profile has been changed since, and names the call', async (t) => {
  const { mock, patch, get } = await quiet(t)
  await patch([
    { id: 5, lang: 'a' },
    { id: 6, lang: 'a' },
  ])
  await patch([{ id: 6, lang: 'b' }])
  const before = await mock.state()
  await t.rejects(
    mock.undo(1),
    /profile 6 has been changed since call 1 by call 2 \(PATCH .*: undo that one first/,
  )
  t.strictSame(await mock.state(), before)
  await mock.undo(2)
  await mock.undo(1)
  t.strictSame(await mock.state(), seed)
  await t.rejects(mock.undo(1), /changed since call 1 by something that is no call/)
  await get('/profile')
  await t.rejects(mock.undo(3), /call 3 changed nothing/)
  await t.rejects(mock.undo(9), /404.*no call of that id/)
})

t.test('a call whose answer never left can be undone', async (t) => {
  const { mock, patch } = await quiet(t)
  await mock.fault({ fault: 'EMPTY_RESPONSE', phase: 'after-commit', times: 1 })
  await t.rejects(patch([{ id: 5, lang: 'xx' }]))
  t.equal((await mock.profile(5)).lang, 'xx')
  await mock.undo(1)
  t.strictSame(await mock.state(), seed)
})

t.test('a sandbox undoes its own', async (t) => {
  const { mock, patch } = await quiet(t)
  await patch([{ id: 5, lang: 'xx' }])
  await patch([{ id: 5, lang: 'yy' }], { 'x-mock-sandbox': 'a' })
  await mock.sandbox('a').undo(1)
  t.strictSame(await mock.sandbox('a').state(), seed)
  t.equal((await mock.profile(5)).lang, 'xx')
})

// [journal.har]
t.test('GET /requests?format=har is an archive without secrets', async (t) => {
  const { mock, ask, patch, get } = await quiet(t)
  await patch([{ id: 5, lang: 'xx', password: 'hush', nonsense: 1 }])
  await get('/profiles?limit=1&token=hush')
  await mock.fault({ fault: 'EMPTY_RESPONSE' })
  await t.rejects(get('/profile'))
  const { text, json } = await ask('/requests?format=har')
  t.notMatch(text, /hush|eyJ/)
  const { log } = json()
  t.match(log, {
    version: '1.2',
    creator: { name: 'enneo-mock' },
    entries: [
      {
        request: { method: 'PATCH', postData: { text: /"lang":"xx"/ }, httpVersion: 'HTTP/1.1' },
        response: { status: 200, statusText: 'OK', content: { text: /"success":true/ } },
        comment: /nonsense/,
      },
      {
        request: { url: /\/api\/mind\/profiles\?limit=1/, queryString: [{ name: 'limit', value: '1' }, {}] },
      },
      { response: { status: 0, statusText: '', content: { size: 0 } } },
    ],
  })
  await mock.fetch(`${mock.url}/roles`)
  t.match((await ask('/requests?format=har&path=/roles')).json().log, {
    entries: [{ comment: /sign-in is missing/ }],
  })
  t.equal((await ask('/requests?format=har&path=/profile')).json().log.entries.length, 1)
  t.match(await ask('/requests?format=xml'), { status: 400, text: /format is har/ })
})

// [journal.case]
t.test('GET /requests/{id}/case is a contract case', async (t) => {
  const { ask, patch, get, mock } = await quiet(t)
  await patch([{ id: 6, settings: { status: 'busy' } }])
  await patch([{ id: 5, lang: 'zz' }])
  await mock.undo(2)
  await patch([{ id: 5, settings: { roleId: 3 }, image: 'aW1hZ2U=', rawData: { a: 1 }, x: 1 }])
  const { status, text } = await ask('/requests/3/case')
  t.equal(status, 200)
  t.match(parse(text), [
    {
      name: 'PATCH /api/mind/profiles answers 200',
      before: [{ path: '/profiles', bearer: 'admin', body: { profiles: [{ id: 6 }] } }],
      request: { path: '/profiles', bearer: 'admin', body: { profiles: [{ id: 5, image: 'aW1hZ2U=' }] } },
      answer: { status: 200, body: { results: [{ id: 5, success: true }] }, violations: [{ path: 'x' }] },
      change: { 5: { settings: { roleId: 3 }, rawData: { a: 1 } } },
    },
  ])
  await signedIn(mock, 12).get('/profile?b=1', { 'x-enneo-on-behalf-of': '3' })
  const [read] = parse((await ask('/requests/4/case')).text)
  t.strictSame(read.request, {
    method: 'GET',
    path: '/profile?b=1',
    bearer: { userId: 12 },
    headers: { 'x-enneo-on-behalf-of': '3' },
  })
  t.notOk('change' in read)
  await mock.fetch(`${mock.url}/profile`)
  t.match(parse((await ask('/requests/5/case')).text), [{ answer: { status: 401 } }])
  const refused = async (reason: RegExp) => {
    const last = (await mock.requests()).at(-1)?.id
    t.match(await ask(`/requests/${last}/case`), { status: 409, text: reason })
  }
  await mock.fetch(`${mock.url}/profile`, { headers: { authorization: 'Bearer a.b.c' } })
  await refused(/credential was not kept/)
  await get('/profile', { prefer: 'code=404' })
  await mock.fault({ status: 503, times: 1 })
  await get('/profile')
  await refused(/injected \(fault-1\)/)
  await mock.inject({
    method: 'PATCH',
    url: '/api/mind/profiles',
    headers: { authorization: `Bearer ${mock.token('admin')}` },
    payload: '{"a',
  })
  await refused(/body was not kept/)
  await patch([{ id: 5, rawData: { a: 'x'.repeat(70_000) } }])
  await refused(/more was sent/)
  await mock.fault({ fault: 'EMPTY_RESPONSE', times: 1 })
  await t.rejects(get('/profile'))
  await refused(/injected/)
})

// [sandbox.list]
t.test('GET /sandboxes lists the worlds there are, and makes none', async (t) => {
  const { mock, ask, get } = await quiet(t)
  t.strictSame((await ask('/sandboxes', 'GET', { 'x-mock-sandbox': 'b' })).json(), {
    sandboxes: [{ scenario: 'happy', delay: 0, faults: 0, calls: 0 }],
  })
  await mock.sandbox('a').scenario('slow')
  await mock.sandbox('a').delay(5)
  await mock.sandbox('a').fault({ status: 503 })
  await mock.sandbox('c').reset()
  await get('/nothing')
  t.match((await ask('/sandboxes')).json(), {
    sandboxes: [
      { name: undefined, calls: 1, lastCall: { method: 'GET', path: '/api/mind/nothing', status: 404 } },
      { name: 'a', scenario: 'slow', delay: 5, faults: 1, calls: 0, lastCall: undefined },
      { name: 'c' },
    ],
  })
})

// [state.page]
t.test('GET /state/profiles is a page of the profiles as stored', async (t) => {
  const { ask, patch, mock } = await quiet(t)
  await patch([{ id: 5, lang: 'xx' }])
  const page = async (query: string, sandbox?: string) =>
    (
      await ask(`/state/profiles${query}`, 'GET', sandbox === undefined ? {} : { 'x-mock-sandbox': sandbox })
    ).json().profiles
  t.strictSame(await page('?limit=2&offset=4'), (await mock.state()).profiles.slice(4, 6))
  t.strictSame(
    await page('?q=GROSSMANN'),
    seed.profiles.filter(({ id }) => id === 8),
  )
  t.equal((await page('')).length, seed.profiles.length)
  t.equal((await ask('/state/profiles/999')).status, 404)
  t.strictSame(await page('?limit=2&offset=4', 'unopened'), seed.profiles.slice(4, 6))
  t.strictSame((await page('?q=großmann')).length, (await page('?q=großmann', 'unopened')).length)
  t.equal((await ask('/sandboxes')).json().sandboxes.length, 1)
  for (const query of ['limit=0', 'limit=x', 'offset=-1', 'limit=99999999999999999999'])
    t.match(await ask(`/state/profiles?${query}`), { status: 400, text: /must be a whole number/ })
})

// [state.directory]
t.test('GET /state/directory is a world without its profiles', async (t) => {
  const { ask } = await quiet(t)
  const directory = (await ask('/state/directory')).json()
  t.strictSame(Object.keys(directory), ['personas', 'statuses', 'roles', 'teams'])
  t.strictSame(directory.personas, seed.personas)
  t.strictSame(directory.roles[0], { id: 1, name: 'Administrator' })
  t.strictSame(directory.teams[0], { id: 1, name: seed.teams[0]?.name, parent: null })
  t.ok(directory.statuses.includes('busy'))
})
