import t from 'tap'
import { startCommand } from './support/command.ts'
import { hostileRequests, secret, text, token } from './support/hostile-requests.ts'
import { type RawAnswer, sendRaw } from './support/raw-request.ts'

// A program of its own may take its time on a busy machine.
t.setTimeout(120_000)

const holds = (what: string) => (value: unknown) => JSON.stringify(value).includes(what)

/** What is wrong with an answer to a hostile request. */
function wrongWith({ status, headers, body }: RawAnswer): string[] {
  const found: string[] = []
  if (status === 0) found.push('no answer')
  if (status >= 500) found.push(`status ${status}`)
  if (/"statusCode":/.test(body) && /"error":/.test(body)) found.push("the framework's own error body")
  if (holds(secret)(headers + body) || holds(text)(headers + body)) found.push('what was sent')
  if (status >= 400 && !/"(message|success)":/.test(body)) found.push(`no reason: ${body.slice(0, 200)}`)
  return found
}

t.test(
  'hostile requests are answered without 5xx, without the framework showing, without secrets',
  async (t) => {
    const { origin, process, finished } = await startCommand(t, ['--log-level', 'debug'], {
      isMeasured: true,
    })
    for (const [name, list] of Object.entries(hostileRequests)) {
      const wrong: string[] = []
      for (const [what, bytes] of list) {
        for (const problem of wrongWith(await sendRaw(origin, bytes))) wrong.push(`${what}: ${problem}`)
      }
      t.strictSame(wrong, [], name)
    }

    const ask = async (path: string, headers = {}) =>
      (await fetch(`${origin}/__admin${path}`, { headers })).text()
    t.match(await ask('/health'), '"status":"ok"', 'the mock is still there')
    const { requests } = JSON.parse(await ask('/requests')) as { requests: unknown[] }
    t.ok(requests.length > 100, 'calls are in the journal')
    t.strictSame(requests.filter(holds(secret)), [], 'no secret is in the journal')
    t.strictSame(requests.filter(holds(token)), [], 'nor a token')
    const sandboxed = await ask('/requests', { 'x-mock-sandbox': 'a' })
    t.match(sandboxed, '"sandbox":"a"')
    t.notMatch(sandboxed, secret, 'nor in that of a sandbox')
    const state = await ask('/state')
    t.notMatch(state, secret, 'no secret is in the state')
    t.notMatch(state, 'polluted', 'no forbidden key was taken')

    process.kill('SIGTERM')
    const { code, stdout, stderr } = await finished
    t.strictSame([code, stderr], [0, ''])
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
    t.ok(lines.length > 100, 'calls are logged')
    t.strictSame(
      lines.filter((line) => line.includes(secret) || line.includes(text)),
      [],
      'no secret is in the log',
    )
    t.strictSame(
      lines.filter((line) => line.includes(token)),
      [],
      'no token is in the log',
    )
    t.strictSame(
      lines.filter((line) => JSON.parse(line).level >= 50),
      [],
      'nothing unexpected is in the log',
    )
  },
)
