import t, { type Test } from 'tap'
import { createControlClient, createMock, type Mock } from '../../src/index.ts'

/** Fakes the process's clock, as test runners do; undefined lets it run again. */
const realDate = Date
function setClock(time: string | undefined): void {
  if (time === undefined) {
    globalThis.Date = realDate
    return
  }
  globalThis.Date = class extends realDate {
    static override now = () => realDate.parse(String(time))
  } as DateConstructor
}

async function opened(t: Test): Promise<Mock> {
  const mock = await createMock({ listen: false })
  t.teardown(async () => {
    setClock(undefined)
    await mock.close()
  })
  return mock
}

const signedIn = async (mock: Pick<Mock, 'url'>, send: Mock['fetch'], token: string) =>
  (await send(`${mock.url}/profile`, { headers: { authorization: `Bearer ${token}` } })).status

const ways: [way: string, tokenOf: (mock: Mock, expiresIn: number) => string | Promise<string>][] = [
  ['mock.token', (mock, expiresIn) => mock.token('admin', { expiresIn })],
  ['mock.cookie', (mock, expiresIn) => mock.cookie('admin', { expiresIn }).replace('connect.sid=', '')],
  ['POST /tokens', (mock, expiresIn) => mock.sandbox('a').token('admin', { expiresIn })],
  [
    'a control client beside it',
    (mock, expiresIn) =>
      createControlClient({ origin: 'http://localhost', fetch: mock.fetch }).token(2, { expiresIn }),
  ],
]

for (const [way, tokenOf] of ways) {
  t.test(`${way} signs by the clock that checks, wherever a test puts it`, async (t) => {
    const mock = await opened(t)
    const answers = async (expiresIn: number) => signedIn(mock, mock.fetch, await tokenOf(mock, expiresIn))
    setClock('2030-01-01T00:00:00Z')
    t.equal(await answers(60), 200, 'in the future')
    setClock('2020-01-01T00:00:00Z')
    t.equal(await answers(-60), 401, 'in the past')
    setClock(undefined)
    t.equal(await answers(60), 200, 'now')
  })
}

t.test('a mock made under a fake clock goes on with the real one', async (t) => {
  setClock('2020-01-01T00:00:00Z')
  const mock = await opened(t)
  setClock(undefined)
  t.equal(await signedIn(mock, mock.fetch, mock.token('admin', { expiresIn: 60 })), 200)
})

t.test('a refusal is not remembered beyond its time, nor is a good token', async (t) => {
  const mock = await opened(t)
  setClock('2030-01-01T00:00:00Z')
  const token = mock.token('admin', { expiresIn: 60 })
  t.equal(await signedIn(mock, mock.fetch, token), 200)
  setClock('2030-01-01T00:02:00Z')
  t.equal(await signedIn(mock, mock.fetch, token), 401)
  setClock('2030-01-01T00:00:30Z')
  t.equal(await signedIn(mock, mock.fetch, token), 200)
})

t.test("the journal's times follow", async (t) => {
  const mock = await opened(t)
  setClock('2030-01-02T03:04:05.678Z')
  await signedIn(mock, mock.fetch, mock.token('admin'))
  t.equal((await mock.requests())[0]?.at, '2030-01-02T03:04:05.678Z')
})

t.test('now() stops the clock of one world: what it signs, checks and writes', async (t) => {
  const mock = await opened(t)
  const [stopped, running] = [mock.sandbox('stopped'), mock.sandbox('running')]
  await stopped.now('2031-05-06T07:08:09Z')
  const token = await stopped.token('admin', { expiresIn: 60 })
  const expired = await stopped.token('admin', { expiresIn: -60 })
  t.strictSame(
    [
      await signedIn(stopped, mock.fetch, token),
      await signedIn(stopped, mock.fetch, expired),
      await signedIn(running, mock.fetch, expired),
      await signedIn(mock, mock.fetch, expired),
    ],
    [200, 401, 200, 200],
  )
  t.strictSame(
    (await stopped.requests()).map(({ at }) => at),
    ['2031-05-06T07:08:09.000Z', '2031-05-06T07:08:09.000Z'],
  )
  t.notMatch((await running.requests())[0]?.at, /^2031/)
  await stopped.now('2031-05-06T07:10:00Z')
  t.equal(await signedIn(stopped, mock.fetch, token), 401)
  await stopped.now(null)
  t.equal(await signedIn(stopped, mock.fetch, token), 200)
})

t.test('now() of the default world holds for mock.token, takes a Date, and ends with a reset', async (t) => {
  const mock = await opened(t)
  await mock.now(new realDate('2031-05-06T07:08:09Z'))
  t.equal(await signedIn(mock, mock.fetch, mock.token('admin', { expiresIn: 60 })), 200)
  await mock.reset()
  const headers = { cookie: mock.cookie('admin', { expiresIn: -60 }) }
  t.equal((await mock.fetch(`${mock.url}/profile`, { headers })).status, 401)
  t.notMatch((await mock.requests())[0]?.at, /^2031/)
})

for (const now of ['tomorrow', '2031-02-30T00:00:00Z', '2031-01-01', '2031-13-01T00:00:00Z', 5, '']) {
  t.test(`now(${JSON.stringify(now)}) is refused in one sentence`, async (t) => {
    const mock = await opened(t)
    await t.rejects(mock.now(now as string), {
      message: /now must be a date and time such as 2030-01-31T08:00:00Z or null/,
    })
    await t.rejects(mock.delay(undefined as never), { message: /the document must|refused \(400\)/ })
  })
}

const wrong: [what: string, expiresIn: unknown][] = [
  ['NaN', Number.NaN],
  ['a text', '60'],
  ['a fraction', 1.5],
  ['null', null],
  ['endless', Number.POSITIVE_INFINITY],
  ['more than three centuries', 10_000_000_001],
]

for (const [what, expiresIn] of wrong) {
  t.test(`expiresIn that is ${what} is refused in one sentence, by every way`, async (t) => {
    const mock = await opened(t)
    const options = { expiresIn } as { expiresIn: number }
    const sentence = { message: /^expiresIn must be a whole number of seconds/ }
    t.throws(() => mock.token('admin', options), sentence)
    t.throws(() => mock.cookie('admin', options), sentence)
    // JSON has no words for these, and sends null.
    await t.rejects(mock.sandbox('a').token('admin', options), { message: /expiresIn must be an integer/ })
  })
}

t.test('an expiry before 1970 is an expired token', async (t) => {
  const mock = await opened(t)
  for (const [, tokenOf] of ways)
    t.equal(await signedIn(mock, mock.fetch, await tokenOf(mock, -2_000_000_000)), 401)
})
