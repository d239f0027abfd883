import t, { type Test } from 'tap'
import { createMock } from '../../src/library/create-mock.ts'
import { openLogStream } from '../../src/traffic/log-stream.ts'
import { startCommand } from '../support/command.ts'

/** What is written for one line of the log, without its time and colours. */
async function written(entry: object, isTTY = false): Promise<string> {
  const lines: string[] = []
  const out = { isTTY, write: (text: string) => lines.push(text) > 0 } as unknown as NodeJS.WriteStream
  const stream = await openLogStream('pretty', out)
  stream?.write(`${JSON.stringify({ level: 30, time: 0, pid: 1, hostname: 'h', ...entry })}\n`)
  return lines.join('').replace(/^\[[\d:]+\] /, '')
}

const call = { msg: 'call', method: 'PATCH', path: '/api/mind/profiles' }
const lines: [what: string, entry: object, line: string][] = [
  ['a call', { ...call, status: 200, userId: 1 }, 'INFO: PATCH /api/mind/profiles 200 (user 1)\n'],
  [
    'a refused call of a sandbox',
    { ...call, status: 403, userId: 3, sandbox: 'a', reason: 'the role Agent may not' },
    'INFO: PATCH /api/mind/profiles 403 (user 3, sandbox a): the role Agent may not\n',
  ],
  [
    'a call with violations',
    {
      ...call,
      status: 200,
      violations: [{ message: 'x is ignored' }, { message: 'y is ignored' }],
      violationCount: 7,
    },
    'INFO: PATCH /api/mind/profiles 200: x is ignored; y is ignored; and 5 more\n',
  ],
  [
    'a refused body, whose reason has what did not fit',
    {
      ...call,
      status: 400,
      reason: 'id is required',
      violations: [{ message: 'id is required' }],
      violationCount: 1,
    },
    'INFO: PATCH /api/mind/profiles 400: id is required\n',
  ],
  [
    'a broken connection',
    { ...call, status: 0, userId: 1, fault: 'fault-1' },
    'INFO: PATCH /api/mind/profiles no answer (user 1, fault fault-1)\n',
  ],
  [
    'an answer that breaks the document',
    {
      ...call,
      level: 50,
      msg: 'the answer breaks the document',
      status: 200,
      breaches: [{ message: 'id is required' }],
    },
    'ERROR: PATCH /api/mind/profiles 200: the answer breaks the document; id is required\n',
  ],
  [
    'a seed that cannot be used',
    { level: 50, msg: 'the last good one stays', seed: 'a.json', reason: 'no JSON' },
    'ERROR: the last good one stays; no JSON\n',
  ],
  [
    'what would move the cursor',
    { ...call, path: '/\u001b[2J', status: 404 },
    'INFO: PATCH /\\u001b[2J 404\n',
  ],
]

for (const [what, entry, line] of lines) {
  t.test(`${what} is one line for people`, async (t) => t.equal(await written(entry), line))
}

t.test('an unexpected error keeps its stack', async (t) => {
  const err = { type: 'Error', message: 'm', stack: 'Error: m\n    at here' }
  t.match(await written({ level: 50, msg: 'unexpected error', err }), /^ERROR: unexpected error\n.*at here/s)
})

t.test('at a terminal it has colours', async (t) =>
  t.match(await written({ ...call, status: 200 }, true), '\u001b['),
)

const asked: [format: 'auto' | 'pretty' | 'json', isTTY: boolean, isForPeople: boolean][] = [
  ['auto', true, true],
  ['auto', false, false],
  ['pretty', false, true],
  ['json', true, false],
]

for (const [format, isTTY, isForPeople] of asked) {
  t.test(
    `${format} is for ${isForPeople ? 'people' : 'programs'} ${isTTY ? 'at' : 'without'} a terminal`,
    async (t) => {
      const out = { isTTY, write: () => true } as unknown as NodeJS.WriteStream
      t.equal((await openLogStream(format, out)) !== undefined, isForPeople)
    },
  )
}

t.test('where the printer is not installed it stays JSON', async (t) => {
  const out = { isTTY: true, write: () => true } as unknown as NodeJS.WriteStream
  t.equal(await openLogStream('auto', out, async () => Promise.reject(new Error('not found'))), undefined)
})

/** What a mock of this process logs of some calls. */
async function loggedHere(t: Test, logLevel: 'info' | 'warn'): Promise<string> {
  let text = ''
  const { restore } = t.capture(process.stdout, 'write', (chunk: unknown) => {
    text += chunk
    return true
  })
  const mock = await createMock({ logFormat: 'pretty', logLevel, listen: false })
  const headers = { authorization: `Bearer ${mock.token('admin')}` }
  await mock.fetch(`${mock.url}/profile`, { headers })
  await mock.fetch(`${mock.url}/profile`)
  await mock.fetch(new URL('/profiles?password=p', mock.url))
  await mock.close()
  restore()
  return text
}

t.test('people see every call with its reason, also beside the API, and without query', async (t) => {
  const text = await loggedHere(t, 'info')
  t.match(text, /GET \/api\/mind\/profile 200 \(user 1\)\n/)
  t.match(text, /GET \/api\/mind\/profile 401: .+\n/)
  t.match(text, /GET \/profiles 404: the API is below .*; did you mean \/api\/mind\/profiles\?\n/)
  t.notMatch(text, 'password')
  t.equal(await loggedHere(t, 'warn'), '')
})

t.test('a process whose output is no terminal logs JSON, and what is asked for otherwise', async (t) => {
  for (const [args, line] of [
    [[], /^\{"level":30,.*"path":"\/nothing".*\}$/m],
    [['--log-format', 'pretty'], /^\[[\d:]+\] INFO: GET \/nothing 404: /m],
  ] as const) {
    const { origin, printed, process } = await startCommand(t, [...args])
    await fetch(`${origin}/nothing`)
    await printed(line)
    process.kill('SIGKILL')
  }
})
