import { once } from 'node:events'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { type CreateMockOptions, createMock } from '../../src/library/create-mock.ts'
import { openEventStream } from '../support/event-stream.ts'
import { heapInUse } from '../support/heap.ts'
import { createTestMock } from '../support/mock.ts'
import { requestText } from '../support/raw-http.ts'
import { bearer, signedIn } from '../support/signed-in.ts'

async function listening(t: Test, options: CreateMockOptions = {}) {
  const mock = await createMock(options)
  t.teardown(() => mock.close())
  return mock
}

t.test('GET /events sends every call as it comes, as the journal has it', async (t) => {
  const mock = await listening(t)
  const { patch, get } = signedIn(mock)
  await get('/roles')
  const events = await openEventStream(mock.adminUrl)
  t.match(events.type, /^text\/event-stream/)
  await patch([{ id: 5, lang: 'xx', nonsense: '→' }])
  const first = await events.next()
  await patch([{}])
  await mock.fetch(`${mock.url}/profile`)
  await mock.state()
  await get('/health')
  await get('/nothing')
  const later = [first, await events.next(), await events.next(), await events.next()]
  t.strictSame(later, (await mock.requests()).slice(1))
  t.match(later, [{ id: 2, status: 200 }, { status: 400 }, { status: 401 }, { status: 404 }])
  events.close()
})

t.test('each event has a type, the id of the entry, and its data on one line', async (t) => {
  const mock = await listening(t)
  const socket = connect(Number(new URL(mock.url).port), '127.0.0.1').setEncoding('utf8')
  socket.write(requestText('GET', '/__admin/events', {}))
  let received = ''
  socket.on('data', (text) => {
    received += text
  })
  while (!received.includes(': the journal')) await once(socket, 'data')
  t.match(received, /^HTTP\/1\.1 200 OK\r\n/)
  t.match(received, /\r\ncache-control: no-store\r\n/i)
  await signedIn(mock).patch([{ id: 5, rawData: { a: 'b\n\ndata: c' } }])
  while (!received.includes('event: request')) await once(socket, 'data')
  const [entry] = await mock.requests()
  t.ok(received.includes(`event: request\nid: 1\ndata: ${JSON.stringify(entry)}\n\n`))
  socket.destroy()
})

t.test('several listen at once, and one that goes away does not disturb the others', async (t) => {
  const mock = await listening(t)
  const streams = await Promise.all([1, 2, 3].map(() => openEventStream(mock.adminUrl)))
  const { get } = signedIn(mock)
  await get('/profile')
  for (const stream of streams) t.match(await stream.next(), { id: 1 })
  streams[0]?.close()
  await get('/profile')
  for (const stream of streams.slice(1)) t.match(await stream.next(), { id: 2 })
  for (const stream of streams) stream.close()
})

t.test('a sandbox has events of its own, by header and by path', async (t) => {
  const mock = await listening(t)
  const main = await openEventStream(mock.adminUrl)
  const byPath = await openEventStream(mock.sandbox('a').adminUrl)
  const byHeader = await openEventStream(mock.adminUrl, { 'x-mock-sandbox': 'a' })
  await signedIn(mock).get('/roles', { 'x-mock-sandbox': 'a' })
  await signedIn(mock).get('/profile')
  t.match(await main.next(), { path: '/api/mind/profile' })
  for (const stream of [byPath, byHeader])
    t.match(await stream.next(), { path: '/api/mind/roles', sandbox: 'a' })
  for (const stream of [main, byPath, byHeader]) stream.close()
})

t.test('a stream goes on over a reset and over DELETE /requests, with ids from 1', async (t) => {
  const mock = await listening(t)
  const events = await openEventStream(mock.adminUrl)
  const ids: unknown[] = []
  for (const forget of [mock.reset, mock.clearRequests, mock.resetAll]) {
    await signedIn(mock).get('/profile')
    ids.push((await events.next())?.id)
    await forget()
  }
  t.strictSame(ids, [1, 1, 1])
  events.close()
})

t.test('a broken connection is told as well', async (t) => {
  const mock = await listening(t)
  await mock.fault({ fault: 'EMPTY_RESPONSE' })
  const events = await openEventStream(mock.adminUrl)
  await t.rejects(fetch(`${mock.url}/profile`, { headers: bearer() }))
  t.match(await events.next(), { fault: 'fault-1', status: undefined })
  events.close()
})

t.test('closing the mock ends every stream', async (t) => {
  const mock = await listening(t)
  const streams = await Promise.all([1, 2, 3].map(() => openEventStream(mock.adminUrl)))
  const ends = streams.map((stream) => stream.next())
  await mock.close()
  t.strictSame(await Promise.all(ends), [undefined, undefined, undefined])
})

