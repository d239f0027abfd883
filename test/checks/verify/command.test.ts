import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { StoredProfile } from '../../../schemas/seed.ts'
import type { Report } from '../../../src/checks/verify/report.ts'
import { verify } from '../../../src/checks/verify/verify.ts'
import { developmentSecret } from '../../../src/start.ts'
import { type Command, runCommand } from '../../support/command.ts'
import { forgetSettingsOfEnvironment, runHere } from '../../support/run-here.ts'
import {
  type Alter,
  allCredentials,
  fullProfile,
  type Given,
  openTarget,
  seedWithProfiles,
  tokens,
} from '../../support/target.ts'

forgetSettingsOfEnvironment()
t.setTimeout(300_000)

const admin = tokens.sign(1)
const writing = [...allCredentials, '--write', '--profile-id', '5']
const base = 'http://localhost:8005/api/mind'

t.test('--help says what is sent and what the exit codes mean, exit 0', async (t) => {
  const { code, stdout } = await runHere(t, ['verify', '--help'])
  const text = stdout.replace(/\s+/g, ' ')
  t.equal(code, 0)
  t.match(text, 'Without --write only requests are sent that cannot change anything')
  t.match(text, '0 all the same, 1 something is different, 2 it could not run')
  for (const flag of ['--token', '--cookie', '--write', '--profile-id', '--json']) t.match(text, flag)
})

/** A server that does not know these paths. */
const without =
  (paths: RegExp): Alter =>
  (request, pass) =>
    paths.test(request.path) ? answerOf(404, { success: false, message: 'no' }) : pass(request)

/** A server that shows one profile without its settings. */
const withoutSettings: Alter = async (request, pass) => {
  const answer = await pass(request)
  if (!request.path.includes('/profile/5')) return answer
  const { settings: _settings, ...view } = JSON.parse(answer.body)
  return { ...answer, body: JSON.stringify(view) }
}

const { type: _type, ...withoutType } = fullProfile

const answerOf = (status: number, body: unknown, headers = {}): Given => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

const noUrl = 'The base URL must be an http or https address such as http://localhost:8005/api/mind.'

const noUserInfo = 'The base URL must hold no name or password: sign in with --token or --cookie.'
const noQuery = 'The base URL must end with its path: leave out what begins at ? or #.'

const noFile = (kind: string, code: string) =>
  `The file that --${kind} names after @ cannot be read (${code}); correct its path.`

const misused: [args: string[], sentence: string][] = [
  [[], "missing required argument 'base URL'"],
  [['localhost:8005'], noUrl],
  [['mock'], noUrl],
  [['ftp://localhost/api/mind'], noUrl],
  [['http://me:secret@localhost/api/mind'], noUserInfo],
  [['http://me@localhost/api/mind'], noUserInfo],
  [['http://localhost/api/mind?a=b'], noQuery],
  [['http://localhost/api/mind#a'], noQuery],
  [[base, '--token', 'a', '--token', 'admin=b'], '--token is given twice for admin; leave one out.'],
  [
    [base, '--cookie', 'agent=a', '--token', 'agent=a', '--cookie', 'agent=b'],
    '--cookie is given twice for agent; leave one out.',
  ],
  [[base, '--tokn', 'x'], "unknown option '--tokn'; did you mean --token?"],
  [[base, '--write', '--token', admin], '--write needs --profile-id <id> of the profile it may change.'],
  [[base, '--profile-id', '5', '--token', admin], '--profile-id is for --write; add it, or leave both out.'],
  [
    [base, '--write', '--profile-id', 'five', '--token', admin],
    '--profile-id must be a whole number from 1 to 2147483647.',
  ],
  [
    [base, '--write', '--profile-id', '5'],
    '--write needs --token <token> of somebody who can put back what was changed.',
  ],
  [
    [base, '--write', '--profile-id', '5', '--token', `agent=${admin}`],
    '--write needs --token <token> of somebody who can put back what was changed.',
  ],
  [[base, '--token', '@no-such-file'], noFile('token', 'ENOENT')],
  [[base, '--cookie', 'agent=@.'], noFile('cookie', 'EISDIR')],
  [[base, '--token', 'agent='], '--token must be one word of plain characters.'],
  [[base, '--token', 'two words'], '--token must be one word of plain characters.'],
]

for (const [args, sentence] of misused) {
  t.test(`verify ${args.filter((arg) => arg.length < 60).join(' ')}: one sentence, exit 2`, async (t) => {
    t.strictSame(await runHere(t, ['verify', ...args]), { code: 2, stdout: '', stderr: `${sentence}\n` })
  })
}

