import t, { type Test } from 'tap'
import { createMock, type Mock } from '../../src/library/create-mock.ts'
import { developmentSecret } from '../../src/start.ts'
import { noPostgres, postgresPrograms, startPostgres } from '../support/postgres.ts'
import { bearer, signedIn } from '../support/signed-in.ts'

const programs = postgresPrograms()

async function mockOn(t: Test, store: string): Promise<Mock> {
  const mock = await createMock({ store, jwtSecret: developmentSecret })
  t.teardown(() => mock.close())
  return mock
}

const langs = async (mock: Mock) => [(await mock.profile(5)).lang, (await mock.profile(6)).lang]
const rawData = { deep: { list: [1, null, '\u0000'], gone: 'no' } }

/** What is promised of it, where each profile comes back from the database as another object. */
async function undoHolds(t: Test, mock: Mock): Promise<void> {
  const before = [await mock.profile(5), await mock.profile(6)]
  const { patch } = signedIn(mock)
  const changed = await patch([
    { id: 5, lang: 'xx', rawData, settings: { status: 'busy', tagIds: [1] } },
    { id: 6, lang: 'xx' },
  ])
  t.equal(changed.statusCode, 200)
  await mock.undo(1)
  t.strictSame([await mock.profile(5), await mock.profile(6)], before)
  await t.rejects(mock.undo(1), /changed since call 1/)
  await patch([
    { id: 5, lang: 'aa' },
    { id: 6, lang: 'aa' },
  ])
  await patch([{ id: 6, lang: 'bb' }])
  await t.rejects(mock.undo(2), /profile 6 has been changed since call 2 by call 3/)
  t.strictSame(await langs(mock), ['aa', 'bb'])
  await mock.undo(3)
  await mock.undo(2)
  t.strictSame([await mock.profile(5), await mock.profile(6)], before)

  // JSON has -0, and a store need not tell it from 0.
  const zero = await mock.inject({
    method: 'PATCH',
    url: '/api/mind/profiles',
    headers: bearer(),
    payload: '{"profiles":[{"id":5,"rawData":{"nothing":-0}}]}',
  })
  t.equal(zero.statusCode, 200)
  const { profiles, ...others } = await mock.state()
  await mock.undo(4)
  t.strictSame(await mock.profile(5), before[0])

  await patch([{ id: 5, lang: 'xx' }])
  await mock.replaceState({ ...others, profiles: profiles.filter(({ id }) => id !== 5) })
  await t.rejects(mock.undo(5), /profile 5 has been changed since call 5/, 'one that is gone stays away')
}

// [undo.put-back] [undo.changed-since]
t.test('undo on PGlite', async (t) => undoHolds(t, await mockOn(t, `pglite:${t.testdir()}/data`)))

// [undo.put-back] [undo.changed-since]
t.test('undo on PostgreSQL', { skip: programs === undefined && noPostgres }, async (t) => {
  const server = await startPostgres(String(programs))
  t.teardown(() => server.stop())
  const one = await mockOn(t, server.url)
  const two = await mockOn(t, server.url)
  await undoHolds(t, one)

  // [undo.replicas]
  await t.test(
    'only the mock that took a call can undo it, and not over what another has changed',
    async (t) => {
      await one.reset()
      await signedIn(one).patch([{ id: 5, lang: 'xx' }])
      await t.rejects(two.undo(1), /404.*no call of that id/)
      await signedIn(two).patch([{ id: 5, lang: 'yy' }])
      await t.rejects(one.undo(1), /changed since call 1 by something that is no call/)
      t.equal((await two.profile(5)).lang, 'yy')
      await two.undo(1)
      await one.undo(1)
      t.equal((await two.profile(5)).lang, 'de')
    },
  )
})
