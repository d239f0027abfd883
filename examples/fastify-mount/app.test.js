import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { createControlClient } from 'enneo-mock'
import { createApp } from './app.js'

const app = await createApp()
const address = await app.listen({ port: 0, host: '127.0.0.1' })
const mock = createControlClient({ origin: `${address}/mock` })
afterEach(() => mock.reset())
after(() => app.close())

/** Stands for your own code. */
const updateProfiles = (cookie, profiles) =>
  fetch(`${mock.url}/profiles`, {
    method: 'PATCH',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ profiles }),
  })

test('the mock answers below /mock', async () => {
  const answer = await updateProfiles(await mock.cookie('manager'), [{ id: 5, settings: { roleId: 3 } }])
  assert.equal(answer.status, 200)
  assert.equal((await mock.profile(5)).settings.roleId, 3)
  await mock.assertNoViolations()
})

test('the application keeps its own sign-in', async () => {
  const login = await fetch(`${address}/login`, { method: 'POST' })
  const cookie = login.headers.getSetCookie().join('; ')
  const me = await fetch(`${address}/me`, { headers: { cookie } })
  assert.deepEqual(await me.json(), { name: 'Ada' })
  assert.equal((await fetch(`${address}/me`)).status, 401)
})

test('neither takes the sign-in of the other', async () => {
  const { token } = await (await fetch(`${address}/login`, { method: 'POST' })).json()
  assert.equal((await updateProfiles(`connect.sid=${token}`, [])).status, 401)
  const headers = { authorization: `Bearer ${await mock.token('manager')}` }
  assert.equal((await fetch(`${address}/me`, { headers })).status, 401)
})

test('a fault stays below /mock', async () => {
  await mock.fault({ status: 503 })
  assert.equal((await updateProfiles(await mock.cookie('manager'), [])).status, 503)
  assert.equal((await fetch(`${address}/login`, { method: 'POST' })).status, 200)
})
