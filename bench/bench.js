// What the mock costs beside a bare Fastify and a bare node:http server; the three take turns, round after round.
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import { hasProc, startServer } from './server-process.js'

const { values: flags } = parseArgs({ options: { short: { type: 'boolean' }, json: { type: 'boolean' } } })
const counts = flags.short
  ? { rounds: 2, starts: 2, warmUp: 300, single: 2_000, bulkWarmUp: 3, bulk: 10 }
  : { rounds: 5, starts: 4, warmUp: 5_000, single: 25_000, bulkWarmUp: 10, bulk: 40 }
const connections = 10
const bulkItems = 10_000

const cli = new URL('../dist/src/cli.js', import.meta.url).pathname
const here = (file) => new URL(file, import.meta.url).pathname
const servers = {
  http: [here('bare-http.js')],
  fastify: [here('bare-fastify.js')],
  mock: [cli, '--port', '0'],
}

/** Goals are multiples of bare Fastify; what has none is for reading. */
const measures = {
  cpuUs: { title: 'CPU per one-item change, µs', goal: 2 },
  // A server that waits for nobody writes more cheaply: the system's share also tells how busy the generator is.
  userCpuUs: { title: '  of it outside the system, µs' },
  perSecond: { title: 'one-item changes per second' },
  bulkMs: { title: 'time of a 10,000-item change, ms', goal: 2 },
  bulkCpuMs: { title: 'CPU of a 10,000-item change, ms' },
  startMs: { title: 'start to first answer, ms', goal: 2 },
  startMb: { title: 'memory after start, MB', goal: 1.6 },
  loadMb: { title: 'memory after load, MB', goal: 1.6 },
}

const profileId = (index) => 5 + (index % 30)
const change = (index) => ({ id: profileId(index), settings: { status: index % 2 ? 'busy' : 'available' } })
const body = (items) =>
  JSON.stringify({ profiles: Array.from({ length: items }, (_, index) => change(index)) })
const single = body(1)
const bulk = body(bulkItems)
const headers = {
  'content-type': 'application/json',
  authorization: `Bearer ${execFileSync(process.execPath, [cli, 'token', 'admin'], { encoding: 'utf8' }).trim()}`,
}

const say = (text) => flags.json || console.log(text)
say(`${counts.rounds} rounds; node ${process.version}; generator and servers share this machine`)
if (!hasProc) say('There is no /proc here, so CPU and memory cannot be read and show as -.')

const samples = Object.fromEntries(Object.keys(servers).map((name) => [name, []]))
for (let round = 0; round < counts.rounds; round += 1) {
  for (const name of rotated(Object.keys(servers), round))
    samples[name].push(...(await measure(servers[name])))
  say(`round ${round + 1} done`)
}

const rows = Object.entries(measures).map(([key, { title, goal }]) => {
  const [http, fastify, mock] = Object.values(samples).map((all) => median(all.map((sample) => sample[key])))
  const toFastify = mock / fastify
  const isMet = goal === undefined || Number.isNaN(toFastify) ? undefined : toFastify <= goal
  return { key, title, http, fastify, mock, toHttp: mock / http, toFastify, goal, isMet }
})
console.log(flags.json ? JSON.stringify(rows, null, 2) : `\n${table(rows)}`)

/** One turn of one server: some starts, then the load on the last of them. One sample per start. */
async function measure(args) {
  const starts = []
  for (let start = 1; ; start += 1) {
    const server = await startServer(args, headers, single)
    expectSuccess(server.answer, 1)
    starts.push({ startMs: server.startMs, startMb: server.memoryMb() })
    if (start < counts.starts) {
      await server.stop()
      continue
    }
    const loaded = await load(server)
    await server.stop()
    return [...starts, loaded]
  }
}

async function load(server) {
  await fire(server, single, counts.warmUp, connections)
  const one = await fire(server, single, counts.single, connections)
  expectSuccess(await server.patch(bulk), bulkItems)
  await fire(server, bulk, counts.bulkWarmUp, 1)
  const many = await fire(server, bulk, counts.bulk, 1)
  return {
    cpuUs: (one.cpu.all / counts.single) * 1000,
    userCpuUs: (one.cpu.user / counts.single) * 1000,
    perSecond: counts.single / (one.wallMs / 1000),
    bulkMs: many.wallMs / counts.bulk,
    bulkCpuMs: many.cpu.all / counts.bulk,
    loadMb: server.memoryMb(),
  }
}

/** A bounded number of changes; every one must succeed. */
async function fire({ url, cpuMs }, requestBody, amount, width) {
  const cpuBefore = cpuMs()
  const begun = performance.now()
  let answered = 0
  let ended = begun
  const run = autocannon({
    url,
    method: 'PATCH',
    headers,
    body: requestBody,
    amount,
    connections: width,
    timeout: 60,
  })
  run.on('response', () => {
    answered += 1
    ended = performance.now()
  })
  const result = await run
  if (result.non2xx > 0 || result.errors > 0 || answered < amount) {
    throw new Error(
      `${result.non2xx} changes were refused, ${result.errors} failed, ${answered} of ${amount} answered`,
    )
  }
  const cpu = cpuMs()
  return { wallMs: ended - begun, cpu: { all: cpu.all - cpuBefore.all, user: cpu.user - cpuBefore.user } }
}

function expectSuccess({ results }, items) {
  if (results?.length !== items || !results.every(({ success }) => success)) {
    throw new Error(`the server did not confirm ${items} changes`)
  }
}

function median(values) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2
}

function rotated(list, by) {
  const at = by % list.length
  return [...list.slice(at), ...list.slice(0, at)]
}

function table(all) {
  const number = (value) =>
    Number.isNaN(value) ? '-' : value >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(1)
  const ratio = (value) => (Number.isNaN(value) ? '-' : `${value.toFixed(2)}x`)
  const lines = [
    ['', 'bare http', 'bare Fastify', 'this mock', '÷ http', '÷ Fastify', 'goal', ''],
    ...all.map(({ title, http, fastify, mock, toHttp, toFastify, goal, isMet }) => [
      title,
      number(http),
      number(fastify),
      number(mock),
      ratio(toHttp),
      ratio(toFastify),
      goal === undefined ? '' : `<= ${goal}x`,
      isMet === undefined ? '' : isMet ? 'met' : 'MISSED',
    ]),
  ]
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
