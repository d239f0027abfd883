// Proves the Dockerfile where no container engine runs: carries out its instructions in a clean folder, one folder per
// stage, starts what CMD says, and asks it with the HEALTHCHECK's own command. An instruction unknown here is an error.
// Usage: node .ci/container.mjs <empty folder> [folder of the node binary to use]
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const [root, nodeFolder] = process.argv.slice(2)
const isRoot = process.getuid() === 0
/** The user `node` of the official images. */
const user = isRoot ? { uid: 1000, gid: 1000 } : {}
const home = join(root, 'home')
const bare = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(MOCK_|PORT$|NODE_ENV$|NODE_OPTIONS$)/.test(name)),
)
const outside = {
  ...bare,
  HOME: home,
  PATH: [...(nodeFolder ? [nodeFolder] : []), process.env.PATH].join(delimiter),
}

const { stages, healthcheck, command } = carryOut(instructions(readFileSync('Dockerfile', 'utf8')))
const image = stages.at(-1)
if (image.user !== 'node') throw new Error('the image must run as the user node')
await tryOut()
await withDatabase(async (url) => {
  const first = await tryOut({ MOCK_STORE: url, MOCK_DRAIN: '1' })
  const second = await tryOut({ MOCK_STORE: url })
  if (first.before === first.after) throw new Error('the change changed nothing')
  if (second.before !== first.after) throw new Error('what one container wrote is not there for the next')
})
console.log('healthy, used, stopped: in memory, and twice on a database')

function instructions(text) {
  const joined = text.replace(/\\\n\s*/g, '')
  const lines = joined.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
  return lines.map((line) => /^(\S+)\s+(.*)$/.exec(line).slice(1))
}

function carryOut(all) {
  const stages = []
  const found = { stages }
  mkdirSync(home, { recursive: true })
  own(root)
  for (const [word, rest] of all) {
    const stage = stages.at(-1)
    console.log(`${word} ${rest}`)
    if (word === 'FROM') {
      const [, name = `stage ${stages.length}`] = /\sAS\s+(\S+)$/.exec(rest) ?? []
      const folder = join(root, `stage-${stages.length}`)
      mkdirSync(folder)
      stages.push({ name, folder, at: '/', env: {} })
    } else if (word === 'WORKDIR') {
      stage.at = rest
      mkdirSync(join(stage.folder, rest), { recursive: true })
    } else if (word === 'ENV') {
      const [, name, value] = /^(\w+)=(\S*)$/.exec(rest)
      stage.env[name] = value
    } else if (word === 'COPY') {
      copy(rest, stage, stages)
    } else if (word === 'RUN') {
      own(stage.folder)
      run(['sh', '-c', rest], stage)
    } else if (word === 'USER') {
      stage.user = rest
    } else if (word === 'EXPOSE') {
      found.port = rest
    } else if (word === 'HEALTHCHECK') {
      found.healthcheck = JSON.parse(/\bCMD (\[.*\])$/.exec(rest)[1])
    } else if (word === 'CMD') {
      found.command = JSON.parse(rest)
    } else throw new Error(`the instruction ${word} is not known here`)
  }
  return found
}

function copy(rest, stage, stages) {
  const words = rest.split(/\s+/)
  const from = words[0].startsWith('--from=') ? words.shift().slice('--from='.length) : undefined
  const to = words.pop()
  const source = from === undefined ? undefined : stages.find(({ name }) => name === from)
  for (const word of words) {
    if (!source) refuseIgnored(word)
    const path = source ? join(source.folder, word) : word
    const target = join(stage.folder, stage.at, to)
    // As the builder does: a folder's content, or a file into a target that ends with a slash.
    cpSync(path, statSync(path).isFile() && to.endsWith('/') ? join(target, basename(path)) : target, {
      recursive: true,
      verbatimSymlinks: true,
    })
  }
}

/** Understands what .dockerignore holds here: everything is left out, except for the paths listed with `!`. */
function refuseIgnored(path) {
  const [first, ...rest] = readFileSync('.dockerignore', 'utf8').trim().split('\n')
  const isList = first === '*' && rest.every((line) => /^![\w./-]+$/.test(line))
  if (!isList) throw new Error('.dockerignore must be * and then a list of !path')
  const isLetThrough = rest.some((line) => path === line.slice(1) || path.startsWith(`${line.slice(1)}/`))
  if (!isLetThrough) throw new Error(`.dockerignore leaves out ${path}`)
}

