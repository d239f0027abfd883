import t from 'tap'
import { createDirectory } from '../../src/stores/directory.ts'
import { seedWith } from '../support/seeds.ts'

const free = (id: string) => ({ id, availableForCalls: true, availableForChats: true })

t.test('a seed without lists has the published statuses, which stand in nobody’s way', async (t) => {
  const { statuses, statusOptions, tags, subchannels } = createDirectory(seedWith())
  t.strictSame(statuses, ['available', 'busy'])
  t.strictSame([...statusOptions.values()], [free('available'), free('busy')])
  t.strictSame([[...tags], subchannels], [[], []])
})

t.test("a client's own statuses come after the published ones, each once", async (t) => {
  const holiday = { id: 'holiday', label: 'Holiday' }
  const seed = seedWith({ statusOptions: ['busy', holiday, 'lunch'] })
  const { statuses, statusOptions } = createDirectory(seed)
  t.strictSame(statuses, ['available', 'busy', 'holiday', 'lunch'])
  t.strictSame([...statusOptions.values()], [free('busy'), holiday, free('lunch')])
})

t.test('tags are found by their ids, subchannels stay in their order', async (t) => {
  const seed = seedWith({
    tags: [{ id: 7, name: 'seven', parent: null }],
    subchannels: [
      { id: 2, name: 'two' },
      { id: 1, name: 'one' },
    ] as never,
  })
  const { tags, subchannels } = createDirectory(seed)
  t.strictSame([...tags], [[7, seed.tags?.[0]]])
  t.strictSame(
    subchannels.map(({ id }) => id),
    [2, 1],
  )
})
