import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'

/** Linux counts a process's CPU time in hundredths of a second for its readers, whatever the kernel's own clock is. */
const tickMs = 10

export const hasProc = existsSync('/proc/self/stat')

const running = new Set()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a server as a process of its own; it must print its address. Resolves when it has answered `body`. */
export async function startServer(args, headers, body) {
  const begun = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  const exited = new Promise((resolve) => child.once('exit', resolve))
  exited.then(() => running.delete(child))

  const port = await portOf(child)
  const answer = await patch(port, headers, body)
  return {
    url: `http://127.0.0.1:${port}/api/mind/profiles`,
    answer,
    startMs: performance.now() - begun,
    patch: (other) => patch(port, headers, other),
    cpuMs: () => (hasProc ? cpuMs(child.pid) : { all: Number.NaN, user: Number.NaN }),
    memoryMb: () => (hasProc ? memoryMb(child.pid) : Number.NaN),
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}

function portOf(child) {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
      const port = /http:\/\/[\w.]+:(\d+)/.exec(text)?.[1]
      if (port) resolve(Number(port))
    })
    child.once('exit', (code) =>
      reject(new Error(`the server ended with ${code} before it printed an address`)),
    )
  })
}

function patch(port, headers, body) {
  const options = {
    host: '127.0.0.1',
    port,
    path: '/api/mind/profiles',
    method: 'PATCH',
    agent: false,
    headers,
  }
  return new Promise((resolve, reject) => {
    const call = request(options, async (response) => {
      const chunks = []
      for await (const chunk of response) chunks.push(chunk)
      resolve(JSON.parse(Buffer.concat(chunks).toString()))
    })
    call.once('error', reject)
    call.end(body)
  })
}

/** User and system time of all its threads, and the user time alone. */
function cpuMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field is the command in parentheses and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user, system] = [fields[11], fields[12]].map((ticks) => Number(ticks) * tickMs)
  return { all: user + system, user }
}

function memoryMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024
}
