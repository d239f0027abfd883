import t, { type Test } from 'tap'
import type { Fault } from '../../schemas/fault.ts'
import { createMock } from '../../src/library/create-mock.ts'
import { freshNotes } from '../../src/stores/world-notes.ts'
import { type FaultedCall, faultsOf } from '../../src/traffic/faults.ts'
import { exchange, requestText } from '../support/raw-http.ts'
import { bearer, signedIn } from '../support/signed-in.ts'

const call: FaultedCall = {
  method: 'PATCH',
  path: '/api/mind/profiles',
  url: '/api/mind/profiles',
  userId: 1,
  isOnUsedConnection: false,
}

function armed(...faults: Fault[]) {
  const world = faultsOf(freshNotes())
  for (const fault of faults) world.arm(fault)
  /** Ids of what is taken by so many calls; a dot where nothing is. */
  const taken = (calls: number, which: FaultedCall = call) =>
    Array.from({ length: calls }, () => world.take(which, 'before-commit')?.id ?? '.').join(' ')
  return { ...world, taken }
}

const orders: [what: string, faults: Fault[], calls: number, taken: string][] = [
  ['no fault takes none', [], 2, '. .'],
  ['a fault takes every call', [{ status: 500 }], 3, 'fault-1 fault-1 fault-1'],
  ['times: 2 takes two calls', [{ status: 500, times: 2 }], 4, 'fault-1 fault-1 . .'],
  ['after: 2 lets two calls pass', [{ status: 500, after: 2 }], 4, '. . fault-1 fault-1'],
  ['after and times together', [{ status: 500, after: 1, times: 1 }], 4, '. fault-1 . .'],
  [
    'the first one armed wins',
    [
      { status: 500, times: 1 },
      { status: 501, times: 2 },
    ],
    4,
    'fault-1 fault-2 fault-2 .',
  ],
  [
    'one that lets pass leaves the call to the next',
    [
      { status: 500, after: 1, times: 1 },
      { status: 501, times: 2 },
    ],
    4,
    'fault-2 fault-1 fault-2 .',
  ],
  [
    'the twelfth one armed has its turn',
    Array.from({ length: 12 }, () => ({ status: 500, times: 1 })),
    12,
    Array.from({ length: 12 }, (_, index) => `fault-${index + 1}`).join(' '),
  ],
  ['another phase is not due', [{ status: 500, phase: 'after-commit' }], 2, '. .'],
]

for (const [what, faults, calls, expected] of orders) {
  // [fault.times]
  t.test(what, async (t) => {
    t.equal(armed(...faults).taken(calls), expected)
  })
}

const matches: [match: Fault['match'], doesMatch: boolean][] = [
  [{}, true],
  [{ method: 'PATCH' }, true],
  [{ method: 'patch' }, true],
  [{ method: 'GET' }, false],
  [{ path: '/api/mind/profiles' }, true],
  [{ path: '/api/mind/profile' }, false],
  [{ path: '/api/mind/profiles/' }, false],
  [{ userId: 1 }, true],
  [{ userId: 2 }, false],
  [{ method: 'PATCH', path: '/api/mind/profiles', userId: 1 }, true],
  [{ method: 'PATCH', path: '/api/mind/profiles', userId: 2 }, false],
]

for (const [match, doesMatch] of matches) {
  t.test(`a call ${doesMatch ? 'matches' : 'does not match'} ${JSON.stringify(match)}`, async (t) => {
    const faults = armed({ status: 500, after: 1, ...(match && { match }) })
    t.equal(faults.taken(2), doesMatch ? '. fault-1' : '. .')
    t.match(faults.list(), [{ matched: doesMatch ? 2 : 0, injected: doesMatch ? 1 : 0 }])
  })
}

t.test('faults are listed in order with their counts, and a list does not change afterwards', async (t) => {
  const faults = armed({ status: 500, times: 1 }, { delay: 5 })
  const before = faults.list()
  faults.taken(2)
  t.strictSame(before, [
    { id: 'fault-1', matched: 0, injected: 0, status: 500, times: 1 },
    { id: 'fault-2', matched: 0, injected: 0, delay: 5 },
  ])
  t.match(faults.list(), [
    { matched: 1, injected: 1 },
    { matched: 1, injected: 1 },
  ])
})

t.test('one fault is disarmed by its id, all without one, and ids are not used again', async (t) => {
  const faults = armed({ status: 500 }, { status: 501 })
  t.notOk(faults.disarm('fault-3'))
  t.ok(faults.disarm('fault-1'))
  t.equal(faults.taken(1), 'fault-2')
  t.ok(faults.disarm())
  t.notOk(faults.disarm())
  t.equal(faults.arm({ status: 500 })?.id, 'fault-3')
})

const repeated: [calls: number, first: string | undefined][] = [
  [1000, 'fault-1'],
  [1001, undefined],
]

for (const [calls, first] of repeated) {
  // [fault.repetition]
  t.test(
    `of ${calls} calls the first one is ${first ? '' : 'not '}broken when it is sent again`,
    async (t) => {
      const { take } = armed({ fault: 'EMPTY_RESPONSE', repetition: true, times: calls })
      const send = (n: number, isOnUsedConnection: boolean) =>
        take({ ...call, url: `/${n}`, isOnUsedConnection }, 'before-commit')?.id
      for (let n = 0; n < calls; n += 1) send(n, true)
      const last = calls - 1
      t.strictSame([send(last, false), send(last, false), send(0, false)], ['fault-1', undefined, first])
    },
  )
}

