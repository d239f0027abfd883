import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import t, { type Test } from 'tap'
import { addressOf } from '../../src/command-line/ask-mock.ts'
import { type Given, resolveSettings } from '../../src/settings.ts'
import { startMock } from '../../src/start.ts'
import { makeCertificate } from '../support/certificate.ts'
import { forgetSettingsOfEnvironment, runHere } from '../support/run-here.ts'

forgetSettingsOfEnvironment()

/** A mock with these settings, as flags that name the port it took; or why this machine has none. */
async function running(t: Test, given: Given): Promise<Given | string> {
  const settings = resolveSettings({ flags: { port: '0', logLevel: 'silent', ...given }, env: {} })
  const surroundings = { now: Date.now, random: Math.random, randomSecret: () => 'a secret of this test' }
  const mock = await startMock(settings, surroundings).catch((error: Error) => error.message)
  if (typeof mock === 'string') return mock
  t.teardown(() => mock.app.close())
  return { ...given, port: new URL(mock.origin).port }
}

const hosts = ['127.0.0.1', 'localhost', '0.0.0.0', '::1', '[::1]', '::']

for (const host of hosts) {
  t.test(`health finds a mock on ${host} by a configuration file`, async (t) => {
    const given = await running(t, { host: host.replace(/[[\]]/g, '') })
    if (typeof given === 'string') return t.pass('the mock answers', { skip: given })
    t.chdir(t.testdir({ 'enneo-mock.config.json': JSON.stringify({ ...given, host }) }))
    t.strictSame(await runHere(t, ['health']), { code: 0, stdout: '', stderr: '' })
  })
}

t.test(
  'health finds a mock by the environment, without a control plane, and with one that wants a token',
  async (t) => {
    for (const given of [{ disableAdminApi: 'true' }, { adminApiToken: 'a-token' }]) {
      const { port } = (await running(t, given)) as { port: string }
      process.env.MOCK_PORT = port
      t.strictSame(await runHere(t, ['health']), { code: 0, stdout: '', stderr: '' })
      delete process.env.MOCK_PORT
    }
  },
)

t.test('health finds a mock that speaks HTTPS, whoever signed its certificate', async (t) => {
  const folder = t.testdir()
  const problem = makeCertificate(folder)
  if (problem !== undefined) return t.pass('the mock answers', { skip: problem })
  const given = await running(t, { httpsCert: `${folder}/cert.pem`, httpsKey: `${folder}/key.pem` })
  const { port, httpsCert, httpsKey } = given as Record<string, string>
  const args = ['--port', `${port}`, '--https-cert', `${httpsCert}`, '--https-key', `${httpsKey}`]
  t.strictSame(await runHere(t, ['health', ...args]), { code: 0, stdout: '', stderr: '' })
  t.match(await runHere(t, ['health', '--port', `${port}`]), { code: 1, stderr: /^No mock answers at http:/ })
  return undefined
})

t.test('another server is no mock, exit 1', async (t) => {
  for (const body of ['{"status":"starting"}', '<html>', '']) {
    const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    t.match(await runHere(t, ['health', '--port', `${port}`]), {
      code: 1,
      stderr: `No mock answers at http://127.0.0.1:${port}.\n`,
    })
    server.close()
  }
})

t.test('the address of a mock is one that works on its own machine', async (t) => {
  const address = (host: string) => addressOf(resolveSettings({ flags: { host }, env: {} }))
  t.strictSame(['::', '::1', '[::1]', '0.0.0.0', 'example.test'].map(address), [
    'http://[::1]:8005',
    'http://[::1]:8005',
    'http://[::1]:8005',
    'http://127.0.0.1:8005',
    'http://example.test:8005',
  ])
})

t.test('the image asks with that command', async (t) => {
  const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8')
  t.match(dockerfile, /^HEALTHCHECK .*\\\n {2}CMD \["node", "dist\/src\/cli\.js", "health"\]$/m)
})

t.test('token says on standard error when the running mock refuses what it prints, and why', async (t) => {
  const { port } = (await running(t, { jwtSecret: 'another secret' })) as { port: string }
  const plain = await runHere(t, ['token', 'admin', '--port', port])
  t.equal(plain.code, 0)
  t.match(plain.stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  t.match(
    plain.stderr,
    /^The mock at http:\/\/127\.0\.0\.1:\d+ refuses this token \(the token's signature is wrong\)\. It is signed with the secret for development; [^\n]*--jwt-secret[^\n]*\n$/,
  )
  const wrong = await runHere(t, ['token', 'admin', '--port', port, '--jwt-secret', 'a third'])
  t.match(wrong.stderr, /It is signed with the secret of --jwt-secret or MOCK_JWT_SECRET;/)
  t.notMatch(wrong.stderr, /a third|another secret/)
  const right = await runHere(t, ['token', 'admin', '--port', port, '--jwt-secret', 'another secret'])
  t.strictSame([right.code, right.stderr], [0, ''])
})