t.test('a credential with an equals sign in it is taken whole', async (t) => {
  const { base, arrived } = await openTarget(t, () => answerOf(401, {}))
  for (const given of ['mysecrettoken==', 'sid=abcdef', 'Agent=abcdef']) {
    const { code, stdout, stderr } = await runHere(t, ['verify', base, '--token', given])
    t.strictSame([code, stdout], [2, ''])
    t.equal(stderr, 'The target does not take the credential for admin (401); get a fresh one.\n')
    t.equal(arrived.at(-1)?.headers.authorization, `Bearer ${given}`)
  }
  const ofAgent = await runHere(t, ['verify', base, '--cookie', 'agent=sid=abcdef=='])
  t.match(ofAgent.stderr, 'The target does not take the credential for agent (401)')
  t.equal(arrived.at(-1)?.headers.cookie, 'connect.sid=sid=abcdef==')
})

t.test('a credential can be the first line of a file, and is shown no more than another', async (t) => {
  const folder = t.testdir({ admin: `  ${admin} \r\nsecond line\n`, empty: '\n' })
  const { base, arrived } = await openTarget(t, (request, pass) =>
    request.path.endsWith('/profile') ? pass(request) : answerOf(403, { message: admin }),
  )
  const flags = ['--json', '--token', `@${folder}/admin`, '--cookie', `agent=@${folder}/admin`]
  const { stdout } = await runHere(t, ['verify', base, ...flags])
  t.ok(arrived.some(({ headers }) => headers.authorization === `Bearer ${admin}`))
  t.ok(arrived.some(({ headers }) => headers.cookie === `connect.sid=${admin}`))
  t.notOk(stdout.includes(admin))
  t.match(await runHere(t, ['verify', base, '--token', `@${folder}/empty`]), {
    code: 2,
    stderr: '--token must be one word of plain characters.\n',
  })
})

t.test('an address where nobody answers: one sentence, exit 2', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  for (const flags of [[], ['--token', admin]]) {
    t.strictSame(await runHere(t, ['verify', `http://127.0.0.1:${port}/`, ...flags]), {
      code: 2,
      stdout: '',
      stderr: `Nobody answers at http://127.0.0.1:${port}/api/mind (ECONNREFUSED); start the service or correct the address.\n`,
    })
  }
})

t.test('a certificate that nobody vouches for: the sentence says what to set, exit 2', async (t) => {
  const folder = t.testdir({})
  const [keyFile, certFile] = [`${folder}/key.pem`, `${folder}/cert.pem`]
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const names = ['-subj', '/CN=localhost', '-keyout', keyFile, '-out', certFile]
  try {
    execFileSync('openssl', ['req', '-x509', ...kind, ...names], { stdio: 'pipe' })
  } catch (error) {
    t.pass('the sentence', { skip: `no certificate could be made with openssl: ${(error as Error).message}` })
    return
  }
  const server = createSecureServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  t.match(await runHere(t, ['verify', `https://127.0.0.1:${port}`]), {
    code: 2,
    stdout: '',
    stderr: /^The certificate of https:\S+ is not trusted \(\w+\); name [^\n]* NODE_EXTRA_CA_CERTS\.\n$/,
  })
})

t.test('a port that browsers do not know is told like an address where nobody answers, exit 2', async (t) => {
  const { code, stderr } = await runHere(t, ['verify', 'http://127.0.0.1:1/api/mind'])
  t.match(stderr, /^Nobody answers at [^\n]+\.\n$/)
  t.equal(code, 2)
})

const page = (status: number, headers = {}): Given => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body: '<h1>Log in</h1>',
})

const noApis: [name: string, came: string, answer: Given][] = [
  ['another path of it', '404, with JSON that is no profile', answerOf(404, { message: 'no such route' })],
  ['a page to sign in', '200, with text/html', page(200)],
  ['a gateway that wants a password', '401, with text/html', page(401)],
  [
    'a redirect',
    '302, a redirect, with nothing in it',
    { status: 302, headers: { location: '/' }, body: '' },
  ],
  ['a broken server', '500, with text/html', page(500)],
  ['a server of something else', '200, with JSON that is no profile', answerOf(200, { id: 'abc' })],
  ['bytes without a type', '200, with no content type', { status: 200, headers: {}, body: '?' }],
]

