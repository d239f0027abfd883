/** @jest-environment jsdom */
const { createMock } = require('enneo-mock')

let mock
beforeAll(async () => {
  mock = await createMock({ listen: false })
})
afterEach(async () => {
  jest.useRealTimers()
  await mock.reset()
})
afterAll(() => mock.close())

/** Stands for your own code, which is handed its fetch: jsdom has none. */
const updateProfiles = (send, token, profiles) =>
  send(`${mock.url}/profiles`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ profiles }),
  })

test('sets a status, and shows it', async () => {
  document.body.innerHTML = '<p></p>'
  const answer = await updateProfiles(mock.fetch, mock.token('manager'), [
    { id: 5, settings: { status: 'busy' } },
  ])
  expect(answer.status).toBe(200)
  document.querySelector('p').textContent = (await mock.profile(5)).settings.status
  expect(document.body.textContent).toBe('busy')
})

test('with faked timers nothing of the mock waits', async () => {
  jest.useFakeTimers()
  const other = await createMock({ listen: false })
  await other.fault({ status: 503, times: 1 })
  const send = () =>
    other.fetch(`${other.url}/profiles`, {
      method: 'PATCH',
      headers: { cookie: other.cookie('manager') },
      body: '{"profiles":[]}',
    })
  expect([(await send()).status, (await send()).status]).toEqual([503, 200])
  await other.reset()
  await other.close()
})

test('a session that ends while the page is open', async () => {
  const at = (time) => jest.useFakeTimers({ now: new Date(time), doNotFake: ['setTimeout', 'setImmediate'] })
  at('2030-01-01T08:00:00Z')
  const token = mock.token('manager', { expiresIn: 3600 })
  expect((await updateProfiles(mock.fetch, token, [])).status).toBe(200)
  at('2030-01-01T09:00:01Z')
  expect((await updateProfiles(mock.fetch, token, [])).status).toBe(401)
})
