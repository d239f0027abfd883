import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import type { CoverageReport } from '../../schemas/coverage.ts'
import { createMock, type Mock } from '../../src/library/create-mock.ts'

const bulk = '/profiles'

async function opened(t: Test, options = {}) {
  const mock = await createMock(options)
  t.teardown(() => mock.close())
  const { origin } = new URL(mock.url)
  return { mock, origin, ...client(mock, mock.url) }
}

function client(mock: Mock, url: string) {
  const send = (path: string, init: RequestInit = {}) =>
    fetch(url + path, {
      ...init,
      headers: {
        authorization: `Bearer ${mock.token('admin')}`,
        'content-type': 'application/json',
        ...init.headers,
      },
    })
  const patch = (profiles: unknown, headers: Record<string, string> = {}) =>
    send(bulk, { method: 'PATCH', headers, body: JSON.stringify({ profiles }) })
  return { send, patch }
}

const admin = (origin: string, path: string, init?: RequestInit) => fetch(`${origin}/__admin${path}`, init)

const statusesOf = ({ operations }: CoverageReport) =>
  operations[0]?.statuses.map(({ status, count }) => [status, count])

t.test('GET /coverage tells what calls exercised, over all sandboxes and beyond a reset', async (t) => {
  const { mock, origin, patch } = await opened(t)
  const [a, b] = [mock.sandbox('a'), mock.sandbox('b')]
  await patch([{ id: 5 }])
  await client(mock, a.url).patch([{ id: 'x' }])
  await client(mock, b.url).patch([{ id: 5 }], { authorization: `Bearer ${mock.token('agent')}` })
  const counted = [
    [200, 1],
    [400, 1],
    [403, 1],
  ]
  t.strictSame(statusesOf(await mock.coverage()), counted)
  t.strictSame(statusesOf((await (await admin(origin, '/coverage')).json()) as CoverageReport), counted)
  t.strictSame(statusesOf(await a.coverage()), [
    [200, 0],
    [400, 1],
    [403, 0],
  ])

  await mock.reset()
  await a.reset()
  await mock.clearRequests()
  t.strictSame(statusesOf(await mock.coverage()), counted, 'tests reset the mock between them')
  t.strictSame((await a.coverage()).covered, 0, 'what a sandbox exercised goes with its world')
  t.equal((await b.coverage()).covered, 2)
})

// [coverage.outlives-reset]
t.test('DELETE /coverage begins anew; no reset does', async (t) => {
  const { mock, origin, patch } = await opened(t)
  const inA = client(mock, mock.sandbox('a').url)
  await patch([{ id: 5 }])
  await inA.patch([{ id: 5 }])
  t.strictSame(await (await admin(origin, '/coverage', { method: 'DELETE' })).json(), { status: 'cleared' })
  t.equal((await mock.coverage()).covered, 0)
  t.not((await mock.sandbox('a').coverage()).covered, 0)
  await admin(origin, '/coverage', { method: 'DELETE', headers: { 'x-mock-sandbox': 'a' } })
  t.equal((await mock.sandbox('a').coverage()).covered, 0)
  await patch([{ id: 5 }])
  await mock.resetAll()
  t.not((await mock.coverage()).covered, 0)
  const inB = mock.sandbox('b')
  await client(mock, inB.url).patch([{ id: 5 }])
  await inB.clearCoverage()
  await mock.clearCoverage()
  t.strictSame([(await inB.coverage()).covered, (await mock.coverage()).covered], [0, 0])
})

// [coverage.injected]
t.test('injected answers count as statuses, and refusals only when the rules refuse', async (t) => {
  const { mock, patch } = await opened(t)
  await mock.fault({ status: 403, times: 1 })
  await patch([{ id: 5 }])
  await patch([{ id: 5 }], { prefer: 'code=403' })
  await mock.fault({ fault: 'CONNECTION_RESET_BY_PEER', times: 1 })
  await patch([{ id: 5 }]).catch(() => {})
  const [operation] = (await mock.coverage()).operations
  t.equal(operation?.calls, 3)
  t.match(operation?.statuses, [{ status: 200, count: 0 }, {}, { status: 403, count: 2 }])
  t.match(
    operation?.refusals.find(({ refusal }) => refusal === 'permission-missing'),
    { count: 0 },
  )
})

t.test('POST /verify answers 200 when no call broke a rule', async (t) => {
  const { mock, origin, send, patch } = await opened(t)
  await patch([{ id: 5, lang: 'en' }])
  await send('/nothing')
  const answer = await admin(origin, '/verify', { method: 'POST' })
  t.strictSame([answer.status, await answer.json()], [200, { status: 'verified', calls: 2 }])
  await mock.assertNoViolations()
})

/** The report, in which `<origin>` stands for where the mock is. */
async function report(origin: string, init: RequestInit = {}): Promise<string> {
  const answer = await admin(origin, '/verify', { method: 'POST', ...init })
  if (answer.status !== 406) throw new Error(`answered ${answer.status}`)
  return (await answer.text()).replaceAll(origin, '<origin>')
}

