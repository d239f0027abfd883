import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Starts the mock as a command, on a free port. Resolves with its origin once it listens. */
export async function startMock() {
  // A group of its own, so that npx and what it starts are stopped together.
  const child = spawn('npx', ['--no-install', 'enneo-mock', '--port', '0', '--log-level', 'warn'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const ended = once(child, 'exit')
  const stop = async () => {
    if (child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    await ended
  }
  let text = ''
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += chunk
    const origin = /^ +API +(http:\S+)\/api\/mind$/m.exec(text)?.[1]
    if (origin) {
      child.stdout.resume()
      return { origin, stop }
    }
  }
  throw new Error(`The mock did not start: ${text}`)
}
