import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { createMock } from 'enneo-mock'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'

const production = 'https://customer.enneo.example'
const mock = await createMock({ listen: false })
// What the app sends to the production address is answered by the mock; anything else is an error. MSW would make a 500
// of a connection that breaks.
const answer = ({ request }) => mock.fetch(request).catch(() => HttpResponse.error())
const server = setupServer(http.all(`${production}/api/mind/*`, answer))
server.listen({ onUnhandledRequest: 'error' })
afterEach(() => mock.reset())
after(async () => {
  server.close()
  await mock.close()
})

/** Stands for your own code: it knows the production address only. */
const updateProfiles = (profiles, token = mock.token('manager')) =>
  fetch(`${production}/api/mind/profiles`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ profiles }),
  })

test('the production address is answered by the mock', async () => {
  const answer = await updateProfiles([{ id: 5, settings: { status: 'busy' } }])
  assert.deepEqual(await answer.json(), { results: [{ id: 5, success: true }] })
  assert.equal((await mock.profile(5)).settings.status, 'busy')
})

test('its refusals and faults come through', async () => {
  assert.equal((await updateProfiles([], mock.token('agent'))).status, 403)
  await mock.fault({ fault: 'CONNECTION_RESET_BY_PEER', times: 1 })
  await assert.rejects(updateProfiles([]), TypeError)
  await mock.assertNoViolations({ status: 200 })
})
