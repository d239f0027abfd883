// Starts the mock with the given command on a free port and does what its user does next: runs the first printed curl.
// Usage: node .ci/start.mjs <command> [arguments]
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'

const [file, ...rest] = process.argv.slice(2)
// A group of its own, so that a server behind a package runner is stopped too.
const server = spawn(file, [...rest, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
const ended = once(server, 'exit')
try {
  const curl = await printedCurl(server)
  const answer = execFileSync('sh', ['-c', `${curl} -sS`], { encoding: 'utf8' })
  if (!/"success":true/.test(answer)) throw new Error(`the printed curl answered ${answer}`)
  console.log(`the printed curl answered ${answer}`)
} finally {
  process.kill(-server.pid, 'SIGTERM')
  await ended
}

async function printedCurl({ stdout }) {
  let text = ''
  for await (const chunk of stdout) {
    text += chunk
    // Printed whole only when the line has ended.
    const curl = /^ *(curl -X PATCH .*)\n/m.exec(text)?.[1]
    if (curl) return curl
  }
  throw new Error(`it ended without printing a curl: ${text}`)
}
