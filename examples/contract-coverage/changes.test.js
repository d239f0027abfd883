import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mock, updateProfiles } from './mock.js'

test('a whole person can be changed, and the client keeps to the contract', async () => {
  const answer = await updateProfiles('manager', [
    {
      id: 5,
      firstName: 'Jo',
      lang: 'en',
      isSsoOnly: 1,
      settings: { roleId: 3, teamIds: [1], status: 'busy', skills: { tagIds: [1], channels: ['chat'] } },
    },
  ])
  assert.equal(answer.status, 200)
  await mock.assertNoViolations()
})
