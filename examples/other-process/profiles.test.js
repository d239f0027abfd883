import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { createControlClient } from 'enneo-mock'
import { startMock } from './start.js'

const { origin, stop } = await startMock()
const mock = createControlClient({ origin })
afterEach(() => mock.resetAll())
after(stop)

/** Stands for your own code, perhaps in a third process. */
const updateProfiles = (url, token, profiles) =>
  fetch(`${url}/profiles`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ profiles }),
  })

test('gives a new role', async () => {
  const token = await mock.token('manager')
  const answer = await updateProfiles(mock.url, token, [{ id: 5, settings: { roleId: 3 } }])
  assert.equal(answer.status, 200)
  assert.equal((await mock.profile(5)).settings.roleId, 3)
  await mock.assertNoViolations()
})

test('an agent may not', async () => {
  const token = await mock.token('agent')
  const answer = await updateProfiles(mock.url, token, [{ id: 5, settings: { roleId: 3 } }])
  assert.equal(answer.status, 403)
  assert.equal((await mock.profile(5)).settings.roleId, 2)
})

test('a sandbox is a world of its own', async () => {
  const own = mock.sandbox('this-test')
  await own.fault({ status: 503, times: 1 })
  const token = await own.token('manager')
  const change = () => updateProfiles(own.url, token, [{ id: 5, settings: { roleId: 3 } }])
  assert.equal((await change()).status, 503)
  assert.equal((await change()).status, 200)
  assert.equal((await own.profile(5)).settings.roleId, 3)
  assert.equal((await mock.profile(5)).settings.roleId, 2)
  assert.equal(await mock.count(), 0)
})
