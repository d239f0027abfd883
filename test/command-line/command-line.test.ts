import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import t, { type Test } from 'tap'
import { runCommandLine } from '../../src/command-line/command-line.ts'
import { parseSeed } from '../../src/seed/seed.ts'
import { flagOf, type Given, options } from '../../src/settings.ts'
import { createTestMock } from '../support/mock.ts'
import { forgetSettingsOfEnvironment, runHere } from '../support/run-here.ts'
import { profileWith, seedWith } from '../support/seeds.ts'

forgetSettingsOfEnvironment()

t.test('--help lists every flag with its meaning and its variables, exit 0', async (t) => {
  const { code, stdout, stderr } = await runHere(t, ['--help'])
  const text = stdout.replace(/\s+/g, ' ')
  for (const [name, { value, env, help }] of Object.entries(options)) {
    const flag = value === undefined ? flagOf(name) : `${flagOf(name)} <${value}>`
    t.match(text, `${flag} ${help} (${env.join(', ')}`, name)
  }
  t.match(text, /--config <file> .*MOCK_CONFIG/)
  t.match(text, /token .*seed /)
  t.strictSame([code, stderr], [0, ''])
})

const misused: [args: string[], sentence: string][] = [
  [['--prot', '1'], "unknown option '--prot'; did you mean --port?"],
  [['--jwt-secrte', 'x'], "unknown option '--jwt-secrte'; did you mean --jwt-secret?"],
  [['--auth-mode', 'any'], "unknown option '--auth-mode'"],
  [['token', 'admin', '--sed', 'x'], "unknown option '--sed'; did you mean --seed?"],
  [['--port'], "option '--port <number>' argument missing"],
  [['token'], "missing required argument 'who'"],
  [['--port', '80x'], '--port must be a whole number from 0 to 65535.'],
  [['--port', '65536'], '--port must be a whole number from 0 to 65535.'],
  [['--body-limit', '0'], '--body-limit must be a whole number from 1 to 268435456.'],
  [['--auth', 'none'], '--auth must be one of strict, any, off.'],
  [['--log-level', 'loud'], '--log-level must be one of debug, info, warn, error, silent.'],
  [
    ['--cors-origin', 'https://a.example', '--cors-origin', 'b.example'],
    '--cors-origin must be an origin such as https://app.example.com or capacitor://localhost, without a path or a *.',
  ],
  [['--config', 'no.json'], 'The configuration file no.json cannot be read (ENOENT).'],
  [['--seed', 'no.yaml'], 'The seed file no.yaml cannot be read (ENOENT).'],
  [['--watch'], '--watch needs a file to watch; name one with --seed.'],
  [['--https-cert', 'a.pem'], 'HTTPS needs both --https-cert and --https-key.'],
  [
    ['--auth', 'any', '--host', '0.0.0.0'],
    '--auth any lets anybody in, so it cannot listen on 0.0.0.0; use --auth strict or a loopback --host.',
  ],
  [
    ['token', 'boss'],
    'There is no persona boss; the seed has admin, manager, agent, service, and a profile id works too.',
  ],
  [
    ['token', '99'],
    'There is no profile 99; the seed has admin, manager, agent, service, and a profile id works too.',
  ],
  [['health', '--port', '0'], 'With --port 0 nobody can know the port; name the one that was taken.'],
  [['health', '--port', '1'], 'No mock answers at http://127.0.0.1:1.'],
  [
    ['token', 'toString'],
    'There is no persona toString; the seed has admin, manager, agent, service, and a profile id works too.',
  ],
  [['seed', '--profiles', '3'], '--profiles must be a whole number from 4 to 500000.'],
  [
    ['seed', '--profiles', '5', '--random-seed', 'x'],
    /^--random-seed must be a whole number from 0 to \d+\.$/,
  ],
] as [string[], string][]

