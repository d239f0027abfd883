import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { createMock } from 'enneo-mock'

let mock
beforeAll(async () => {
  mock = await createMock()
  await mock.snapshot('start')
})
afterEach(() => mock.reset())
afterAll(() => mock.close())

/** Stands for your own code. */
const updateProfiles = (token, profiles) =>
  fetch(`${mock.url}/profiles`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ profiles }),
  })

test('sets the status of two people', async () => {
  const answer = await updateProfiles(mock.token('manager'), [
    { id: 5, settings: { status: 'busy' } },
    { id: 7, settings: { status: 'busy' } },
  ])
  expect(answer.status).toBe(200)
  expect(await mock.profile(5)).toMatchObject({ settings: { status: 'busy' } })
  expect(await mock.profile(7)).toMatchObject({ settings: { status: 'busy' } })
  await mock.assertNoViolations()
})

test('one bad item, and nothing is written', async () => {
  const answer = await updateProfiles(mock.token('manager'), [
    { id: 5, settings: { status: 'busy' } },
    { id: 7, settings: { status: 'sleeping' } },
  ])
  expect(answer.status).toBe(400)
  expect((await answer.json()).results).toMatchObject([{ id: 7, success: false }])
  expect(await mock.profile(5)).toMatchObject({ settings: { status: 'available' } })
  await expect(mock.assertNoViolations()).rejects.toThrow('profiles[1].settings.status')
})

test('a snapshot brings back what was', async () => {
  await updateProfiles(mock.token('manager'), [{ id: 5, settings: { roleId: 3 } }])
  await mock.restore('start')
  expect(await mock.profile(5)).toMatchObject({ settings: { roleId: 2 } })
})
