import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { createMock } from 'enneo-mock'

// Without a socket: your code is handed mock.fetch in place of fetch.
const mock = await createMock({ listen: false })
afterEach(() => mock.reset())
after(() => mock.close())

/** Stands for your own code. */
const updateProfiles = (token, profiles, send = mock.fetch) =>
  send(`${mock.url}/profiles`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ profiles }),
  })

test('gives a new role', async () => {
  const answer = await updateProfiles(mock.token('manager'), [{ id: 5, settings: { roleId: 3 } }])
  assert.equal(answer.status, 200)
  assert.equal((await mock.profile(5)).settings.roleId, 3)
  await mock.assertNoViolations()
})

test('somebody unknown fails alone', async () => {
  const answer = await updateProfiles(mock.token('manager'), [
    { id: 999, settings: { roleId: 3 } },
    { id: 5, settings: { roleId: 3 } },
  ])
  assert.deepEqual(await answer.json(), {
    results: [
      { id: 999, success: false },
      { id: 5, success: true },
    ],
  })
  const [entry] = await mock.requests({ violation: 'unknown-profile' })
  assert.equal(entry.violations[0].id, 999)
})

test('an expired token is refused', async () => {
  const token = mock.token('manager', { expiresIn: -1 })
  const answer = await updateProfiles(token, [{ id: 5, settings: { roleId: 3 } }])
  assert.equal(answer.status, 401)
})

test('the answer is lost after the change was made', async () => {
  await mock.fault({ phase: 'after-commit', status: 500, times: 1 })
  const answer = await updateProfiles(mock.token('manager'), [{ id: 5, settings: { roleId: 3 } }])
  assert.equal(answer.status, 500)
  assert.equal((await mock.profile(5)).settings.roleId, 3)
})

test('a session ends when the faked clock says so', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2030-01-01T08:00:00Z') })
  const headers = { cookie: mock.cookie('manager', { expiresIn: 3600 }) }
  const status = async () => (await mock.fetch(`${mock.url}/profile`, { headers })).status
  assert.equal(await status(), 200)
  t.mock.timers.setTime(Date.parse('2030-01-01T09:00:01Z'))
  assert.equal(await status(), 401)
})