for (const [args, sentence] of misused) {
  t.test(`${args.join(' ')}: one sentence on standard error, exit 1`, async (t) => {
    t.chdir(t.testdir())
    const { code, stdout, stderr } = await runHere(t, args)
    t.strictSame([code, stdout], [1, ''])
    t.match(stderr.trimEnd(), typeof sentence === 'string' ? new RegExp(`^${escaped(sentence)}$`) : sentence)
  })
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

t.test('an unknown command is refused in one line, exit 1', async (t) => {
  const { code, stdout, stderr } = await runHere(t, ['tokn', 'admin'])
  t.strictSame([code, stdout], [1, ''])
  t.equal(
    stderr,
    'There is no command tokn; there are token, health, seed, coverage, drift, verify, and none to start.\n',
  )
})

t.test('help with the name of a command is its help, exit 0', async (t) => {
  const { code, stdout } = await runHere(t, ['help', 'seed'])
  t.equal(code, 0)
  t.match(stdout, /^Usage: enneo-mock seed /)
})

t.test('a seed that cannot be used is refused with every fault by path, exit 1', async (t) => {
  const bad = seedWith({ personas: { a: 9 }, profiles: [profileWith(1), profileWith(1)] })
  t.chdir(t.testdir({ 'bad.json': JSON.stringify(bad), 'broken.json': '{"roles"' }))
  t.strictSame(await runHere(t, ['--seed', 'bad.json']), {
    code: 1,
    stdout: '',
    stderr: [
      'The seed file bad.json cannot be used:',
      '  profiles[1].id: 1 is taken by an earlier entry',
      '  personas.a: there is no profile 9',
      '',
    ].join('\n'),
  })
  t.match(await runHere(t, ['--seed', 'broken.json']), {
    code: 1,
    stderr: 'The seed file broken.json is not valid JSON at line 1, column 9.\n',
  })
})

t.test('a busy port is refused with another one to try, exit 1', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  t.strictSame(await runHere(t, ['--port', `${port}`]), {
    code: 1,
    stdout: '',
    stderr: `Port ${port} is in use; stop what runs there or choose another with --port ${port + 1}.\n`,
  })
})

t.test('an empty JWT secret is refused in one sentence, exit 1', async (t) => {
  const { code, stdout, stderr } = await runHere(t, ['token', 'admin', '--jwt-secret', ''])
  t.strictSame([code, stdout], [1, ''])
  t.match(stderr, /^--jwt-secret [^\n]*\.\n$/)
})

/** What a token printed by the command does to a bulk update on a mock with these settings. */
async function statusWith(token: string, given: Given = {}): Promise<number> {
  const app = await createTestMock(given)
  const payload = '{"profiles":[{"id":5}]}'
  const headers = { authorization: `Bearer ${token}` }
  const answer = await app.inject({ method: 'PATCH', url: '/api/mind/profiles', headers, payload })
  await app.close()
  return answer.statusCode
}

const tokens: [args: string[], status: number][] = [
  [['token', 'admin'], 200],
  [['token', 'agent'], 403],
  [['token', '2'], 200],
  [['token', '3'], 403],
  [['token', '24'], 403],
  [['token', 'admin', '--jwt-secret', 'another secret'], 401],
  [['--jwt-secret', 'another secret', 'token', 'admin'], 401],
  [['token', 'boss', '--seed', 'seed.json'], 200],
  [['--config', 'config.yaml', 'token', 'boss'], 200],
]

for (const [args, status] of tokens) {
  t.test(`${args.join(' ')} prints a token that answers ${status}`, async (t) => {
    const seed = seedWith({ personas: { boss: 2 }, profiles: [profileWith(2)] })
    t.chdir(t.testdir({ 'seed.json': JSON.stringify(seed), 'config.yaml': 'seed: seed.json' }))
    const { code, stdout, stderr } = await runHere(t, args)
    t.strictSame([code, stderr], [0, ''])
    t.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    t.equal(await statusWith(stdout.trim()), status)
  })
}

/** The calls that the banner shows, as requests. */
const calls = (banner: string) =>
  [...banner.matchAll(/curl -X (\w+) (\S+) -H '([^:]+): ([^']+)' -H '([^:]+): ([^']+)' -d '([^']+)'/g)].map(
    ([, method = '', url = '', name1 = '', value1 = '', name2 = '', value2 = '', body = '']) => ({
      url,
      options: { method, headers: { [name1]: value1, [name2]: value2 }, body },
    }),
  )

