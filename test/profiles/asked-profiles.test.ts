import t from 'tap'
import { readSeed } from '../../src/seed/seed-file.ts'
import { createMemoryStore } from '../../src/stores/memory-store.ts'
import type { ProfileStore, World } from '../../src/stores/profile-store.ts'
import { createTestMock } from '../support/mock.ts'
import { bearer } from '../support/signed-in.ts'

/** A store that has to load what an update is about, and so looks at the ids. */
async function lookingStore(asked: number[][]): Promise<ProfileStore> {
  const store = createMemoryStore(await readSeed())
  const world = await store.world('')
  const update: World['update'] = async (ids, revise) => {
    asked.push([...ids])
    return world.update(ids, revise)
  }
  return { ...store, world: async () => ({ ...world, update }) }
}

for (const path of ['/profiles', '/profiles/routingStatus']) {
  t.test(`PATCH ${path} names to the store each profile that it is about`, async (t) => {
    const asked: number[][] = []
    const app = await createTestMock({}, { store: await lookingStore(asked) })
    t.teardown(() => app.close())
    const profiles = [5, 999, 6].map((id) => ({ id, callRoutingStatus: 'idle' }))
    const answer = await app.inject({
      method: 'PATCH',
      url: `/api/mind${path}`,
      headers: { 'content-type': 'application/json', ...bearer() },
      payload: JSON.stringify({ profiles }),
    })
    t.equal(answer.statusCode, 200)
    t.strictSame(asked, [[5, 999, 6]])
  })
}
