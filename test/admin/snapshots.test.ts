import t, { type Test } from 'tap'
import { readSeed } from '../../src/seed/seed-file.ts'
import { createTestMock } from '../support/mock.ts'
import { profileWith, seedWith } from '../support/seeds.ts'
import { signedIn } from '../support/signed-in.ts'

const seed = await readSeed()

async function opened(t: Test) {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) =>
    app.inject({ method, url: `/__admin${path}`, ...(payload && { payload }) })
  const state = async () => (await call('GET', '/state')).json()
  const list = async () => (await call('GET', '/snapshots')).json()
  return { app, call, state, list, ...signedIn(app) }
}

t.test('snapshots are taken, listed by name, restored and removed', async (t) => {
  const { call, state, list, patch } = await opened(t)
  t.strictSame(await list(), { snapshots: [] })
  t.strictSame((await call('POST', '/snapshots/b')).json(), { status: 'taken', name: 'b' })
  await patch([{ id: 5, lang: 'xx' }])
  const changed = await state()
  t.strictSame((await call('POST', '/snapshots/a')).json(), { status: 'taken', name: 'a' })
  t.strictSame(await list(), { snapshots: ['a', 'b'] })

  t.strictSame((await call('POST', '/snapshots/b/restore')).json(), { status: 'restored', name: 'b' })
  t.strictSame(await state(), seed)
  await call('POST', '/snapshots/a/restore')
  t.strictSame(await state(), changed)
  t.strictSame((await call('DELETE', '/snapshots/a')).json(), { status: 'removed' })
  t.strictSame(await list(), { snapshots: ['b'] })
})

t.test('a snapshot holds after 1,000 writes, and again after it was restored and written over', async (t) => {
  const { call, state, patch } = await opened(t)
  await patch([{ id: 5, rawData: { kept: true } }])
  const before = (await call('GET', '/state')).body
  await call('POST', '/snapshots/s')
  for (const writes of [1000, 50]) {
    for (let n = 0; n < writes; n += 1) {
      await patch([{ id: 5 + (n % 20), lang: `l${n}`, rawData: { n: { [n]: n } } }])
    }
    t.notSame(await state(), JSON.parse(before))
    await call('POST', '/snapshots/s/restore')
    t.equal((await call('GET', '/state')).body, before)
  }
})

t.test('a name that is taken again keeps the newer state', async (t) => {
  const { call, state, patch } = await opened(t)
  await call('POST', '/snapshots/s')
  await patch([{ id: 5, lang: 'xx' }])
  await call('POST', '/snapshots/s')
  await call('POST', '/reset')
  await call('POST', '/snapshots/s/restore')
  t.equal((await state()).profiles[4].lang, 'xx')
})

t.test('a snapshot brings back a replaced directory, and sign-in follows', async (t) => {
  const { call, state, get } = await opened(t)
  await call('POST', '/snapshots/s')
  await call('PUT', '/state', seedWith({ profiles: [profileWith(9)] }))
  t.equal((await get('/profile')).statusCode, 401)
  await call('POST', '/snapshots/s/restore')
  t.strictSame(await state(), seed)
  t.equal((await get('/profile')).statusCode, 200)
})

t.test('a snapshot is about the state: faults, delay, scenario and journal stay', async (t) => {
  const { call, get } = await opened(t)
  await call('POST', '/snapshots/s')
  await call('POST', '/faults', { status: 418, times: 1 })
  await call('POST', '/settings', { delay: 1 })
  await call('PUT', '/scenario', { name: 'flaky' })
  await get('/profile')
  await call('POST', '/snapshots/s/restore')
  const shown = await Promise.all(
    ['/faults', '/settings', '/scenario', '/requests'].map(async (path) => (await call('GET', path)).json()),
  )
  t.match(shown, [
    { faults: [{ injected: 1 }] },
    { delay: 1 },
    { name: 'flaky' },
    { requests: [{ status: 418 }] },
  ])
})

for (const name of ['a', 'A-b_c.9', 'x'.repeat(64), '__proto__', 'constructor']) {
  t.test(`a snapshot can be called ${name}`, async (t) => {
    const { call, list } = await opened(t)
    t.equal((await call('POST', `/snapshots/${name}/restore`)).statusCode, 404)
    t.equal((await call('POST', `/snapshots/${name}`)).statusCode, 200)
    t.strictSame(await list(), { snapshots: [name] })
    t.equal((await call('POST', `/snapshots/${name}/restore`)).statusCode, 200)
    t.equal((await call('DELETE', `/snapshots/${name}`)).statusCode, 200)
    t.strictSame(await list(), { snapshots: [] })
  })
}

for (const name of ['a b', 'x'.repeat(65), 'ä', 'a/b']) {
  t.test(`no snapshot can be called ${name}: 400`, async (t) => {
    const { call, list } = await opened(t)
    const answer = await call('POST', `/snapshots/${encodeURIComponent(name)}`)
    t.strictSame(
      [answer.statusCode, answer.json()],
      [400, { message: 'a snapshot is named by 1 to 64 letters, digits, dots, underscores or hyphens' }],
    )
    t.strictSame(await list(), { snapshots: [] })
  })
}

t.test('an unknown snapshot answers 404 and names those that there are', async (t) => {
  const { call, state, patch } = await opened(t)
  await patch([{ id: 5, lang: 'xx' }])
  const none = await call('POST', '/snapshots/x/restore')
  t.strictSame(
    [none.statusCode, none.json()],
    [404, { message: 'there is no snapshot of that name; there are none' }],
  )
  await call('POST', '/snapshots/a')
  await call('POST', '/snapshots/b')
  const message = 'there is no snapshot of that name; there are a, b'
  for (const answer of [await call('POST', '/snapshots/x/restore'), await call('DELETE', '/snapshots/x')])
    t.strictSame([answer.statusCode, answer.json()], [404, { message }])
  t.equal((await state()).profiles[4].lang, 'xx')
})

// [state.snapshots]
t.test('100 snapshots can be kept; a 101st is refused, an old name can be taken again', async (t) => {
  const { call, list } = await opened(t)
  for (let n = 0; n < 100; n += 1) t.equal((await call('POST', `/snapshots/s${n}`)).statusCode, 200)
  const answer = await call('POST', '/snapshots/one-more')
  t.equal(answer.statusCode, 409)
  t.match(answer.json(), { message: /there are 100 snapshots already/ })
  t.equal((await call('POST', '/snapshots/s7')).statusCode, 200)
  await call('DELETE', '/snapshots/s7')
  t.equal((await call('POST', '/snapshots/one-more')).statusCode, 200)
  t.equal((await list()).snapshots.length, 100)
})
