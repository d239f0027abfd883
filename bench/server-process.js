import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** Linux counts a process's CPU time in hundredths of a second for its readers, whatever the kernel's own clock is. */
const tickMs = 10
const limitMs = 120_000

export const hasProc = existsSync('/proc/self/stat')

const running = new Set()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a server as a process of its own on a free port, and makes the call again and again until there is an answer. */
export async function startServer({ args, path = '', command, nodePath = process.execPath }, document, call) {
  const port = await freePort()
  const begun = performance.now()
  const child = spawn(command ?? nodePath, args(String(port), document), { stdio: 'ignore' })
  running.add(child)
  const exited = new Promise((resolve) => child.once('exit', resolve).once('error', resolve))
  exited.then(() => running.delete(child))

  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const server = {
    url: `http://127.0.0.1:${port}${path}`,
    send: (other) => exchange({ port, agent, ...other, path: path + other.path }),
    cpuMs: () => (hasProc ? cpuMs(child.pid) : Number.NaN),
    memoryMb: () => (hasProc ? memoryMb(child.pid) : Number.NaN),
    stop: async () => {
      agent.destroy()
      child.kill('SIGTERM')
      const overdue = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await exited
      clearTimeout(overdue)
    },
  }
  while (running.has(child) && performance.now() - begun < limitMs) {
    const answer = await server.send(call).catch(() => pause(2))
    if (answer) return { ...server, answer, startMs: performance.now() - begun }
  }
  if (running.has(child)) await server.stop()
  throw new Error(`no answer from ${child.spawnargs.join(' ')}`)
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** One call, one answer: `{status, text, ms}`. */
function exchange({ port, agent, method, path, headers, body = '' }) {
  const bytes = Buffer.from(body)
  const length = method === 'GET' ? {} : { 'content-length': bytes.length }
  const options = { host: '127.0.0.1', port, path, method, agent, headers: { ...headers, ...length } }
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    const sent = request(options, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk)).once('error', reject)
      response.once('end', () => {
        const ms = performance.now() - begun
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString(), ms })
      })
    })
    sent.once('error', reject).setTimeout(limitMs, () => sent.destroy(new Error('no answer in time')))
    sent.end(bytes)
  })
}

/** User and system time of all its threads. */
function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field is the command in parentheses and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

function memoryMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024
}
