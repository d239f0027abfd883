import { expect, test } from './fixture.js'

/** Stands for your own code in a page; with `page` instead of `request` it is the same. */
const updateProfiles = (request, mock, token, profiles) =>
  request.patch(`${mock.url}/profiles`, { headers: { authorization: `Bearer ${token}` }, data: { profiles } })

for (const status of ['busy', 'available']) {
  test(`sets ${status} beside other tests on the same profile`, async ({ request, mock }) => {
    const token = await mock.token('manager')
    for (let turn = 0; turn < 20; turn += 1) {
      const answer = await updateProfiles(request, mock, token, [{ id: 5, settings: { status } }])
      expect(answer.status()).toBe(200)
      expect((await mock.profile(5)).settings.status).toBe(status)
    }
    expect(await mock.count({ method: 'PATCH' })).toBe(20)
  })
}

test('a fault of one test is nobody else’s', async ({ request, mock }) => {
  await mock.fault({ status: 503, times: 1 })
  const token = await mock.token('manager')
  expect((await updateProfiles(request, mock, token, [])).status()).toBe(503)
  expect((await updateProfiles(request, mock, token, [])).status()).toBe(200)
})
