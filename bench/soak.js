// Whether the bound of all journals holds: 100 sandboxes with large bodies, for ten minutes or `npm run soak -- <seconds>`.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createMock } from '../dist/src/index.js'

const seconds = Number(process.argv[2] ?? 600)
const journalLimit = 64 * 1024 * 1024
const sandboxes = 100

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
const heapInUse = () => {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

const mock = await createMock({ listen: false, journalLimit })
const authorization = `Bearer ${mock.token('admin')}`
const change = (name, n) => {
  const headers = { authorization, 'x-mock-sandbox': name }
  const body = JSON.stringify({ profiles: [{ id: 5, rawData: { n, text: 'x'.repeat(60_000) } }] })
  return mock.fetch(`${mock.url}/profiles`, { method: 'PATCH', headers, body })
}

for (let n = 0; n < sandboxes; n += 1) await change(`s${n}`, 0)
// What the sandboxes themselves hold stays the same from now on.
await mock.reset()
const before = heapInUse()
let [calls, most, nextLook] = [0, 0, 0]
const end = performance.now() + seconds * 1000
while (performance.now() < end) {
  calls += 1
  const { status } = await change(`s${calls % sandboxes}`, calls)
  if (status !== 200) throw new Error(`call ${calls} answered ${status}`)
  if (performance.now() > nextLook) {
    most = Math.max(most, heapInUse() - before)
    nextLook = performance.now() + 2000
  }
}
most = Math.max(most, heapInUse() - before)
await mock.close()

const mib = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
console.log(`${calls} calls: at most ${mib(most)} more in use, of a limit of ${mib(journalLimit)}`)
if (most > journalLimit) process.exitCode = 1
