import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { packageInfo } from '../src/values/package-info.ts'
import { runCommand, startCommand } from './support/command.ts'

// Programs of their own may take their time on a busy machine.
t.setTimeout(120_000)

/** Tells the process that it is another Node before anything of the mock is loaded. */
const pretending = (version: string) => [
  `--import=data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`,
]

t.test('a Node that is too old is told in one sentence, exit 1', async (t) => {
  for (const version of ['18.20.4', '20.18.3']) {
    const { finished } = await runCommand(t, ['--version'], { node: pretending(version), isMeasured: true })
    const sentence = `enneo-mock needs Node 20.19 or newer, and this is Node ${version}.\n`
    t.strictSame(await finished, { code: 1, signal: null, stdout: '', stderr: sentence })
  }
})

t.test('--version on a Node that will do prints the version of the package, exit 0', async (t) => {
  for (const version of ['20.19.0', '22.0.0', process.versions.node]) {
    const { finished } = await runCommand(t, ['--version'], { node: pretending(version) })
    t.strictSame(await finished, { code: 0, signal: null, stdout: `${packageInfo.version}\n`, stderr: '' })
  }
})

t.test('a wrong flag is told in one sentence on standard error, exit 1', async (t) => {
  const { finished } = await runCommand(t, ['--prot', '1'], { isMeasured: true })
  const sentence = "unknown option '--prot'; did you mean --port?\n"
  t.strictSame(await finished, { code: 1, signal: null, stdout: '', stderr: sentence })
})

t.test('token admin prints a token that a mock of another process takes', async (t) => {
  const { origin } = await startCommand(t)
  const { code, stdout } = await (await runCommand(t, ['token', 'admin'])).finished
  t.equal(code, 0)
  const headers = { authorization: `Bearer ${stdout.trim()}` }
  t.equal((await fetch(`${origin}/api/mind/profiles`, { method: 'PATCH', headers, body })).status, 200)
})

/** A request whose head has arrived for sure, and whose body is still to come. */
async function openRequest(t: Test, origin: string): Promise<Socket> {
  const socket = connect(Number(new URL(origin).port), 'localhost')
  t.teardown(() => socket.destroy())
  const head = ['PATCH /api/mind/profiles HTTP/1.1', 'Host: localhost', `Content-Length: ${body.length}`]
  socket.write([...head, 'Expect: 100-continue', '', ''].join('\r\n'))
  const [answer] = await once(socket, 'data')
  t.match(String(answer), /^HTTP\/1\.1 100 Continue/)
  return socket
}

const body = '{"profiles":[{"id":5,"lang":"xx"}]}'

/** Resolves when nobody listens there any more. */
async function refusesConnections(origin: string): Promise<void> {
  for (;;) {
    const socket = connect(Number(new URL(origin).port), 'localhost')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (!isOpen) return
  }
}

t.test('SIGTERM: a running request finishes, new ones are refused, exit 0', async (t) => {
  const { process, origin, finished } = await startCommand(t, [], { env: { MOCK_AUTH: 'off' } })
  const request = await openRequest(t, origin)
  process.kill('SIGTERM')
  await refusesConnections(origin)
  request.write(body)
  const answer = await text(request)
  t.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
  t.match(answer, '{"results":[{"id":5,"success":true}]}')
  t.match(await finished, { code: 0, signal: null, stderr: '' })
})

/** Resolves with what `ready` answers once it is not ready any more. */
async function notReady(origin: string): Promise<Response> {
  for (;;) {
    const answer = await fetch(`${origin}/__admin/health/ready`)
    if (answer.status !== 200) return answer
    await answer.arrayBuffer()
  }
}

// [health.drain]
t.test(
  'SIGTERM with --drain: not ready, calls are still taken on connections that then close, exit 0',
  async (t) => {
    const args = ['--auth', 'off', '--drain', '2']
    const { process, origin, finished } = await startCommand(t, args, { isMeasured: true })
    const before = await fetch(`${origin}/api/mind/profile`)
    t.equal(before.headers.get('connection'), 'keep-alive')
    await before.arrayBuffer()
    const request = await openRequest(t, origin)
    const began = Date.now()
    process.kill('SIGTERM')
    t.match(await (await notReady(origin)).json(), { reason: 'the mock is stopping' })
    t.equal((await fetch(`${origin}/__admin/health/live`)).status, 200)
    const call = await fetch(`${origin}/api/mind/profiles`, { method: 'PATCH', body })
    t.strictSame([call.status, call.headers.get('connection')], [200, 'close'])
    await refusesConnections(origin)
    t.ok(Date.now() - began >= 1900, 'calls were taken for as long as was said')
    request.write(body)
    t.match(await text(request), '{"results":[{"id":5,"success":true}]}')
    t.match(await finished, { code: 0, signal: null, stderr: '' })
  },
)

t.test('a second signal does not wait for the end of the drain', async (t) => {
  for (const signals of [['SIGTERM', 'SIGTERM'], ['SIGTERM', 'SIGINT'], ['SIGINT']] as const) {
    const { process, origin, finished } = await startCommand(t, ['--drain', '600'])
    process.kill(signals[0])
    if (signals[1]) {
      await notReady(origin)
      process.kill(signals[1])
    }
    t.match(await finished, { code: 0, signal: null, stderr: '' })
  }
})

t.test('SIGINT: neither a request that never ends nor an idle connection holds up the exit', async (t) => {
  const { process, origin, finished } = await startCommand(t, ['--auth', 'off'])
  await (await fetch(`${origin}/__admin/health`)).text()
  await openRequest(t, origin)
  process.kill('SIGINT')
  t.match(await finished, { code: 0, signal: null, stderr: '' })
})
