// A client of somebody who has the document and this mock: its types come from the one, its answers from the other.
// Usage: node client.ts <origin of a mock>
import assert from 'node:assert/strict'
import createClient from 'openapi-fetch'
import type { paths } from './document.d.ts'

const origin = process.argv[2]
const clientOf = async (persona: string) => {
  const answer = await fetch(`${origin}/__admin/tokens`, {
    method: 'POST',
    body: JSON.stringify({ persona }),
  })
  const { token } = (await answer.json()) as { token: string }
  return createClient<paths>({
    baseUrl: `${origin}/api/mind`,
    headers: { authorization: `Bearer ${token}` },
  })
}
const manager = await clientOf('manager')
const agent = await clientOf('agent')

const changed = await manager.PATCH('/profiles', {
  body: {
    profiles: [
      { id: 5, lang: 'en', isSsoOnly: 1, rawData: {}, chatRoutingStatus: 'idle' },
      { id: 6, settings: { status: 'busy', teamIds: [1], skills: { channels: ['email'] } } },
      { id: 999, settings: null },
    ],
  },
})
const results: { id?: number; success?: boolean }[] | undefined = changed.data?.results
assert.equal(changed.response.status, 200)
assert.deepEqual(results, [
  { id: 5, success: true },
  { id: 6, success: true },
  { id: 999, success: false },
])

const refused = await manager.PATCH('/profiles', {
  body: {
    profiles: [
      // @ts-expect-error The document has two words for it.
      { id: 5, settings: { status: 'sleeping' } },
      // @ts-expect-error The document has 0 and 1 for it.
      { id: 6, isSsoOnly: true },
      // @ts-expect-error The document has a number for it.
      { id: '7' },
    ],
  },
})
assert.equal(refused.response.status, 400)
assert(refused.error && 'results' in refused.error)
const refusals: { id?: number; success?: boolean; message?: string }[] = refused.error.results ?? []
assert.deepEqual(
  refusals.map(({ id, success }) => ({ id, success })),
  [
    { id: 5, success: false },
    { id: 6, success: false },
    { id: undefined, success: false },
  ],
)
assert.match(refusals[0]?.message ?? '', /sleeping/)

const forbidden = await agent.PATCH('/profiles', { body: { profiles: [] } })
assert.equal(forbidden.response.status, 403)
assert(forbidden.error && 'success' in forbidden.error)
const success: boolean | undefined = forbidden.error.success
assert.equal(success, false)

// @ts-expect-error The document does not have this operation.
const unknown = await manager.DELETE('/profiles')
assert.equal(unknown.response.status, 405)

console.log('answered with 200, 400, 403 and 405, as the types have it')