for (const [name, came, answer] of noApis) {
  for (const flags of [[], ['--token', admin]]) {
    t.test(`${name} is not the API, ${flags.length > 0 ? 'with' : 'without'} a token: exit 2`, async (t) => {
      const { base, arrived } = await openTarget(t, () => answer)
      t.strictSame(await runHere(t, ['verify', base, ...flags]), {
        code: 2,
        stdout: '',
        stderr: `GET /profile answered ${came}, so this is not the API: check the base URL, such as its path /api/mind.\n`,
      })
      t.equal(arrived.length, 1)
    })
  }
}

t.test('a server that lets everybody in is different, not no API', async (t) => {
  const { base } = await openTarget(t, (request, pass) =>
    pass({ ...request, headers: { ...request.headers, authorization: `Bearer ${admin}` } }),
  )
  const { code, stdout, stderr } = await runHere(t, ['verify', base, '--json'])
  t.strictSame([code, stderr], [1, ''])
  const { cases }: Report = JSON.parse(stdout)
  const read = cases.find(({ name }) => name === 'GET /profile without sign-in answers 401')
  t.strictSame(
    read?.differences,
    [{ what: 'status', expected: '401', got: '200' }],
    'and nothing of its data',
  )
})

type Beforehand = [name: string, flags: string[], sentence: string, alter?: Alter]

const beforehand: Beforehand[] = [
  [
    'a token that the target refuses',
    ['--token', 'not-a-token'],
    'The target does not take the credential for admin (401); get a fresh one.',
  ],
  [
    'an agent who may update profiles',
    ['--token', `agent=${tokens.sign(2)}`],
    'The caller for agent holds updateSpecificProfile, so it cannot stand for agent; sign in as somebody else.',
  ],
  [
    'an administrator who may not',
    ['--cookie', tokens.sign(3)],
    'The caller for admin does not hold updateSpecificProfile, so it cannot stand for admin; sign in as somebody else.',
  ],
  [
    'a caller as the profile to write',
    ['--token', admin, '--write', '--profile-id', '1'],
    'Profile 1 is a caller of this run; name another one with --profile-id.',
  ],
  [
    'a profile that is not there',
    ['--token', admin, '--write', '--profile-id', '999'],
    'GET /profile/999?includeRawData=true answered 404 and not that profile, so that nothing could be put back; name another profile with --profile-id.',
  ],
  ...['{"a":[{"__proto__":{"x":1}}]}', '{"__proto__":1}', '{"constructor":{"prototype":{"x":1}}}'].map(
    (rawData): Beforehand => [
      `a profile with ${rawData}, whose keys reach a prototype`,
      ['--token', admin, '--write', '--profile-id', '5'],
      'Profile 5 has a key __proto__ or constructor.prototype, which cannot be put back safely, so that nothing could be put back; name another profile with --profile-id.',
      (request, pass) =>
        /\/profile\/5/.test(request.path)
          ? answerOf(200, `{"id":5,"firstName":"A","settings":{},"rawData":${rawData}}`)
          : pass(request),
    ],
  ),
  [
    'a server that hangs up at once',
    [],
    "GET /profile got the connection ended without a whole answer; is that the API's base URL?",
    () => ({ status: 0, headers: {}, body: '' }),
  ],
  [
    'a server that hangs up when the profile is read',
    ['--token', admin, '--write', '--profile-id', '5'],
    'GET /profile/5?includeRawData=true got the connection ended without a whole answer, so that nothing could be put back; name another profile with --profile-id.',
    (request, pass) =>
      /\/profile\/5/.test(request.path) ? { status: 0, headers: {}, body: '' } : pass(request),
  ],
]

for (const [name, flags, sentence, alter] of beforehand) {
  t.test(`${name}: one sentence, exit 2, nothing written`, async (t) => {
    const target = await openTarget(t, alter)
    t.strictSame(await runHere(t, ['verify', `${target.base}/`, ...flags]), {
      code: 2,
      stdout: '',
      stderr: `${sentence}\n`,
    })
    t.strictSame(
      target.arrived.filter(({ method }) => method !== 'GET'),
      [],
    )
  })
}