const tokenOf = (userId: number, more = '') =>
  `-H "Authorization: Bearer $(curl -s -X POST '<origin>/__admin/tokens' ${more}-d '{"userId":${userId}}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')"`

t.test(
  'POST /verify answers 406 with each violation: where, what was expected, what came, and a curl',
  async (t) => {
    const { mock, origin, patch, send } = await opened(t)
    await patch([{ id: 5, nickname: "O'Neil" }, { id: 999 }], { 'content-type': 'text/plain' })
    await patch([{ id: 6, settings: { status: 'sleeping' }, isSsoOnly: true }])
    await send('/profile/5', { method: 'PATCH', body: '{"email":"a@b"}' })
    await send('/profiles?limit=0&token=abc')
    const text = await report(origin)
    t.equal(
      text,
      [
        '4 calls broke a rule:',
        '',
        '#1 PATCH /api/mind/profiles answered 200',
        '  content-type: Content-Type must be application/json (got another type)',
        '    path Content-Type, expected application/json, got another type',
        '  unknown-key: nickname is not documented and was ignored',
        '    path profiles[0].nickname, expected a documented key, got nickname',
        '  unknown-profile: there is no profile 999',
        '    path profiles[1].id, expected the id of a profile, got 999',
        `  curl -X PATCH '<origin>/api/mind/profiles' -H 'content-type: text/plain' ${tokenOf(1)} -d '{"profiles":[{"id":5,"nickname":"O'\\''Neil"},{"id":999}]}'`,
        '',
        '#2 PATCH /api/mind/profiles answered 400',
        '  schema: profiles[0].settings.status must be one of available, busy, active, offwork, away, absent (got "sleeping")',
        '    path profiles[0].settings.status, expected one of available, busy, active, offwork, away, absent, got "sleeping"',
        '  schema: profiles[0].isSsoOnly must be one of 0, 1 (got true)',
        '    path profiles[0].isSsoOnly, expected one of 0, 1, got true',
        `  curl -X PATCH '<origin>/api/mind/profiles' -H 'content-type: application/json' ${tokenOf(1)} -d '{"profiles":[{"id":6,"settings":{"status":"sleeping"},"isSsoOnly":true}]}'`,
        '',
        '#3 PATCH /api/mind/profile/5 answered 200',
        '  read-only: email cannot be written and was ignored',
        '    path email, expected only keys that can be written, got a key that is read only',
        `  curl -X PATCH '<origin>/api/mind/profile/5' -H 'content-type: application/json' ${tokenOf(1)} -d '{"email":"a@b"}'`,
        '',
        '#4 GET /api/mind/profiles answered 400',
        '  unknown-parameter: the query parameter token is not documented and was ignored',
        '    path token, expected a documented parameter, got token',
        '  schema: limit must be an integer of at least 1 (got 0)',
        '    path limit, expected an integer of at least 1, got 0',
        `  curl -X GET '<origin>/api/mind/profiles?limit=0&token=%5Bredacted%5D' -H 'content-type: application/json' ${tokenOf(1)}`,
        '',
      ].join('\n'),
    )
    await t.rejects(mock.assertNoViolations(), { message: /^4 calls broke a rule:\n\n#1 / })
  },
)

t.test('POST /verify takes a match, so that calls meant to fail can be left out', async (t) => {
  const { mock, origin, patch } = await opened(t)
  await patch([{ id: 'x' }])
  await mock.assertNoViolations({ status: 200 })
  await t.rejects(mock.assertNoViolations({ status: 400 }), { message: /^1 call broke a rule:/ })
  const wrong = await admin(origin, '/verify', { method: 'POST', body: '{"state":200}' })
  t.strictSame(
    [wrong.status, ((await wrong.json()) as { message: string }).message],
    [400, 'state is not a known key'],
  )
})

t.test('POST /verify is about one world: the named sandbox, or the default one', async (t) => {
  const { mock, origin } = await opened(t)
  const sandbox = mock.sandbox('a')
  await client(mock, sandbox.url).patch([{ id: 5, nickname: 'x' }])
  await mock.assertNoViolations()
  await t.rejects(sandbox.assertNoViolations(), { message: /unknown-key: nickname/ })
  const text = await report(origin, { headers: { 'x-mock-sandbox': 'a' } })
  t.match(text, `-H 'x-mock-sandbox: a' ${tokenOf(1, "-H 'x-mock-sandbox: a' ")} -d '`)
})

// [violation-report.calls]
t.test('the curl of a report repeats the call, whoever made it', async (t) => {
  const { mock, origin, patch, send } = await opened(t, { jwtSecret: 'a secret of its own' })
  const calls: (() => Promise<Response>)[] = [
    () => patch([{ id: 5, nickname: "O'Neil $HOME `x` \\ ü" }]),
    () => patch([{ id: 5, 'ev\u001b[2J\n#99 forged': '\u202e\u009b' }]),
    () => patch([{ id: 'x' }], { authorization: `Bearer ${mock.token('manager')}` }),
    () => patch([{ id: 5, lang: 'en' }], { 'content-type': 'text/plain' }),
    () => send('/profiles?show=nobody'),
    () => client(mock, mock.sandbox('a').url).patch([{ id: 999 }]),
    () => patch([{ id: 5, nickname: 1 }], { 'x-enneo-on-behalf-of': '2' }),
  ]
  for (const [index, call] of calls.entries()) {
    const world = index === 5 ? mock.sandbox('a') : mock
    await world.reset()
    const { status, headers } = await call()
    const [entry] = await world.requests()
    const text = await world.assertNoViolations().then(
      () => '',
      ({ message }: Error) => message,
    )
    const line = text.split('\n').find((entry) => entry.startsWith('  curl')) ?? ''
    const { stdout } = await promisify(execFile)('sh', ['-c', `${line} -s -i`])
    t.equal(stdout.split(' ')[1], String(status), line)
    t.match(stdout.toLowerCase(), `x-mock-violations: ${headers.get('x-mock-violations')}`.toLowerCase())
    const [, again] = await world.requests()
    t.strictSame([again?.body, again?.userId], [entry?.body, entry?.userId])
  }
  t.ok(origin)
})

t.test('the curl of a report says what of a call was not kept', async (t) => {
  const { origin, send, patch } = await opened(t)
  await send(bulk, { method: 'PATCH', body: '{"profiles":' })
  await patch([{ id: 5, nickname: 'x'.repeat(70_000) }])
  const lines = (await report(origin)).split('\n').filter((line) => line.startsWith('  curl'))
  t.match(lines[0], /Bearer .*" # its body was not kept$/)
  t.match(lines[1], /Bearer .*" # its body was not kept$/)
})

t.test('the curl of a report takes the admin token from the environment where one is needed', async (t) => {
  const { origin, patch } = await opened(t, { host: '0.0.0.0', adminApiToken: 'secret-admin-token' })
  await patch([{ id: 5, nickname: 'x' }])
  const text = await report(origin, { headers: { authorization: 'Bearer secret-admin-token' } })
  t.match(text, tokenOf(1, '-H "Authorization: Bearer $MOCK_ADMIN_API_TOKEN" '))
  t.notMatch(text, 'secret-admin-token')
})

t.test(
  'of many violations of one call those that are kept are told, and how many more there are',
  async (t) => {
    const { origin, patch } = await opened(t)
    await patch(Array.from({ length: 1002 }, () => ({ id: 999 })))
    const text = await report(origin)
    t.equal(text.match(/unknown-profile: /g)?.length, 1000)
    t.match(text, '\n  and 2 more\n')
  },
)

t.test('of a bad item with many faults ten are told, and that there are more', async (t) => {
  const { origin, patch } = await opened(t)
  await patch([{ id: 5, settings: { teamIds: Array.from({ length: 11 }, () => 'x') } }])
  const text = await report(origin)
  t.equal(text.match(/schema: profiles\[0\]/g)?.length, 10)
  t.match(text, /got a string of 1 character\n {2}schema: and more\n {2}curl/)
})

// [violation-report.dropped]
t.test('calls with violations that the journal had to drop still fail, until it is cleared', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  const authorization = `Bearer ${mock.token('admin')}`
  const call = (body: string) =>
    mock.inject({
      method: 'PATCH',
      url: '/api/mind/profiles',
      headers: { authorization, 'content-type': 'application/json' },
      payload: body,
    })
  await call('{"profiles":[{"id":5,"nickname":"x"}]}')
  for (let n = 0; n < 1000; n += 1) await call('{"profiles":[]}')
  await t.rejects(mock.assertNoViolations(), {
    message:
      /^1 earlier call that broke a rule no longer stands in the journal, which keeps the last 1,000 calls and 16 MiB: verify more often\.\n$/,
  })
  await t.rejects(mock.assertNoViolations({ status: 200 }), { message: /^1 earlier call/ })
  await mock.assertNoViolations({ status: 400 })
  await mock.clearRequests()
  await mock.assertNoViolations()
})

t.test('a report shows what a terminal would obey, and no line that a client made up', async (t) => {
  const { origin, patch } = await opened(t)
  await patch([{ id: 5, 'ev\u001b[2J\n#99 forged\u202e': 1 }])
  const text = await report(origin)
  t.match(text, '  unknown-key: ev\\u001b[2J\\u000a#99 forged\\u202e is not documented')
  t.notMatch(text, /[^\n\P{Cc}]|\u202e/u)
  t.equal(text.match(/^#/gm)?.length, 1)
})

t.test('GET /verify answers 405 and says what to send', async (t) => {
  const { origin } = await opened(t)
  const answer = await admin(origin, '/verify')
  t.strictSame([answer.status, answer.headers.get('allow')], [405, 'POST'])
  t.match(await answer.json(), { message: /POST \/__admin\/verify/ })
})
