import t from 'tap'
import { persistent } from '../../../src/checks/verify/persistent.ts'
import { type NoAnswer, Unreachable, type WireAnswer } from '../../../src/checks/verify/wire.ts'

const answered = (status: number, headers = {}): WireAnswer => ({ status, headers, body: '' })
const broken: NoAnswer = { problem: 'the connection ended without a whole answer' }
const gone = new Unreachable('ECONNREFUSED')
const fine = answered(200)

type Came = WireAnswer | NoAnswer | Unreachable

const series: [name: string, came: Came[], end: Came, pauses: number[]][] = [
  ['a good answer is taken', [fine], fine, []],
  ['a refusal is taken', [answered(401)], answered(401), []],
  ['a busy server is asked again', [answered(503), fine], fine, [250]],
  ['so is one that hung up, and one that was not there', [broken, gone, fine], fine, [250, 1000]],
  ['three times at most', [answered(500), answered(502), answered(504)], answered(504), [250, 1000]],
  ['the last error is the one that counts', [broken, broken, gone], gone, [250, 1000]],
  ['as late as the server asks', [answered(429, { 'retry-after': '2' }), fine], fine, [2000]],
  ['but not minutes later', [answered(429, { 'retry-after': '120' }), fine], fine, [5000]],
  ['a date is no number of seconds', [answered(503, { 'retry-after': 'Wed, 01 Jan' }), fine], fine, [250]],
]

for (const [name, came, end, expected] of series) {
  t.test(name, async (t) => {
    const left = [...came]
    const pauses: number[] = []
    const send = persistent(
      async () => {
        const next = left.shift() as Came
        if (next instanceof Unreachable) throw next
        return next
      },
      async (ms) => pauses.push(ms),
    )
    const request = send({ method: 'GET', path: '/', headers: {} })
    if (end instanceof Unreachable) await t.rejects(request, end)
    else t.strictSame(await request, end)
    t.strictSame(pauses, expected)
    t.strictSame(left, [])
  })
}
