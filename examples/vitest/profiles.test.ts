import { createMock, type ProfileUpdate } from 'enneo-mock'
import { afterAll, afterEach, expect, test } from 'vitest'

const mock = await createMock()
afterEach(() => mock.reset())
afterAll(() => mock.close())

/** Stands for your own code. It tries once more when the service is down. */
async function updateProfiles(token: string, profiles: ProfileUpdate[], tries = 2): Promise<Response> {
  const answer = await fetch(`${mock.url}/profiles`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ profiles }),
  })
  return answer.status === 503 && tries > 1 ? updateProfiles(token, profiles, tries - 1) : answer
}

test('gives a new role', async () => {
  const answer = await updateProfiles(mock.token('manager'), [{ id: 5, settings: { roleId: 3 } }])
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({ results: [{ id: 5, success: true }] })
  expect(await mock.profile(5)).toMatchObject({ settings: { roleId: 3 } })
  await mock.assertNoViolations()
})

test('an agent may not', async () => {
  const before = await mock.profile(5)
  const answer = await updateProfiles(mock.token('agent'), [{ id: 5, settings: { roleId: 3 } }])
  expect(answer.status).toBe(403)
  expect(await mock.profile(5)).toEqual(before)
})

test('tries again when the service is down', async () => {
  await mock.fault({ match: { method: 'PATCH' }, status: 503, times: 1 })
  const answer = await updateProfiles(mock.token('manager'), [{ id: 5, settings: { status: 'busy' } }])
  expect(answer.status).toBe(200)
  expect(await mock.count({ method: 'PATCH' })).toBe(2)
})