/** Starts the mock here, makes the calls that its banner shows, and ends it by a signal. */
async function startHere(t: Test, args: string[]) {
  const statuses: number[] = []
  let banner = ''
  const run = await runHere(t, ['--port', '0', '--log-level', 'silent', ...args], (stdout) => {
    if (banner !== '' || !stdout.includes('More:')) return
    banner = stdout
    const answers = calls(banner).map(({ url, options }) => fetch(url, options))
    const done = answers.map((answer) => answer.then(({ status }) => statuses.push(status)))
    void Promise.allSettled(done).then(() => process.emit('SIGTERM'))
  })
  return { ...run, banner, statuses: statuses.sort() }
}

t.test('a start prints calls that do as they say, and ends by a signal, exit 0', async (t) => {
  const { code, stderr, banner, statuses } = await startHere(t, [])
  t.strictSame([code, stderr, statuses], [0, '', [200, 403]])
  t.match(banner, /^enneo-mock \d+\.\d+\.\d+, an unofficial mock/)
  t.strictSame(
    [...banner.matchAll(/^ {2}(\w+) +(\d) {2}\S/gm)].map(([, name, id]) => [name, Number(id)]),
    [
      ['admin', 1],
      ['manager', 2],
      ['agent', 3],
      ['service', 4],
    ],
  )
  t.notMatch(banner, 'made up')
})

t.test('a start beyond loopback prints the secrets it made up, new ones each time', async (t) => {
  const secrets = async () => {
    const { code, banner, statuses } = await startHere(t, ['--host', '0.0.0.0'])
    t.strictSame([code, statuses], [0, [200, 403]])
    return [...banner.matchAll(/(JWT secret|admin token) +(\S{32}) \(made up/g)].map(([, , secret]) => secret)
  }
  const all = [...(await secrets()), ...(await secrets())]
  t.equal(new Set(all).size, 4)
})

t.test('seed makes a document of that size, the same one for the same numbers', async (t) => {
  t.chdir(t.testdir())
  const first = await runHere(t, ['seed', '--profiles', '30'])
  t.strictSame([first.code, first.stderr], [0, ''])
  t.equal(parseSeed(JSON.parse(first.stdout)).profiles.length, 30)
  t.equal((await runHere(t, ['seed', '--profiles', '30'])).stdout, first.stdout)
  t.not((await runHere(t, ['seed', '--profiles', '30', '--random-seed', '2'])).stdout, first.stdout)

  const written = await runHere(t, ['seed', '--profiles', '30', '--out', 'made.json'])
  t.strictSame(written, {
    code: 0,
    stdout: '',
    stderr: 'made.json holds 30 profiles; start with --seed made.json\n',
  })
  t.equal(readFileSync('made.json', 'utf8'), first.stdout)
  t.strictSame(await runHere(t, ['seed', '--profiles', '30', '--out', 'no/made.json']), {
    code: 1,
    stdout: '',
    stderr: 'The file no/made.json cannot be written (ENOENT).\n',
  })
})

t.test('work for a quiet time is called for while a server serves, or once it has ended', async (t) => {
  const serve = async (look: () => void, onServing: () => void) => {
    const written = t.capture(process.stdout, 'write', () => {
      look()
      return true
    })
    await runCommandLine(['--port', '0', '--log-level', 'silent'], onServing)
    written.restore()
  }
  const stop = () => void process.emit('SIGTERM')
  // It would serve for ever if it were not called.
  await serve(() => {}, stop)
  let calls = 0
  await serve(stop, () => {
    calls += 1
  })
  t.equal(calls, 1)
})

t.test('an error that nobody foresaw is not hidden', async (t) => {
  const { restore } = t.capture(console, 'log', () => {
    throw new Error('broken pipe')
  })
  await t.rejects(runCommandLine(['token', 'admin']), { message: 'broken pipe' })
  restore()
})
