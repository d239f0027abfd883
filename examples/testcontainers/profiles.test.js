import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { createControlClient } from 'enneo-mock'
import { GenericContainer, Wait } from 'testcontainers'

// Made before by `docker build -t enneo-mock <checkout of enneo-mock>`.
const adminToken = 'test-only-token'
const container = await new GenericContainer('enneo-mock')
  .withExposedPorts(8005)
  .withEnvironment({ MOCK_JWT_SECRET: 'test-only-secret', MOCK_ADMIN_API_TOKEN: adminToken })
  .withWaitStrategy(Wait.forHttp('/__admin/health', 8005))
  .start()
const origin = `http://${container.getHost()}:${container.getMappedPort(8005)}`
const mock = createControlClient({ origin, adminToken })
afterEach(() => mock.reset())
after(() => container.stop())

/**
 * Stands for your own code.
 * @param {string} token
 * @param {import('enneo-mock').ProfileUpdate[]} profiles
 */
const updateProfiles = (token, profiles) =>
  fetch(`${mock.url}/profiles`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ profiles }),
  })

test('gives a new role', async () => {
  const answer = await updateProfiles(await mock.token('manager'), [{ id: 5, settings: { roleId: 3 } }])
  assert.equal(answer.status, 200)
  assert.equal((await mock.profile(5)).settings.roleId, 3)
  await mock.assertNoViolations()
})

test('an agent may not', async () => {
  const answer = await updateProfiles(await mock.token('agent'), [{ id: 5, settings: { roleId: 3 } }])
  assert.equal(answer.status, 403)
})

test('the service is down once', async () => {
  await mock.fault({ status: 503, times: 1 })
  const token = await mock.token('manager')
  assert.equal((await updateProfiles(token, [])).status, 503)
  assert.equal((await updateProfiles(token, [])).status, 200)
})
