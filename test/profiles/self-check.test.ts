import Fastify from 'fastify'
import t, { type Test } from 'tap'
import type { JournalEntry } from '../../schemas/journal.ts'
import type { Operation } from '../../schemas/operation.ts'
import { ownProfileOperation, profilesOperation } from '../../schemas/read-profiles.ts'
import { documentOperation } from '../../schemas/service.ts'
import { updateProfilesOperation } from '../../schemas/update-profiles.ts'
import { basePath } from '../../src/http/paths.ts'
import { createTokens } from '../../src/http/tokens.ts'
import { enneoMock } from '../../src/index.ts'
import { checkAnswer } from '../../src/profiles/self-check.ts'

const answers: [operation: Operation, status: number, sent: unknown, breaches: string[]][] = [
  [updateProfilesOperation, 200, { results: [{ id: 1, success: true }] }, []],
  [updateProfilesOperation, 200, { results: [] }, []],
  [updateProfilesOperation, 200, {}, ['results is required']],
  [
    updateProfilesOperation,
    200,
    { results: [{ id: '1', success: 'yes' }] },
    [
      'results[0].id must be an integer (got a string of 1 character)',
      'results[0].success must be true or false (got a string of 3 characters)',
    ],
  ],
  [updateProfilesOperation, 400, { results: [{ success: false, message: 'no' }] }, []],
  [
    updateProfilesOperation,
    400,
    { results: 'no' },
    ['results must be an array (got a string of 2 characters)'],
  ],
  [updateProfilesOperation, 403, { success: false }, []],
  [updateProfilesOperation, 403, [], ['the document must be an object (got an array)']],
  [
    profilesOperation,
    200,
    { success: true, profiles: [{ id: 1, settings: null }] },
    ['profiles[0].settings must be an object (got null)'],
  ],
  [
    profilesOperation,
    200,
    { success: true, profiles: [{ id: 1, image: 'aaaa', settings: { password: 'p' } }] },
    ['profiles[0].image must not be in an answer', 'profiles[0].settings.password must not be in an answer'],
  ],
  [ownProfileOperation, 401, { success: false }, ['message is required']],
]

for (const [operation, status, sent, breaches] of answers) {
  t.test(
    `${operation.operationId} ${status} ${JSON.stringify(sent)} breaks the document ${breaches.length} times`,
    async (t) => {
      const check = checkAnswer(operation, status, JSON.stringify(sent))
      t.notOk(check.isUndocumented)
      t.strictSame(
        check.breaches.map(({ message }) => message),
        breaches,
      )
    },
  )
}

t.test('what is no JSON breaks a schema; the document itself is text', async (t) => {
  t.match(checkAnswer(profilesOperation, 200, '<html>').breaches, [
    { path: 'the document', expected: 'an object', got: 'a string of 6 characters' },
  ])
  t.strictSame(checkAnswer(documentOperation, 200, 'openapi: 3.0.0').breaches, [])
})

t.test('a status that the document does not list is no breach', async (t) => {
  for (const status of [401, 404, 413])
    t.strictSame(checkAnswer(updateProfilesOperation, status, '{}'), { isUndocumented: true, breaches: [] })
  t.strictSame(checkAnswer(undefined, 404, '{}'), { isUndocumented: true, breaches: [] })
})

t.test('of a large answer ten breaches are told', async (t) => {
  const results = Array.from({ length: 1000 }, () => 'x')
  t.equal(checkAnswer(updateProfilesOperation, 200, JSON.stringify({ results })).breaches.length, 10)
})

const secret = 'a secret'
const tokens = await createTokens(secret, Date.now)
const authorization = `Bearer ${tokens.sign(1)}`

/** The mock in a host that spoils every answer of one path. */
async function spoiled(t: Test, options: object, spoil: (sent: string) => string = (sent) => sent) {
  const lines: string[] = []
  const app = Fastify({ logger: { level: 'error', stream: { write: (line: string) => lines.push(line) } } })
  t.teardown(() => app.close())
  app.addHook('onSend', async (request, _reply, sent) =>
    request.url.startsWith(basePath) ? spoil(String(sent)) : sent,
  )
  await app.register(enneoMock, { jwtSecret: secret, ...options })
  const ask = (path: string, headers: Record<string, string> = {}) =>
    app.inject({ url: basePath + path, headers: { authorization, ...headers } })
  const journal = async (): Promise<JournalEntry[]> => (await app.inject('/__admin/requests')).json().requests
  const verify = () => app.inject({ method: 'POST', url: '/__admin/verify' })
  return { app, ask, journal, verify, lines }
}

// [self-check.answers]
t.test('with --self-check a breach is an error in journal and log, and fails POST /verify', async (t) => {
  const { ask, journal, verify, lines } = await spoiled(t, { selfCheck: true }, (sent) =>
    sent.replace('"success":true', '"success":"yes"'),
  )
  t.equal((await ask('/roles')).statusCode, 200)
  const message = 'success must be true or false (got a string of 3 characters)'
  const breach = { path: 'success', expected: 'true or false', got: 'a string of 3 characters', message }
  t.strictSame(
    (await journal()).map(({ breaches }) => breaches),
    [[breach]],
  )
  t.strictSame(
    lines.map((line) => JSON.parse(line)).map(({ level, msg, breaches }) => ({ level, msg, breaches })),
    [{ level: 50, msg: 'the answer breaks the document', breaches: [breach] }],
  )
  const { statusCode, body } = await verify()
  t.equal(statusCode, 406)
  t.match(
    body,
    /^1 call broke a rule:\n\n#1 GET \/api\/mind\/roles answered 200\n {2}the mock broke its own document: success must be true or false \(got a string of 3 characters\)\n {4}path success, expected true or false, got a string of 3 characters\n {2}curl -X GET /,
  )
})

t.test(
  'with --self-check good answers are quiet, and undocumented statuses are marked as such',
  async (t) => {
    const { ask, journal, verify, lines } = await spoiled(t, { selfCheck: true })
    await ask('/roles')
    await ask('/profile', { authorization: 'none' })
    await ask('/nothing')
    t.strictSame(
      (await journal()).map(({ status, isUndocumented, breaches }) => [status, isUndocumented, breaches]),
      [
        [200, undefined, undefined],
        [401, undefined, undefined],
        [404, true, undefined],
      ],
    )
    t.strictSame([(await verify()).statusCode, lines], [200, []])
  },
)

t.test('an answer that was injected may be anything', async (t) => {
  const { app, ask, journal } = await spoiled(t, { selfCheck: true })
  await app.inject({ method: 'POST', url: '/__admin/faults', payload: '{"status":200,"body":"<html>"}' })
  await ask('/roles')
  const [entry] = await journal()
  t.match(entry, { status: 200, fault: 'fault-1' })
  t.notOk(entry?.breaches)
})

t.test('without --self-check answers are not checked', async (t) => {
  const { ask, journal, lines } = await spoiled(t, {}, () => '<html>')
  await ask('/roles')
  await ask('/nothing')
  const entries = await journal()
  t.strictSame(
    entries.map(({ breaches, isUndocumented }) => [breaches, isUndocumented]),
    [
      [undefined, undefined],
      [undefined, undefined],
    ],
  )
  t.strictSame(lines, [])
})