t.test('twenty listen at once, and Node warns of nothing', async (t) => {
  const warnings: Error[] = []
  const warn = (warning: Error) => warnings.push(warning)
  process.on('warning', warn)
  t.teardown(() => process.off('warning', warn))
  const mock = await listening(t)
  const streams = await Promise.all(Array.from({ length: 20 }, () => openEventStream(mock.adminUrl)))
  await signedIn(mock).get('/profile')
  for (const stream of streams) t.equal((await stream.next())?.id, 1)
  for (const stream of streams) stream.close()
  t.strictSame(warnings, [])
})

// [events.slow-reader]
t.test('who listens but does not read costs no more than a bounded amount of memory', async (t) => {
  const mock = await listening(t)
  const socket = connect(Number(new URL(mock.url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(requestText('GET', '/__admin/events', {}))
  await once(socket, 'data')
  socket.pause()
  const { patch } = signedIn(mock)
  const send = async (calls: number) => {
    for (let n = 0; n < calls; n += 1) await patch([{ id: 5, rawData: { a: 'x'.repeat(60_000) } }])
    return heapInUse() + process.memoryUsage().external
  }
  // The journal is full after some 130 of them.
  const early = await send(200)
  const late = await send(600)
  const grown = (late - early) / 1e6
  t.ok(grown < 20, `${grown.toFixed(0)} MB more for 36 MB that nobody reads`)
  socket.destroy()
})

/** All that comes within one stream, until `look` has seen enough. */
async function eventsText(
  adminUrl: string,
  headers: Record<string, string>,
  look: (text: string) => boolean,
) {
  const gone = new AbortController()
  const answer = await fetch(`${adminUrl}/events`, { headers, signal: gone.signal })
  let text = ''
  for await (const part of answer.body ?? []) {
    text += Buffer.from(part as Uint8Array).toString()
    if (look(text)) break
  }
  gone.abort()
  return { text, headers: answer.headers }
}

const idsIn = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))

// [events.heartbeat]
t.test('a silent stream gives signs of life, and no proxy holds it back', async (t) => {
  const app = await createTestMock({}, { heartbeat: 20 })
  t.teardown(() => app.close())
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  for (const path of ['/__admin', '/__sandbox/a/__admin']) {
    const { text, headers } = await eventsText(
      origin + path,
      {},
      (sofar) => sofar.split(': still here').length > 3,
    )
    t.match(text, /^: the journal of the mock\n\n(?:: still here\n\n){3}/)
    t.equal(headers.get('x-accel-buffering'), 'no')
    t.equal(headers.get('connection'), 'close')
  }
})

// [events.last-id]
t.test('a client that comes back gets what it has missed', async (t) => {
  const mock = await listening(t)
  for (let n = 0; n < 4; n += 1) await signedIn(mock).get('/profile')
  const missed = async (lastId: string, last: number) =>
    idsIn(
      (await eventsText(mock.adminUrl, { 'last-event-id': lastId }, (text) => idsIn(text).includes(last)))
        .text,
    )
  t.strictSame(await missed('2', 4), [3, 4])
  t.strictSame(await missed('0', 4), [1, 2, 3, 4])
  t.strictSame(await missed('17', 4), [1, 2, 3, 4], 'an id from before a reset')
  for (const id of ['4', 'x', '']) {
    const stream = await openEventStream(mock.adminUrl, { 'last-event-id': id })
    await signedIn(mock).get('/profile')
    const next = await stream.next()
    t.equal(next?.id, (await mock.requests()).length, `nothing is missed after ${id}`)
    stream.close()
    await mock.reset()
    for (let n = 0; n < 4; n += 1) await signedIn(mock).get('/profile')
  }
})

t.test('a client that has missed more than a MiB comes back until it has all', async (t) => {
  const mock = await listening(t)
  const { patch } = signedIn(mock)
  for (let n = 0; n < 40; n += 1) await patch([{ id: 5, rawData: { a: 'x'.repeat(60_000) } }])
  const ids: number[] = []
  let streams = 0
  for (; ids.at(-1) !== 40; streams += 1) {
    const stream = await openEventStream(mock.adminUrl, { 'last-event-id': String(ids.at(-1) ?? 0) })
    for (let entry = await stream.next(); entry; entry = await stream.next()) {
      ids.push(entry.id)
      if (entry.id === 40) break
    }
    stream.close()
  }
  t.strictSame(
    ids,
    Array.from({ length: 40 }, (_, index) => index + 1),
  )
  t.ok(streams > 1, `${streams} streams`)
})

t.test(
  'a stream of a sandbox that is not there yet begins with its first call, and survives its drop',
  async (t) => {
    const mock = await listening(t, { maxSandboxes: 1 })
    const stream = await openEventStream(mock.sandbox('a').adminUrl)
    for (const round of [1, 2]) {
      await signedIn(mock).get('/profile', { 'x-mock-sandbox': 'a' })
      t.match(await stream.next(), { id: 1, sandbox: 'a' }, `round ${round}`)
      await signedIn(mock).get('/profile', { 'x-mock-sandbox': 'b' })
    }
    stream.close()
  },
)
