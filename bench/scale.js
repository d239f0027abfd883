// How the mock's costs grow over the items of a call, the profiles of a seed and the sandboxes in use: the command as a
// user starts it, asked over HTTP. A cost that grows as n^k has the exponent k.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { number, table } from './report.js'
import { startServer } from './server-process.js'
import { cli, mock, scratch } from './servers.js'
import { exponent, spread } from './statistics.js'

const { values: flags } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '5' } },
})
if (!(Number(flags.rounds) >= 1)) throw new Error('--rounds must be a number from 1')
const itemCounts = [1, 10, 100, 1_000, 10_000, 50_000]
const seedFiles = [100, 1_000, 10_000, 100_000, 1_000_000].map((size) => [size, seedFile(size)])
const sandboxCounts = [1, 10, 100]

const authorization = `Bearer ${execFileSync(process.execPath, [cli, 'token', 'admin'], { encoding: 'utf8' }).trim()}`
const headers = { authorization, 'content-type': 'application/json' }
const api = '/api/mind/profiles'
const change = (length, item, more) => {
  const body = JSON.stringify({ profiles: Array.from({ length }, (_, index) => item(index)) })
  return { method: 'PATCH', path: api, headers: { ...headers, ...more }, body }
}
const one = change(1, () => ({ id: 5, lang: 'en' }))
const page = (query) => ({ method: 'GET', path: `${api}${query}`, headers })
const start = (...more) => startServer({ args: (port) => [...mock.args(port), ...more] }, undefined, one)

/** Cost → n → samples. */
const costs = {}
function add(cost, n, value) {
  costs[cost] ??= {}
  costs[cost][n] ??= []
  costs[cost][n].push(value)
}

async function timed(server, call) {
  const { status, text, ms } = await server.send(call)
  if (status !== 200 || text.includes('"success":false')) throw new Error(`${status} ${text.slice(0, 200)}`)
  return ms
}

/** The median of some calls, after as many that are not counted: the first ones are still being compiled. */
async function typical(count, measure) {
  const taken = []
  for (let at = -count; at < count; at += 1) taken.push(await measure(at + count))
  return spread(taken.slice(count)).median
}

async function measureItems() {
  const server = await start()
  for (const size of itemCounts) {
    const call = change(size, (index) => ({ id: 5 + (index % 30), rawData: { desk: index } }))
    add('change of n items', size, await typical(size > 1_000 ? 5 : 100, () => timed(server, call)))
  }
  await server.stop()
}

/** Items must not make each other dearer, neither by new keys of one profile nor by profiles of their own. */
const spreads = {
  '20,000 items: one profile, one key': change(20_000, (index) => ({ id: 5, rawData: { k: index } })),
  '20,000 items: one profile, distinct keys': change(20_000, (at) => ({ id: 5, rawData: { [`k${at}`]: 1 } })),
  '10,000 items: one profile': change(10_000, (index) => ({ id: 5, rawData: { k: index } })),
  '10,000 items: distinct profiles': change(10_000, (index) => ({ id: 5 + index, rawData: { k: index } })),
}
async function measureSpreads() {
  for (const [cost, call] of Object.entries(spreads)) {
    const server = await start('--seed', seedFiles[3][1])
    add(cost, 1, await typical(3, () => timed(server, call)))
    await server.stop()
  }
}

async function measureProfiles(size, file) {
  const server = await start('--seed', file)
  add('start to first answer', size, server.startMs)
  add('JSON.parse of the seed file', size, parseMs(file))
  add('memory after start, MB', size, server.memoryMb())
  add('change of one profile', size, await typical(50, () => timed(server, one)))
  add('first page', size, await typical(50, () => timed(server, page('?limit=20'))))
  add('page by ids', size, await typical(50, () => timed(server, page('?userIds[]=5&userIds[]=9'))))
  add('page that finds nobody', size, await typical(3, () => timed(server, page('?q=nobody-has-this'))))
  const reset = { method: 'POST', path: '/__admin/reset' }
  const resetAfterChange = async () => {
    await timed(server, one)
    return timed(server, reset)
  }
  add('reset after a change', size, await typical(20, resetAfterChange))
  await server.stop()
}

