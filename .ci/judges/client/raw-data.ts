// A client of the served document alone: the published one does not say which keys rawData may have, which generators
// take for none. Usage: node raw-data.ts <origin of a mock>
import assert from 'node:assert/strict'
import createClient from 'openapi-fetch'
import type { paths } from './document.d.ts'

const origin = process.argv[2]
const answer = await fetch(`${origin}/__admin/tokens`, {
  method: 'POST',
  body: JSON.stringify({ persona: 'manager' }),
})
const { token } = (await answer.json()) as { token: string }
const manager = createClient<paths>({
  baseUrl: `${origin}/api/mind`,
  headers: { authorization: `Bearer ${token}` },
})

const rawData = { costCenter: '4711', hr: { hours: 20, days: ['mon', 'tue'] } }
const changed = await manager.PATCH('/profiles', { body: { profiles: [{ id: 5, rawData }] } })
assert.deepEqual(changed.data, { results: [{ id: 5, success: true }] })

const shown = await manager.GET('/profile/{id}', {
  params: { path: { id: 5 }, query: { includeRawData: true } },
})
assert.deepEqual(shown.data?.rawData, rawData)

console.log('rawData was written and read, as the types have it')
