import t from 'tap'
import { createMock } from '../../src/library/create-mock.ts'

/** Changes that are accepted, some with values that no seed has. */
const changes: object[] = [
  { settings: { supersetRole: 'Analyst' } },
  { settings: { supersetRole: '' } },
  { settings: { roleId: 3, teamIds: [], status: 'busy' } },
  { settings: { tagsOnRoute: [999], skills: { tagIds: [12345], channels: ['fax', 'fax'] } } },
  { settings: { ticketsFilters: {} } },
  { firstName: '', lastName: 'ß\u0000\ud83d\ude00', phone: '', lang: 'xx', externalId: '' },
  { rawData: { a: { b: [null, 1e300, ''] }, constructor: 'x', '': 0 } },
  { rawData: { password: 'p' } },
  { settings: null },
  { callRoutingStatus: 'idle' },
]

// [state.put-back]
t.test('whatever an update leads to can be read as a state and put back', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  for (const change of changes) {
    const answer = await mock.fetch(`${mock.url}/profiles`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${mock.token('admin')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ profiles: [{ id: 5, ...change }] }),
    })
    t.strictSame(await answer.json(), { results: [{ id: 5, success: true }] }, JSON.stringify(change))
    const state = await mock.state()
    await t.resolves(mock.replaceState(state), JSON.stringify(change))
    t.strictSame(await mock.state(), state)
  }
})

t.test('a state larger than the body limit can be put back, in a sandbox too', async (t) => {
  const mock = await createMock({ listen: false, bodyLimit: 1000 })
  t.teardown(() => mock.close())
  for (const world of [mock, mock.sandbox('a')]) {
    const state = await world.state()
    t.ok(JSON.stringify(state).length > 1000)
    await world.replaceState({ ...state, supersetRoles: ['Other'] })
    t.strictSame((await world.state()).supersetRoles, ['Other'])
  }
})

t.test('a number that is too large is told with both bounds, and an id with the largest', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  await t.rejects(mock.delay(999_999_999), { message: /delay must be an integer from 0 to 60000 / })
  await t.rejects(mock.fault({ status: 999 }), {
    message: /status must be an integer from 200 to 599 \(got 999\)/,
  })
  const headers = { authorization: `Bearer ${mock.token('admin')}` }
  for (const method of ['GET', 'PATCH']) {
    const body = method === 'PATCH' ? { body: '{}' } : {}
    const answer = await mock.fetch(`${mock.url}/profile/${'9'.repeat(400)}`, { method, headers, ...body })
    t.strictSame(
      [answer.status, await answer.json()],
      [404, { success: false, message: 'there is no such id: none is above 9007199254740991' }],
    )
  }
})
