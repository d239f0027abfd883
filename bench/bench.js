// What the mock costs beside bare servers and other mocks. All take turns, round after round, in one run.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, type } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { fire, generator } from './generator.js'
import { markdown } from './report.js'
import { hasProc, startServer } from './server-process.js'
import { cli, mock, nodes, participants, scratch } from './servers.js'
import { spread } from './statistics.js'

const { values: flags } = parseArgs({
  options: {
    short: { type: 'boolean' },
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '5' },
  },
})
const counts = flags.short
  ? { rounds: 1, starts: 1, seconds: 1, warmUpSeconds: 1, bulkCalls: 5 }
  : { rounds: Number(flags.rounds), starts: 3, seconds: 2, warmUpSeconds: 3, bulkCalls: 20 }
if (!(counts.rounds >= 1)) throw new Error('--rounds must be a number from 1')

const root = fileURLToPath(new URL('..', import.meta.url))
const run = (program, ...args) =>
  execFileSync(program, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
const install = (...args) =>
  run('npm', ...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error')
const say = (text) => console.error(text)

// No `settings`: Prism, openapi-backend and Scalar's server refuse all of them, as the document's oneOf overlaps.
const change = (_, index) => ({
  id: 5 + (index % 30),
  firstName: index % 2 ? 'Ada' : 'Grace',
  rawData: { desk: `A-${index % 100}` },
})
const changes = (length) => JSON.stringify({ profiles: Array.from({ length }, change) })
const signedIn = (who) => ({ ...json, authorization: `Bearer ${run(process.execPath, cli, 'token', who)}` })
const json = { 'content-type': 'application/json' }
const one = { method: 'PATCH', path: '/profiles', headers: signedIn('admin'), body: changes(1), status: 200 }
const calls = {
  one,
  hundred: { ...one, body: changes(100) },
  invalid: { ...one, body: JSON.stringify({ profiles: [{ id: 5, firstName: 5 }] }), status: 400 },
  unsigned: { ...one, headers: json, status: 401 },
  forbidden: { ...one, headers: signedIn('agent'), status: 403 },
  page: { ...one, method: 'GET', body: undefined },
}
const bulk = { ...one, body: changes(10_000) }

if (!flags.short) install('ci', '--prefix', 'bench')
const servers = participants(!flags.short, say)
const ownNode = { [Number.parseInt(process.versions.node, 10)]: process.execPath }
const startNodes = flags.short || Object.keys(nodes()).length === 0 ? ownNode : nodes()
const document = await servedDocument()
const results = servers.map((server) => ({
  name: server.name,
  packages: specsOf(server).join(', '),
  runsOn: server.command ?? run(server.nodePath, '--version'),
  installedMb: flags.short ? undefined : installedMb(server),
  samples: {},
  /** Statuses it gave where another one was due. */
  instead: {},
}))
const conditions = {
  ...counts,
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} × ${cpus()[0].model}, ${type()} ${release()}`,
  generator,
  commit: spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout?.trim(),
}
say(`${counts.rounds} rounds of ${servers.length} servers, load from ${generator}`)
if (!hasProc) say('There is no /proc here, so CPU and memory cannot be read and show as -.')

for (let round = 0; round < counts.rounds; round += 1) {
  for (let turn = 0; turn < servers.length; turn += 1) {
    const at = (round + turn) % servers.length
    await measure(servers[at], results[at])
    say(`round ${round + 1}: ${servers[at].name} done`)
  }
}

const spreads = (samples) => Object.entries(samples).map(([key, values]) => [key, spread(values)])
const report = {
  conditions,
  servers: results.map(({ samples, ...about }) => ({
    ...about,
    values: Object.fromEntries(spreads(samples)),
  })),
}
const raw = JSON.stringify(report, null, 2)
const page = markdown(report)
console.log(flags.json ? raw : page)
if (!flags.short) {
  writeFileSync(join(root, 'docs/benchmark.json'), `${raw}\n`)
  writeFileSync(join(root, 'docs/benchmark.md'), page)
}

/** One turn of one server: cold starts, then the load on one process. */
async function measure(server, { samples, instead }) {
  const add = (key, value) => {
    samples[key] ??= []
    samples[key].push(value)
  }
  const start = async (nodePath) => {
    const started = await startServer({ ...server, nodePath }, document, one)
    if (started.answer.status !== 200) throw new Error(`${server.name} answered ${started.answer.status}`)
    return started
  }
  for (const [major, nodePath] of Object.entries(startNodes)) {
    for (let count = 0; count < counts.starts && Number(major) >= (server.node ?? 0); count += 1) {
      const started = await start(nodePath)
      add(`startMs.${major}`, started.startMs)
      await started.stop()
    }
  }

  const loaded = await start(server.nodePath)
  add('startMb', loaded.memoryMb())
  await fire(loaded, one, 10, counts.warmUpSeconds)
  for (const [name, call] of Object.entries(calls)) {
    const { status } = await loaded.send(call)
    if (status !== call.status) {
      instead[name] = status
      continue
    }
    for (const connections of call === one ? [1, 10, 64] : [10]) {
      const before = loaded.cpuMs()
      const { requests, seconds, p50Ms, p99Ms } = await fire(loaded, call, connections, counts.seconds)
      const cpuUs = ((loaded.cpuMs() - before) * 1000) / requests
      const figures = { cpuUs, perSecond: requests / seconds, p50Ms, p99Ms }
      for (const [key, value] of Object.entries(figures)) add(`${name}.${connections}.${key}`, value)
    }
  }

  const { status, text } = await loaded.send(bulk)
  if (status !== 200) throw new Error(`${server.name} answered ${status} to 10,000 items`)
  add('bulkResults', JSON.parse(text).results.length)
  const before = loaded.cpuMs()
  const times = []
  for (let count = 0; count < counts.bulkCalls; count += 1) times.push((await loaded.send(bulk)).ms)
  add('bulkMs', spread(times).median)
  add('bulkCpuMs', (loaded.cpuMs() - before) / counts.bulkCalls)
  add('loadMb', loaded.memoryMb())
  await loaded.stop()
}

/** The document that the mock serves, as a JSON file: what the other mocks are given. */
async function servedDocument() {
  const server = await startServer(mock, undefined, { method: 'GET', path: '/docs/open-api' })
  await server.stop()
  const file = join(scratch, 'document.json')
  writeFileSync(file, JSON.stringify(parse(server.answer.text)))
  return file
}

function specsOf({ packages = [] }) {
  const manifest = (folder) =>
    JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).dependencies
  const versions = { ...manifest('.'), ...manifest('bench') }
  return packages.map((name) => `${name}@${versions[name]}`)
}

/** What npm puts on the disk for somebody who installs it into an empty folder. */
function installedMb(server) {
  const folder = mkdtempSync(join(scratch, 'installed-'))
  const pack = () => run('npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder)
  const specs = server.name === mock.name ? [join(folder, pack())] : specsOf(server)
  if (specs.length === 0) return 0
  install('install', '--prefix', folder, ...specs)
  return Number.parseInt(run('du', '-sk', join(folder, 'node_modules')), 10) / 1024
}