// What a client sees of a broken connection shows only on a socket.
async function listening(t: Test) {
  const mock = await createMock()
  t.teardown(() => mock.close())
  const body = '{"profiles":[{"id":5,"lang":"xx"},{"id":6,"lang":"xx"}]}'
  const headers = { ...bearer(), 'Content-Type': 'application/json', Origin: 'http://localhost:3000' }
  const send = () => exchange(mock.url, requestText('PATCH', '/api/mind/profiles', headers, body))
  const langs = async () => [(await mock.profile(5)).lang, (await mock.profile(6)).lang]
  return { mock, send, langs }
}

const phases: [phase: NonNullable<Fault['phase']>, langs: string[]][] = [
  ['before-commit', ['de', 'tr']],
  ['after-commit', ['xx', 'xx']],
]

for (const [phase, expected] of phases) {
  t.test(`CONNECTION_RESET_BY_PEER ${phase} resets the connection without a byte`, async (t) => {
    const { mock, send, langs } = await listening(t)
    await mock.fault({ fault: 'CONNECTION_RESET_BY_PEER', phase })
    t.strictSame(await send(), { received: '', error: 'ECONNRESET' })
    t.strictSame(await langs(), expected)
  })

  t.test(`EMPTY_RESPONSE ${phase} ends the connection without a byte`, async (t) => {
    const { mock, send, langs } = await listening(t)
    await mock.fault({ fault: 'EMPTY_RESPONSE', phase })
    t.strictSame(await send(), { received: '' })
    t.strictSame(await langs(), expected)
  })

  // [fault.kinds]
  t.test(`MALFORMED_RESPONSE_CHUNK ${phase} sends one good head and then what is no chunk`, async (t) => {
    const { mock, send, langs } = await listening(t)
    await mock.fault({ fault: 'MALFORMED_RESPONSE_CHUNK', phase })
    const { received } = await send()
    const [head = '', ...rest] = received.split('\r\n\r\n')
    t.match(head, /^HTTP\/1\.1 200 OK\r\n/)
    for (const header of [
      /^transfer-encoding: chunked$/gim,
      /^content-type: application\/json/gim,
      /^x-mock-fault: fault-1$/gim,
      /^access-control-allow-origin: http:\/\/localhost:3000$/gim,
      /^access-control-allow-credentials: true$/gim,
    ])
      t.equal(head.match(header)?.length, 1, String(header))
    t.strictSame(rest, ['lorem ipsum, no chunk\r\n'], 'nothing but garbage follows')
    t.strictSame(await langs(), expected)
  })

  t.test(`a broken connection ${phase} is journaled once, without a status`, async (t) => {
    const { mock, send } = await listening(t)
    await mock.fault({ fault: 'EMPTY_RESPONSE', phase, times: 1 })
    await send()
    const [entry, ...others] = await mock.requests()
    t.strictSame(others, [])
    t.match(entry, { method: 'PATCH', path: '/api/mind/profiles', fault: 'fault-1', userId: 1 })
    t.notOk('status' in (entry ?? {}))
  })
}

t.test('a fetch whose connection is broken rejects, and the next call is answered', async (t) => {
  const { mock } = await listening(t)
  for (const fault of ['CONNECTION_RESET_BY_PEER', 'EMPTY_RESPONSE', 'MALFORMED_RESPONSE_CHUNK'] as const) {
    await mock.fault({ fault, times: 1 })
    const own = () => fetch(`${mock.url}/profile`, { headers: bearer() }).then((answer) => answer.json())
    await t.rejects(own(), fault)
    t.match(await own(), { id: 1 })
  }
})

t.test('without a socket a broken connection is an error of the call', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  for (const fault of ['CONNECTION_RESET_BY_PEER', 'EMPTY_RESPONSE', 'MALFORMED_RESPONSE_CHUNK'] as const) {
    await mock.fault({ fault, times: 1 })
    await t.rejects(signedIn(mock).get('/profile'), { message: fault })
    await mock.fault({ fault, times: 1, phase: 'after-commit' })
    await t.rejects(signedIn(mock).patch([{ id: 5 }]), { message: fault })
  }
})

t.test(
  'times: 2 under 100 concurrent calls is injected exactly twice, over sockets and without',
  async (t) => {
    const { mock } = await listening(t)
    const overSocket = () => fetch(`${mock.url}/profile`, { headers: bearer() }).then(({ status }) => status)
    const injected = async () => (await signedIn(mock).get('/profile')).statusCode
    for (const [transport, ask] of Object.entries({ socket: overSocket, inject: injected })) {
      for (const after of [0, 37]) {
        await mock.clearFaults()
        await mock.fault({ status: 418, times: 2, after })
        const statuses = await Promise.all(Array.from({ length: 100 }, ask))
        const counts = [statuses.filter((s) => s === 418).length, statuses.filter((s) => s === 200).length]
        t.strictSame(counts, [2, 98], `${transport} after ${after}`)
        t.match(await mock.faults(), [{ injected: 2 }])
      }
    }
  },
)

t.test('more broken connections than are remembered are broken all the same', async (t) => {
  const faults = faultsOf(freshNotes())
  faults.arm({ fault: 'CONNECTION_RESET_BY_PEER', repetition: true })
  const call = { method: 'GET', path: '/api/mind/profile', userId: 1, isOnUsedConnection: true }
  for (let n = 0; n < 1001; n += 1)
    t.ok(faults.take({ ...call, url: `/api/mind/profile?${n}` }, 'before-commit'))
  const repeated = { ...call, url: '/api/mind/profile?1000', isOnUsedConnection: false }
  t.ok(faults.take(repeated, 'before-commit'), 'the last one is still known')
})