/** Only what runs commands is given away: the last stage's files can be read by its user and not written. */
function own(folder) {
  if (isRoot) spawnSync('chown', ['-R', '1000:1000', folder])
}

/** How a command of a stage runs. */
function options(stage, env = {}) {
  return { cwd: join(stage.folder, stage.at), env: { ...outside, ...stage.env, ...env }, ...user }
}

function run(args, stage, env) {
  const [file, ...rest] = args
  const { status } = spawnSync(file, rest, {
    ...options(stage, env),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`)
}

/** Starts the image's command as compose.yaml would, and uses it as somebody outside would. Resolves with what that changed. */
async function tryOut(given = {}) {
  const port = await freePort()
  const secrets = { MOCK_JWT_SECRET: 'a secret of this check', MOCK_ADMIN_API_TOKEN: 'a-token-of-this-check' }
  const env = { ...secrets, ...given, MOCK_PORT: String(port) }
  const [file, ...rest] = command
  const server = spawn(file, rest, { ...options(image, env), stdio: ['ignore', 'inherit', 'inherit'] })
  const ended = once(server, 'exit')
  let changed
  try {
    for (let tries = 1; !isHealthy(env); tries += 1) {
      if (tries === 50) throw new Error('the health check never passed')
      await sleep(200)
    }
    changed = await useIt(`http://127.0.0.1:${port}`, secrets.MOCK_ADMIN_API_TOKEN)
  } finally {
    server.kill('SIGTERM')
  }
  const [code] = await ended
  if (code !== 0) throw new Error(`after SIGTERM it ended with ${code}`)
  if (isHealthy(env)) throw new Error('the health check passes without a server')
  if (existsSync(join(image.folder, image.at, 'node_modules/typescript'))) {
    throw new Error('development dependencies are in the image')
  }
  return changed
}

function isHealthy(env) {
  const [file, ...rest] = healthcheck
  return spawnSync(file, rest, { ...options(image, env), stdio: 'ignore' }).status === 0
}

async function useIt(origin, adminToken) {
  const ask = (path, method, body, token) =>
    fetch(`${origin}${path}`, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    })
  const unguarded = await ask('/__admin/tokens', 'POST', { persona: 'admin' })
  if (unguarded.status !== 401) throw new Error(`without the admin token: ${unguarded.status}, not 401`)
  const { token } = await (await ask('/__admin/tokens', 'POST', { persona: 'admin' }, adminToken)).json()
  const stored = async () => (await ask('/__admin/state/profiles/5', 'GET', undefined, adminToken)).text()
  const before = await stored()
  const change = { profiles: [{ id: 5, settings: { roleId: 3 } }] }
  const changed = await ask('/api/mind/profiles', 'PATCH', change, token)
  if (changed.status !== 200) throw new Error(`a change: ${changed.status}, not 200`)
  const ready = await ask('/__admin/health/ready', 'GET')
  if (ready.status !== 200) throw new Error(`readiness: ${ready.status}, not 200`)
  const metrics = await (await ask('/__admin/metrics', 'GET', undefined, adminToken)).text()
  const counted = /^enneo_mock_calls_total\{.*status="200"\} (\d+)$/m.exec(metrics)?.[1]
  if (counted !== '1') throw new Error(`metrics count ${counted} calls, not 1`)
  return { before, after: await stored() }
}

/** A PostgreSQL server for as long as it is used; `.ci/run` installs its programs. */
async function withDatabase(use) {
  const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => b - a)
  const programs = join('/usr/lib/postgresql', versions[0], 'bin')
  const folder = join(root, 'database')
  const data = join(folder, 'data')
  mkdirSync(folder)
  own(folder)
  const execute = (program, ...args) => {
    const { status } = spawnSync(join(programs, program), args, { cwd: folder, stdio: 'ignore', ...user })
    if (status !== 0) throw new Error(`${program} ended with ${status}`)
  }
  const port = await freePort()
  execute('initdb', '--pgdata', data, '--username', 'mock', '--auth', 'trust', '--no-sync')
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`
  execute('pg_ctl', 'start', '--wait', '--pgdata', data, '--log', join(folder, 'log'), '-o', settings)
  try {
    await use(`postgres://mock@127.0.0.1:${port}/postgres`)
  } finally {
    execute('pg_ctl', 'stop', '--wait', '--mode', 'fast', '--pgdata', data)
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}
