// Full load for ten minutes or `npm run soak -- <seconds>`, then 500 readers of events who hardly read: whether memory
// stays. 100 sandboxes take large bodies in turn, so that the bound of all journals is reached.
import { once } from 'node:events'
import { connect } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createMock } from '../dist/src/index.js'

const seconds = Number(process.argv[2] ?? 600)
const journalLimit = 64 * 1024 * 1024
const sandboxes = 100
const readers = 500
/** What a reader may leave unread in the mock before it is cut off, and the entry that makes it too much. */
const mostOfReader = 1.2 * 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
const inUse = () => {
  collectGarbage()
  return process.memoryUsage().heapUsed
}
const mib = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
const failures = []

const mock = await createMock({ journalLimit })
const authorization = `Bearer ${mock.token('admin')}`
const change = async (name, n, characters = 60_000) => {
  const headers = { authorization, ...(name && { 'x-mock-sandbox': name }) }
  const body = JSON.stringify({ profiles: [{ id: 5, rawData: { n, text: 'x'.repeat(characters) } }] })
  const { status } = await mock.fetch(`${mock.url}/profiles`, { method: 'PATCH', headers, body })
  if (status !== 200) throw new Error(`call ${n} answered ${status}`)
}
let calls = 0
/** Calls without a pause; `look` is called every two seconds. */
async function load(duration, call, look) {
  const end = performance.now() + duration * 1000
  let nextLook = 0
  while (performance.now() < end) {
    calls += 1
    await call(calls)
    if (performance.now() < nextLook) continue
    look()
    nextLook = performance.now() + 2000
  }
  look()
}

for (let n = 0; n < sandboxes; n += 1) await change(`s${n}`, 0)
// What the sandboxes themselves hold stays the same from now on.
await mock.reset()
const before = inUse()
const begun = performance.now()
/** The most that was in use, by minutes; of a shorter run by tenths. */
const parts = []
const part = Math.min(60, seconds / 10)
await load(
  seconds,
  (n) => change(`s${n % sandboxes}`, n),
  () => {
    const index = Math.min(
      Math.floor((performance.now() - begun) / 1000 / part),
      Math.ceil(seconds / part) - 1,
    )
    parts[index] = Math.max(parts[index] ?? 0, inUse())
  },
)
const seen = parts.filter((bytes) => bytes !== undefined)
const most = Math.max(...seen) - before
const [third, last] = [seen[2], seen.at(-1)]
console.log(`${calls} calls: at most ${mib(most)} more in use, of a limit of ${mib(journalLimit)}`)
console.log(
  `in the third part ${mib(third)} in use, in the last ${mib(last)} (${((last / third - 1) * 100).toFixed(1)} %)`,
)
if (most > journalLimit) failures.push('the journals are larger than their limit')
// Before minutes have passed the journals are still being filled.
if (seconds >= 300 && last > third * 1.1)
  failures.push('more than 10 % grew between the third part and the last')

const { port } = new URL(mock.url)
const sockets = []
for (let n = 0; n < readers; n += 1) {
  const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
  socket.write('GET /__admin/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(socket, 'data')
  sockets.push(socket.pause())
}
const quiet = inUse()
let mostOfReaders = 0
await load(
  Math.max(5, seconds / 10),
  (n) => change(undefined, n, 1000),
  () => {
    mostOfReaders = Math.max(mostOfReaders, inUse() - quiet)
  },
)
for (const socket of sockets) socket.destroy()
console.log(
  `${readers} readers who do not read: at most ${mib(mostOfReaders)} more in use, ${calls} calls in all`,
)
if (mostOfReaders > readers * mostOfReader + journalLimit)
  failures.push('the readers cost more than they may')
await mock.close()

for (const failure of failures) console.log(`failed: ${failure}`)
if (failures.length > 0) process.exitCode = 1