async function measureSandboxes(size) {
  const server = await start()
  const inTurn = (at, item) => change(1, () => item, { 'x-mock-sandbox': `s${at % size}` })
  add('change, sandboxes in turn', size, await typical(300, (at) => timed(server, inTurn(at, { id: 5 }))))
  add('memory, small bodies, MB', size, server.memoryMb())
  // 300 × 60 kB are more than the 16 MiB that one journal holds.
  const large = { id: 5, rawData: { note: 'x'.repeat(60_000) } }
  for (let at = 0; at < 300 * size; at += 1) await timed(server, inTurn(at, large))
  add('memory, large bodies, MB', size, server.memoryMb())
  await server.stop()
}

for (let round = 0; round < Number(flags.rounds); round += 1) {
  await measureItems()
  await measureSpreads()
  for (const [size, file] of seedFiles) await measureProfiles(size, file)
  for (const size of sandboxCounts) await measureSandboxes(size)
  console.error(`round ${round + 1} done`)
}

const rows = Object.entries(costs).map(([cost, byN]) => {
  const points = Object.entries(byN).map(([n, samples]) => [Number(n), spread(samples).median])
  return { cost, points, overall: exponent(points), lastStep: exponent(points.slice(-2)) }
})
const of = (cost, n = 1) => spread(costs[cost][n]).median
const [oneKey, ownKeys, oneProfile, ownProfiles] = Object.keys(spreads).map((cost) => of(cost))
const parseAndStart = of('JSON.parse of the seed file', 100_000) + of('start to first answer', 100)
const ratios = [
  ['20,000 items on one profile: distinct keys ÷ one key', ownKeys / oneKey, '<= 3'],
  ['10,000 items: distinct profiles ÷ one profile', ownProfiles / oneProfile, ''],
  [
    'start with 100,000 profiles ÷ (JSON.parse of the file + start with 100)',
    of('start to first answer', 100_000) / parseAndStart,
    '< 1.5',
  ],
]
const figures = (points) =>
  points.map(([n, value]) => `${n.toLocaleString('en')}: ${number(value)}`).join(', ')
const text = `# How costs grow

Made by \`npm run bench:scale\`: medians of ${flags.rounds} rounds, ms unless said, Node ${process.version}. A cost that grows as n^k has the exponent k, fitted over all n and, beside it, over the two largest.

${table(
  ['cost', 'n: figure', 'exponent', 'last step'],
  rows.map(({ cost, points, overall, lastStep }) => [
    cost,
    figures(points),
    number(overall),
    number(lastStep),
  ]),
)}

The goal for the items of a call is an exponent of at most 1.05.

${table(
  ['ratio', 'is', 'goal'],
  ratios.map(([ratio, value, goal]) => [ratio, number(value), goal]),
)}
`
console.log(flags.json ? JSON.stringify({ rows, ratios }, null, 2) : text)
writeFileSync(new URL('../docs/benchmark-scale.md', import.meta.url), text)

/** The default seed's profiles and small ones after them. */
function seedFile(profiles) {
  const seed = JSON.parse(readFileSync(new URL('../fixtures/default-seed.json', import.meta.url), 'utf8'))
  for (let id = seed.profiles.length + 1; id <= profiles; id += 1) {
    const email = `p${id}@stadtwerke.example`
    const settings = { status: 'available', roleId: 2, teamIds: [1] }
    seed.profiles.push({ id, firstName: 'Ada', lastName: `Nummer ${id}`, email, type: 'user', settings })
  }
  const file = join(scratch, `seed-${profiles}.json`)
  writeFileSync(file, JSON.stringify(seed))
  return file
}

function parseMs(file) {
  const script = `const begun = performance.now()
JSON.parse(require('node:fs').readFileSync(process.argv[1], 'utf8'))
console.log(performance.now() - begun)`
  return Number(execFileSync(process.execPath, ['-e', script, file], { encoding: 'utf8' }))
}
