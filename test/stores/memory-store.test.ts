import t from 'tap'
import { createMemoryStore } from '../../src/stores/memory-store.ts'
import { defaultWorld } from '../../src/stores/profile-store.ts'
import { heapInUse } from '../support/heap.ts'
import { profileWith, seedWith } from '../support/seeds.ts'
import { storeContract } from './store-contract.ts'

storeContract(t, 'the memory store', async (seed) => createMemoryStore(seed))

t.test('renew() counts for a default world that nobody has asked for yet', async (t) => {
  const store = createMemoryStore(seedWith())
  t.equal(await store.renew(seedWith({ personas: { other: 5 } }), 1), true)
  t.strictSame((await (await store.world(defaultWorld)).directory()).personas, { other: 5 })
})

t.test('100 snapshots of one state share it, over restores as well', async (t) => {
  const profiles = Array.from({ length: 20_000 }, (_, index) => profileWith(index + 1))
  const { snapshots, update } = await createMemoryStore(seedWith({ profiles })).world('one')
  await update([], () => ({ changed: profiles.map(({ id }) => profileWith(id)), result: undefined }))
  const before = heapInUse()
  for (let n = 0; n < 100; n += 1) {
    await snapshots.take(`s${n}`)
    await snapshots.restore('s0')
    await update([], () => ({ changed: [], result: undefined }))
  }
  const grown = (heapInUse() - before) / 1e6
  // Each copy of what has changed would take about half of this.
  t.ok(grown < 1, `${grown.toFixed(1)} MB`)
})
