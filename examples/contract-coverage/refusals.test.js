import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mock, updateProfiles } from './mock.js'

test('an agent may not', async () => {
  const answer = await updateProfiles('agent', [{ id: 5, lang: 'en' }])
  assert.equal(answer.status, 403)
})

test('a bad item is named, with where, what was expected and what came', async () => {
  const answer = await updateProfiles('admin', [{ id: 5, settings: { status: 'sleeping' } }])
  assert.equal(answer.status, 400)
  await assert.rejects(
    mock.assertNoViolations(),
    /path profiles\[0\]\.settings\.status, expected one of available, busy, active, offwork, away, absent, got "sleeping"/,
  )
})
