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
  casesOf,
  fullProfile,
  type Given,
  inFile,
  ofFields,
  openTarget,
  seedWithProfiles,
  tokens,
  verifyHere,
} from '../../support/target.ts'

forgetSettingsOfEnvironment()

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
  const agent = tokens.sign(3)
  const folder = t.testdir({ admin: `  ${admin} \r\nsecond line\n`, agent, empty: '\n' })
  const { base, arrived } = await openTarget(t, (request, pass) =>
    request.path.endsWith('/profile') ? pass(request) : answerOf(403, { message: admin + agent }),
  )
  const flags = ['--token', `@${folder}/admin`, '--cookie', `agent=@${folder}/agent`]
  const { json } = await verifyHere(t, base, flags, inFile('get-roles'))
  t.ok(arrived.some(({ headers }) => headers.authorization === `Bearer ${admin}`))
  t.ok(arrived.some(({ headers }) => headers.cookie === `connect.sid=${agent}`))
  t.notOk(json.includes(admin) || json.includes(agent))
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
  t.test(`${name} is not the API: exit 2 after one request`, async (t) => {
    for (const flags of [[], ['--token', admin]]) {
      const { base, arrived } = await openTarget(t, () => answer)
      t.strictSame(await runHere(t, ['verify', base, ...flags]), {
        code: 2,
        stdout: '',
        stderr: `GET /profile answered ${came}, so this is not the API: check the base URL, such as its path /api/mind.\n`,
      })
      t.equal(arrived.length, 1)
    }
  })
}