t.test(
  'the report in text begins with the verdict and ends with why cases were not run, exit 0',
  async (t) => {
    const { base, origin } = await openTarget(t)
    const { code, stdout, stderr } = await runHere(t, ['verify', origin, '--token', admin])
    t.strictSame([code, stderr], [0, ''])
    t.match(
      stdout,
      new RegExp(`^${base}: all \\d+ cases that ran are the same; \\d+ are not applicable\\.\\n`),
    )
    t.match(
      stdout,
      /\| S, the published document \| \d+ \| 0 \| \d+ \|\n\| P, .*\n\| A, assumptions of this project \|/,
    )
    t.match(stdout, /\n## Not applicable\n\n- \d+: has items: needs --write --profile-id <id>\n/)
    t.match(stdout, /- \d+: needs --token agent=<token>\n/)
    t.match(stdout, /- \d+: needs --cookie <value>\n/)
    t.notMatch(stdout, '## Different')
  },
)

t.test(
  'the report in text names each different case by source, with what was expected and what came, exit 1',
  async (t) => {
    const { base } = await openTarget(t, async (request, pass) => {
      const answer = await pass(request)
      return answer.status === 401 ? answerOf(403, { success: false, ' ': '\u001b[31m\u2028' }) : answer
    })
    const { code, stdout, stderr } = await runHere(t, ['verify', base])
    t.strictSame([code, stderr], [1, ''])
    t.match(stdout, /^http:\S+: \d+ of \d+ cases are different; /)
    t.match(
      stdout,
      [
        '### PATCH /profiles with an empty session cookie answers 401',
        '',
        'authentication.yaml, rule: signin.refused',
        '',
        '    status: expected 401, got 403',
        '    header www-authenticate: expected "Bearer", got nothing',
      ].join('\n'),
    )
    t.match(stdout, '    body. : expected nothing, got "\\u001b[31m\\u2028"\n')
    t.match(stdout, /## Different: A, [^\n]*\n\nNothing public says these\./)
    t.ok(stdout.indexOf('## Different: S') < stdout.indexOf('## Different: P'))
    t.ok(stdout.indexOf('## Different: P') < stdout.indexOf('## Different: A'))
  },
)

t.test('what a terminal would obey is spelt out wherever the target says it', async (t) => {
  const name = 'a\u001b[31m\u202e'
  let updates = 0
  const { base } = await openTarget(
    t,
    async (request, pass) => {
      const answer = await pass(request)
      if (request.method === 'PATCH' && answer.status === 200) updates++
      return /\/profile\/5\?/.test(request.path)
        ? answerOf(200, { ...JSON.parse(answer.body), [name]: `no time ${updates}` })
        : answer
    },
    await seedWithProfiles(fullProfile),
  )
  const { code, stdout, stderr } = await runHere(t, ['verify', base, ...writing])
  t.equal(code, 2)
  t.match(stderr, /^PROFILE 5 MAY NOT BE AS IT WAS \(a\\u001b\[31m\\u202e/)
  t.match(stdout, /^\*\*PROFILE 5 MAY NOT BE AS IT WAS \(a\\u001b\[31m\\u202e/)
  t.notMatch(stdout + stderr, /[^\P{C}\n]/u)
})

t.test('--json prints the report as JSON and nothing else', async (t) => {
  const { base } = await openTarget(t)
  const { code, stdout, stderr } = await runHere(t, ['verify', base, '--json'])
  const { target, counts, sources, cases }: Report = JSON.parse(stdout)
  t.strictSame([code, stderr, target], [0, '', base])
  t.equal(cases.length, counts.same + counts.different + counts.notApplicable)
  t.strictSame(
    Object.values(sources).reduce((sum, { same }) => sum + same, 0),
    counts.same,
  )
  t.match(
    cases.find(({ name }) => name === 'PATCH /profiles without sign-in answers 401'),
    {
      file: 'authentication',
      source: 'P',
      rule: 'signin.refused',
      verdict: 'not applicable',
      reason: 'has items',
    },
  )
  t.match(
    cases.find(({ name }) => name === 'GET /health needs no sign-in'),
    { verdict: 'same' },
  )
})

t.test('a read that somebody else than the persona made says so', async (t) => {
  const { base } = await openTarget(t)
  const { stdout } = await runHere(t, ['verify', base, '--json', '--token', admin])
  const { cases }: Report = JSON.parse(stdout)
  const read = cases.find(({ name }) => name === 'GET /profiles with format=full shows settings')
  t.match(read, { verdict: 'same', reason: undefined, note: 'read as admin' })
  t.strictSame(
    cases.filter(({ verdict, reason }) => (verdict === 'not applicable') !== (reason !== undefined)),
    [],
    'a reason says why a case is not applicable, and nothing else',
  )
  const report = (await runHere(t, ['verify', base, '--token', admin])).stdout
  t.match(report, /\n\n\d+ reads were made as somebody else than the case says, for want of a token\.\n/)
  t.notMatch((await runHere(t, ['verify', base, ...allCredentials])).stdout, 'for want of a token')
})

t.test('no credential is shown, though the target repeats each in what it answers', async (t) => {
  const cookie = 's%3Aabc%2Bdef.%22ghi'
  const given = [
    ...Object.entries({ manager: 2, agent: 3, service: 4 }).flatMap(([name, id]) => [
      '--token',
      `${name}=${tokens.sign(id)}`,
    ]),
    ...['--token', admin, '--cookie', cookie, '--jwt-secret', 'a secret of ours'],
  ]
  const { base } = await openTarget(t, async (request, pass) => {
    const { authorization = '', cookie: sent = '' } = request.headers
    const answer = await pass(request)
    if (request.path.endsWith('/profile')) return answer
    const echo = { [authorization]: decodeURIComponent(sent), secret: 'a secret of ours', sent }
    return answerOf(answer.status, { message: authorization, echo })
  })
  for (const flags of [['--json'], []]) {
    const { code, stdout, stderr } = await runHere(t, ['verify', base, ...flags, ...given])
    t.equal(code, 1)
    t.match(stdout, '[secret]')
    for (const text of [
      admin,
      tokens.sign(2),
      tokens.sign(3),
      cookie,
      decodeURIComponent(cookie),
      'abc+def',
      'eyJ',
      'of ours',
    ]) {
      t.notOk(`${stdout}${stderr}`.includes(text), text)
    }
  }
})

t.test('no password, token or session that the target shows is repeated', async (t) => {
  const secrets = ['geheim1', 'tok-02', 'geheim3', 's:NEW', 'tok-04', 'geheim5', 'geheim6', 'hash-7']
  const shown = {
    password: 'geheim1',
    token: ['tok-02'],
    profiles: [{ id: 1, settings: { password: 'geheim3' } }],
    session: 'connect.sid=s:NEW.abc',
    refreshToken: 'tok-04',
    passwordHash: 'hash-7',
    jwt: `x${tokens.sign(12)}`,
  }
  const { base } = await openTarget(t, async (request, pass) => {
    const { status } = await pass(request)
    if (request.path === '/api/mind/profile') return pass(request)
    if (status === 403)
      return answerOf(400, '{"a":1,"password":"geheim5","number":{"password": 5,"c":"geheim')
    return status === 400 ? answerOf(400, JSON.stringify([{ password: 'geheim6' }, 1])) : answerOf(200, shown)
  })
  for (const flags of [['--json'], []]) {
    const { code, stdout, stderr } = await runHere(t, ['verify', base, ...flags, ...allCredentials])
    t.equal(code, 1)
    t.match(stdout, '[redacted]')
    t.match(stdout, 'connect.sid=[session]')
    for (const text of [...secrets, 'eyJ']) t.notOk(`${stdout}${stderr}`.includes(text), text)
    if (flags.length === 0) {
      t.match(stdout, '    body.password: expected nothing, got "[redacted]"\n')
      t.match(stdout, '{\\"a\\":1,\\"password\\":\\"[redacted]\\"')
    }
  }
})

t.test('a cookie that cannot be decoded is sent as it is and not shown', async (t) => {
  const { base, arrived } = await openTarget(t, () => answerOf(200, { id: 1 }))
  const { stdout } = await runHere(t, ['verify', base, '--cookie', 'bad%zz'])
  t.ok(arrived.some(({ headers }) => headers.cookie === 'connect.sid=bad%zz'))
  t.notOk(stdout.includes('bad%zz'))
})

const strange: [name: string, body: string][] = [
  ['deeper than the stack', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['half', '{"profiles":[{"id":'],
  ['nothing', ''],
  ['null', 'null'],
  [
    'thousands of unknown keys',
    JSON.stringify(Object.fromEntries(Array.from({ length: 3000 }, (_, key) => [`k${key}`, 1]))),
  ],
  [
    'a thousand bad profiles',
    JSON.stringify({ success: true, profiles: Array.from({ length: 1000 }, () => ({ id: 'x' })) }),
  ],
]

for (const [name, body] of strange) {
  t.test(`answers that are ${name} are differences of a bounded size, exit 1`, async (t) => {
    const { base } = await openTarget(t, (request, pass) =>
      request.path.endsWith('/profile') ? pass(request) : answerOf(200, body),
    )
    const { code, stdout } = await runHere(t, ['verify', base, '--json', '--token', admin])
    t.equal(code, 1)
    const { cases }: Report = JSON.parse(stdout)
    t.strictSame(
      cases.filter(
        ({ differences = [] }) => differences.length > 20 || differences.some(({ got }) => got.length > 320),
      ),
      [],
    )
  })
}

t.test('progress is shown on standard error where somebody watches', async (t) => {
  const { base } = await openTarget(t)
  const isTTY = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY')
  Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true })
  t.teardown(() =>
    isTTY
      ? Object.defineProperty(process.stderr, 'isTTY', isTTY)
      : Reflect.deleteProperty(process.stderr, 'isTTY'),
  )
  const { code, stderr } = await runHere(t, ['verify', base])
  t.equal(code, 0)
  t.match(stderr, /^\r1 of \d+ cases\r2 of \d+ cases\r/)
  t.ok(stderr.endsWith('\r\u001b[K'), 'and is gone at the end')
})

t.test('whatever else goes wrong is told in one sentence that holds no credential, exit 2', async (t) => {
  const { base } = await openTarget(t)
  t.intercept(process.stderr, 'isTTY', {
    get: () => {
      throw new Error(`one\nline about ${admin}`)
    },
  })
  t.match(await runHere(t, ['verify', base, '--token', admin]), {
    code: 2,
    stdout: '',
    stderr:
      'enneo-mock verify broke down (one\\u000aline about [secret]), which is a fault of its own: please report it.\n',
  })
})

t.test('Ctrl-C ends the run after the case under way', async (t) => {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const listening = () => signals.map((signal) => process.listenerCount(signal))
  const before = listening()
  let written = 0
  const { base } = await openTarget(t, (request, pass) => {
    if (request.method === 'PATCH' && request.body.includes('"id":5') && ++written === 3) {
      process.emit('SIGINT')
    }
    return pass(request)
  })
  const { code, stdout, stderr } = await runHere(t, ['verify', base, '--json', ...writing])
  t.strictSame([code, stderr], [2, 'The run was stopped before its end.\n'])
  const { problem, counts, cases }: Report = JSON.parse(stdout)
  t.equal(problem, 'The run was stopped before its end.')
  t.equal(counts.different, 0)
  t.ok(cases.some(({ reason }) => reason === 'was not run, since the run could not go on'))
  t.strictSame(listening(), before)
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  t.test(`${signal} in the middle of a case: what it changed is put back, exit 2`, async (t) => {
    let written = 0
    let command: Command | undefined
    const { base, mock } = await openTarget(t, async (request, pass) => {
      const answer = await pass(request)
      if (request.method === 'PATCH' && request.body.includes('"id":5,"lang"') && ++written === 1)
        command?.process.kill(signal)
      return answer
    })
    const before = (await mock.inject('/__admin/state')).json()
    command = await runCommand(t, ['verify', base, ...writing])
    const ended = await command.finished
    t.match(ended, { code: 2, signal: null, stderr: 'The run was stopped before its end.\n' })
    t.ok(written > 0)
    t.strictSame((await mock.inject('/__admin/state')).json(), before)
  })
}

t.test('a second signal ends the run at once, and tells what was there before', async (t) => {
  let written = 0
  let reads = 0
  let command: Command | undefined
  const { base } = await openTarget(t, async (request, pass) => {
    if (written > 0 && request.path.includes('/profile/5')) {
      command?.process.kill(reads++ === 0 ? 'SIGINT' : 'SIGTERM')
      return answerOf(503, {})
    }
    const answer = await pass(request)
    if (request.method === 'PATCH' && request.body.includes('"id":5,"lang"')) written++
    return answer
  })
  command = await runCommand(t, ['verify', base, ...writing])
  const { signal, stderr, stdout } = await command.finished
  t.strictSame([signal, stdout], ['SIGTERM', ''])
  t.match(
    stderr,
    /^PROFILE 5 MAY NOT BE AS IT WAS \(the run was ended before it could put it back\): [^\n]*\n/,
  )
  t.match(JSON.parse(stderr.split('\n')[1] ?? ''), { profiles: [{ id: 5, lang: 'de' }] })
})

t.test('a second signal goes on to whoever else heeds it', async (t) => {
  // Once from this test, and once more from the command.
  let heard = 0
  const heardAgain = new Promise<void>((resolve) => {
    const listener = () => {
      heard += 1
      if (heard === 2) resolve()
    }
    process.on('SIGHUP', listener)
    t.teardown(() => process.removeListener('SIGHUP', listener))
  })
  let hasEnded = false
  const { base } = await openTarget(t, async (request, pass) => {
    const answer = await pass(request)
    if (!hasEnded && request.method === 'PATCH' && request.body.includes('"id":5,"lang"')) {
      hasEnded = true
      process.emit('SIGINT', 'SIGINT')
      process.emit('SIGHUP', 'SIGHUP')
    }
    return answer
  })
  const { stderr } = await runHere(t, ['verify', base, ...writing])
  t.match(stderr, /^PROFILE 5 MAY NOT BE AS IT WAS [^\n]*\n\{"profiles":\[\{"id":5,"lang":"de"\}\]\}\n/)
  await heardAgain
})

t.test('a second signal while nothing is at stake says nothing', async (t) => {
  let reads = 0
  let command: Command | undefined
  const { base } = await openTarget(t, (request, pass) => {
    if (request.path.endsWith('/profile') || !request.path.includes('/roles/')) return pass(request)
    command?.process.kill(reads++ === 0 ? 'SIGINT' : 'SIGTERM')
    setImmediate(() => command?.process.kill('SIGHUP'))
    return new Promise(() => {})
  })
  command = await runCommand(t, ['verify', base, '--token', admin])
  t.match(await command.finished, { signal: /SIG(INT|HUP)/, stdout: '', stderr: '' })
})

t.test('a target that takes its token back in the middle: the old values are told', async (t) => {
  let hasWritten = false
  const { base, mock } = await openTarget(t, async (request, pass) => {
    if (hasWritten) return answerOf(401, { success: false, message: 'expired' })
    hasWritten = request.method === 'PATCH' && request.body.includes('"id":5,"lang"')
    return pass(request)
  })
  const before = (await mock.inject('/__admin/state/profiles/5')).json()
  const why =
    'GET /profile/5?includeRawData=true answered 401 and not that profile. PROFILE 5 MAY NOT BE AS IT WAS: send PATCH /profiles with the body that is printed.'
  const { code, stdout, stderr } = await runHere(t, ['verify', base, ...writing])
  t.strictSame([code, stderr], [2, `${why}\n`])
  const [first, , body = ''] = stdout.split('\n')
  t.equal(first, `**${why}**`)
  const { profiles } = JSON.parse(body)
  t.match(profiles, [{ id: 5, lang: before.lang }])
})

t.test(
  'a failure in the middle of a case that writes: its change is put back, no other is begun, exit 2',
  async (t) => {
    let hasWritten = false
    let failures = 0
    const { base, mock, arrived } = await openTarget(t, async (request, pass) => {
      if (hasWritten && failures < 3 && request.path.includes('/profile/5')) {
        failures++
        return answerOf(500, { success: false, message: 'no' })
      }
      hasWritten ||= request.method === 'PATCH' && request.body.includes('"lang"')
      return pass(request)
    })
    const before = (await mock.inject('/__admin/state')).json()
    const { code, stdout, stderr } = await runHere(t, ['verify', base, ...writing])
    t.equal(code, 2)
    t.match(stderr, /^GET \/profile\/5\?includeRawData=true answered 500 [^\n]*\n$/)
    t.match(stdout, /^\*\*GET \/profile\/5/)
    t.strictSame((await mock.inject('/__admin/state')).json(), before)
    const items = arrived.filter(({ method, body }) => method === 'PATCH' && body.includes('"id":5'))
    t.ok(items.length < 10, `${items.length} requests with items`)
  },
)

t.test('a target that goes away while it is written to: the profile is named loudly, exit 2', async (t) => {
  const { base, close } = await openTarget(t, async (request, pass) => {
    const answer = await pass(request)
    if (request.method === 'PATCH' && request.body.includes('"lang"')) close()
    return answer
  })
  const { code, stdout, stderr } = await runHere(t, ['verify', base, '--json', ...writing])
  t.equal(code, 2)
  t.match(
    stderr,
    /^The target stopped answering \(ECONNREFUSED\)\. PROFILE 5 MAY NOT BE AS IT WAS: send PATCH \/profiles with the body that is printed\.\n$/,
  )
  const { cases }: Report = JSON.parse(stdout)
  t.equal(cases.filter(({ verdict }) => verdict === 'different').length, 1)
})

t.test('a profile that somebody else changes again and again: it is left to them, exit 2', async (t) => {
  const departments = ['b', 'c', 'd', 'e']
  let department = 'a'
  let isChanging = false
  const { base, arrived } = await openTarget(t, async (request, pass) => {
    const answer = await pass(request)
    isChanging ||= request.path === '/api/mind/roles?q=LEAD'
    if (!request.path.includes('/profile/5') || answer.status !== 200) return answer
    if (isChanging) department = departments.shift() ?? department
    return answerOf(200, { ...JSON.parse(answer.body), department })
  })
  const { code, stdout, stderr } = await runHere(t, ['verify', base, '--json', ...writing])
  t.strictSame([code, stderr], [2, 'Profile 5 was changed from outside during the run: look at it.\n'])
  const { cases }: Report = JSON.parse(stdout)
  const different = cases.flatMap(({ differences = [] }) => differences)
  t.match(different, [{ what: 'profile before the case.department', expected: '"a"', got: /"[bc]"/ }])
  t.equal(different.length, 1)
  const since = arrived.findIndex(({ path }) => path === '/api/mind/roles?q=LEAD')
  t.strictSame(
    arrived.slice(since).filter(({ method, body }) => method === 'PATCH' && /\d/.test(body)),
    [],
    'nothing is written any more',
  )
})

t.test('a request that is never answered is a difference, and the others go on', async (t) => {
  const { base } = await openTarget(t, (request, pass) =>
    request.method === 'PATCH' && request.body === '  ' ? new Promise(() => {}) : pass(request),
  )
  const callers = new Map([['admin', { token: admin }]])
  const { cases } = await verify({ target: base, callers, limits: { patienceMs: 3000, mostBytes: 1e6 } })
  t.strictSame(
    cases
      .filter(({ verdict }) => verdict === 'different')
      .map(({ name, differences }) => [name, differences]),
    [
      [
        'PATCH /profiles with blanks only answers 400',
        [{ what: 'answer', expected: 'one', got: 'no answer within 3 s' }],
      ],
    ],
  )
})

t.test('with the secret cases make tokens for the callers of the target, whatever their ids', async (t) => {
  const { base, arrived } = await openTarget(t)
  const { stdout } = await runHere(t, [
    'verify',
    base,
    '--json',
    '--token',
    tokens.sign(2),
    '--jwt-secret',
    developmentSecret,
  ])
  const { cases }: Report = JSON.parse(stdout)
  t.match(
    cases.find(({ name }) => name === 'PATCH /profiles with a token that has exp and jti succeeds'),
    { verdict: 'same' },
  )
  const made = arrived
    .map(({ headers }) => String(headers.authorization).split('.')[1] ?? '')
    .map((payload) => Buffer.from(payload, 'base64url').toString())
  t.ok(made.some((payload) => /"userId":2,.*"jti"/.test(payload)))
  t.notOk(made.some((payload) => /"userId":(1|3),.*"jti"/.test(payload)))
})

const lacking: [
  name: string,
  flags: string[],
  reason: string,
  alter?: Alter | undefined,
  seed?: StoredProfile,
][] = [
  ['roles', writing, 'means something else with what this target holds', without(/\/roles/)],
  ['teams', writing, 'means something else with what this target holds', without(/\/team/)],
  ['settings', writing, 'profile 5 has no settings, which could not be taken away again', withoutSettings],
  [
    'a caller with enneoAdmin',
    ['--token', tokens.sign(2), '--write', '--profile-id', '5'],
    'means something else with what this target holds',
    undefined,
    { ...fullProfile, type: 'enneo' },
  ],
  [
    'a type of the profile',
    writing,
    'means something else with what this target holds',
    undefined,
    withoutType,
  ],
]

for (const [name, flags, reason, alter, profile = fullProfile] of lacking) {
  t.test(
    `a target that lacks ${name}: cases that need it are not applicable, the others are the same`,
    async (t) => {
      const { base } = await openTarget(t, alter, await seedWithProfiles(profile))
      const { stdout } = await runHere(t, ['verify', base, '--json', ...flags])
      const { cases }: Report = JSON.parse(stdout)
      t.ok(cases.some((one) => one.reason === reason))
      t.strictSame(
        cases.filter(
          ({ verdict, file, differences = [] }) =>
            verdict === 'different' &&
            !/^(get-|derived-)/.test(file) &&
            !differences.every(({ what }) => what.includes('.actual')),
        ),
        [],
      )
    },
  )
}