t.test('a server that lets everybody in is different, not no API', async (t) => {
  const { base } = await openTarget(t, (request, pass) =>
    pass({ ...request, headers: { ...request.headers, authorization: `Bearer ${admin}` } }),
  )
  const { code, problem, report } = await verifyHere(t, base, [], inFile('get-own-profile'))
  t.strictSame([code, problem], [1, ''])
  const read = report.cases.find(({ name }) => name === 'GET /profile without sign-in answers 401')
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
    const { code, stdout: text, stderr } = await runHere(t, ['verify', base])
    t.strictSame([code, stderr], [1, ''])
    t.match(text, /^http:\S+: \d+ of \d+ cases are different; /)
    t.match(
      text,
      [
        '### PATCH /profiles with an empty session cookie answers 401',
        '',
        'authentication.yaml, rule: signin.refused',
        '',
        '    status: expected 401, got 403',
        '    header www-authenticate: expected "Bearer", got nothing',
      ].join('\n'),
    )
    t.match(text, '    body. : expected nothing, got "\\u001b[31m\\u2028"\n')
    t.match(text, /## Different: A, [^\n]*\n\nNothing public says these\./)
    t.ok(text.indexOf('## Different: S') < text.indexOf('## Different: P'))
    t.ok(text.indexOf('## Different: P') < text.indexOf('## Different: A'))
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
  const { problem, text } = await verifyHere(t, base, writing, ofFields)
  t.match(problem, /^PROFILE 5 MAY NOT BE AS IT WAS \(a\\u001b\[31m\\u202e/)
  t.match(text, /^\*\*PROFILE 5 MAY NOT BE AS IT WAS \(a\\u001b\[31m\\u202e/)
  t.notMatch(text, /[^\P{C}\n]/u)
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
  const reads = inFile('get-profiles', 'update-profiles')
  const { report, text } = await verifyHere(t, base, ['--token', admin], reads)
  const read = report.cases.find(({ name }) => name === 'GET /profiles with format=full shows settings')
  t.match(read, { verdict: 'same', reason: undefined, note: 'read as admin' })
  t.strictSame(
    report.cases.filter(({ verdict, reason }) => (verdict === 'not applicable') !== (reason !== undefined)),
    [],
    'a reason says why a case is not applicable, and nothing else',
  )
  t.match(text, /\n\n\d+ reads were made as somebody else than the case says, for want of a token\.\n/)
  t.notMatch((await verifyHere(t, base, allCredentials, reads)).text, 'for want of a token')
})

/** Reads, and updates that are refused. */
const someReads = inFile('get-own-profile', 'get-profiles', 'permission', 'update-profiles-validation')

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
  const { code, json, text } = await verifyHere(t, base, given, someReads)
  t.equal(code, 1)
  const parts = [admin, tokens.sign(2), tokens.sign(3), cookie, decodeURIComponent(cookie), 'abc+def']
  for (const printed of [json, text]) {
    t.match(printed, '[secret]')
    for (const part of [...parts, 'eyJ', 'of ours']) t.notOk(printed.includes(part), part)
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
  const { code, json, text } = await verifyHere(t, base, allCredentials, someReads)
  t.equal(code, 1)
  for (const printed of [json, text]) {
    t.match(printed, '[redacted]')
    t.match(printed, 'connect.sid=[session]')
    for (const part of [...secrets, 'eyJ']) t.notOk(printed.includes(part), part)
  }
  t.match(text, '    body.password: expected nothing, got "[redacted]"\n')
  t.match(text, '{\\"a\\":1,\\"password\\":\\"[redacted]\\"')
})

t.test('a cookie that cannot be decoded is sent as it is and not shown', async (t) => {
  const { base, arrived } = await openTarget(t, () => answerOf(200, { id: 1 }))
  const { json } = await verifyHere(t, base, ['--cookie', 'bad%zz'], inFile('get-roles'))
  t.ok(arrived.some(({ headers }) => headers.cookie === 'connect.sid=bad%zz'))
  t.notOk(json.includes('bad%zz'))
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
    const { code, report } = await verifyHere(t, base, ['--token', admin], inFile('get-profiles'))
    t.equal(code, 1)
    t.strictSame(
      report.cases.filter(
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

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

for (const signal of signals) {
  t.test(`${signal} ends the run after the case under way, which is put back`, async (t) => {
    const listening = () => signals.map((name) => process.listenerCount(name))
    const before = listening()
    let written = 0
    const { base, mock } = await openTarget(t, async (request, pass) => {
      const answer = await pass(request)
      if (request.body.includes('"id":5,"lang"') && ++written === 1) process.emit(signal)
      return answer
    })
    const state = async () => (await mock.inject('/__admin/state')).json()
    const atStart = await state()
    const { code, report } = await verifyHere(t, base, writing, inFile('authentication', 'get-roles'))
    const { problem, counts, cases } = report
    t.strictSame([code, problem], [2, 'The run was stopped before its end.'])
    t.strictSame(await state(), atStart)
    t.ok(written > 0)
    t.equal(counts.different, 0)
    t.ok(cases.some(({ reason }) => reason === 'was not run, since the run could not go on'))
    t.strictSame(listening(), before)
  })
}

t.test('Ctrl-C in the middle of a case of a process of its own: exit 2', async (t) => {
  let written = 0
  let command: Command | undefined
  const { base } = await openTarget(t, async (request, pass) => {
    const answer = await pass(request)
    if (request.body.includes('"id":5,"lang"') && ++written === 1) command?.process.kill('SIGINT')
    return answer
  })
  command = await runCommand(t, ['verify', base, ...writing])
  const ended = await command.finished
  t.match(ended, { code: 2, signal: null, stderr: 'The run was stopped before its end.\n' })
})

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
  const told = t.capture(console, 'error', () => {})
  await verifyHere(t, base, writing, inFile('authentication'))
  const [told1] = told()
  t.match(
    told1?.args[0],
    /^PROFILE 5 MAY NOT BE AS IT WAS [^\n]*\n\{"profiles":\[\{"id":5,"lang":"de"\}\]\}$/,
  )
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
      hasWritten ||= request.body.includes('"id":5')
      return pass(request)
    })
    const before = (await mock.inject('/__admin/state')).json()
    const { problem, text } = await verifyHere(t, base, writing, ofFields)
    t.match(problem, /^GET \/profile\/5\?includeRawData=true answered 500 [^\n]*$/)
    t.match(text, /^\*\*GET \/profile\/5/)
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
  const { problem, report } = await verifyHere(t, base, writing, ofFields)
  t.equal(
    problem,
    'The target stopped answering (ECONNREFUSED). PROFILE 5 MAY NOT BE AS IT WAS: send PATCH /profiles with the body that is printed.',
  )
  t.equal(report.counts.different, 1)
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
  const wanted = inFile('derived-settings', 'get-roles', 'update-profile')
  const { problem, report } = await verifyHere(t, base, writing, wanted)
  t.equal(problem, 'Profile 5 was changed from outside during the run: look at it.')
  const different = report.cases.flatMap(({ differences = [] }) => differences)
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
  const { cases } = await verify({
    target: base,
    callers: new Map([['admin', { token: admin }]]),
    readCases: async () => casesOf(inFile('update-profiles-validation')),
    limits: { patienceMs: 1000, mostBytes: 1e6 },
  })
  t.strictSame(
    cases
      .filter(({ verdict }) => verdict === 'different')
      .map(({ name, differences }) => [name, differences]),
    [
      [
        'PATCH /profiles with blanks only answers 400',
        [{ what: 'answer', expected: 'one', got: 'no answer within 1 s' }],
      ],
    ],
  )
})

t.test('with the secret cases make tokens for the callers of the target, whatever their ids', async (t) => {
  const { base, arrived } = await openTarget(t)
  const flags = ['--token', tokens.sign(2), '--jwt-secret', developmentSecret]
  const { report } = await verifyHere(t, base, flags, inFile('authentication'))
  t.match(
    report.cases.find(({ name }) => name === 'PATCH /profiles with a token that has exp and jti succeeds'),
    { verdict: 'same' },
  )
  const made = arrived
    .map(({ headers }) => String(headers.authorization).split('.')[1] ?? '')
    .map((payload) => Buffer.from(payload, 'base64url').toString())
  t.ok(made.some((payload) => /"userId":2,.*"jti"/.test(payload)))
  t.notOk(made.some((payload) => /"userId":(1|3),.*"jti"/.test(payload)))
})

const meansElse = 'means something else with what this target holds'
const enneoUser = { ...fullProfile, type: 'enneo' }
const byClient = ['--token', tokens.sign(2), '--write', '--profile-id', '5']

const lacking: [what: string, flags: string[], reason: string, profile: StoredProfile, alter?: Alter][] = [
  [
    'settings',
    writing,
    'profile 5 has no settings, which could not be taken away again',
    fullProfile,
    withoutSettings,
  ],
  ['a caller with enneoAdmin', byClient, meansElse, enneoUser],
  ['a type of the profile', writing, meansElse, withoutType],
]

for (const [what, flags, reason, profile, alter] of lacking) {
  t.test(`a target that lacks ${what}: cases that need it are not applicable, others the same`, async (t) => {
    const { base } = await openTarget(t, alter, await seedWithProfiles(profile))
    const wanted = inFile('authentication', 'order', 'permission', 'update-profiles')
    const { cases, counts } = (await verifyHere(t, base, flags, wanted)).report
    t.ok(cases.some((one) => one.reason === reason))
    t.ok(counts.same > 30)
    t.equal(counts.different, 0)
  })
}

for (const [what, paths, file] of [
  ['roles', /\/roles/, 'get-roles'],
  ['teams', /\/team/, 'get-team-list'],
] as const) {
  t.test(`a target that does not tell its ${what}: reads of them and what follows differ`, async (t) => {
    const { base } = await openTarget(t, without(paths), await seedWithProfiles(fullProfile))
    const wanted = inFile(file, 'derived-settings', 'permission', 'update-profiles-results')
    const { cases } = (await verifyHere(t, base, writing, wanted)).report
    t.ok(cases.some(({ reason }) => reason === meansElse))
    const different = cases.filter(({ verdict }) => verdict === 'different')
    t.ok(different.some((one) => one.file === file && one.differences?.[0]?.got === '404'))
    t.ok(different.some((one) => one.file === 'derived-settings'))
    t.strictSame(
      different
        .filter((one) => one.file !== file)
        .flatMap(({ differences = [] }) => differences)
        .filter(({ what }) => !what.includes('.settings.actual')),
      [],
    )
  })
}
