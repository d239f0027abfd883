import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { StoredProfile } from '../../schemas/seed.ts'
import { createTokens } from '../../src/http/tokens.ts'
import { startCommand } from '../support/command.ts'
import { freePort } from '../support/free-port.ts'
import { noPostgres, postgresPrograms, startPostgres } from '../support/postgres.ts'
import { until } from '../support/until.ts'

/** `npm run test:stores` makes 2,000. */
const calls = Number(process.env.CALLS ?? 300)
const writers = 10
const ids = Array.from({ length: 20 }, (_, index) => index + 5)
const secret = 'balanced'
const authorization = `Bearer ${(await createTokens(secret, Date.now)).sign(1)}`

const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'].find(existsSync)
const programs = postgresPrograms()
const lacking =
  nginx === undefined
    ? 'no nginx is installed here (Debian: apt-get install nginx-light)'
    : programs === undefined && noPostgres

/** A real balancer before the ports, as examples/replicas sets it up. */
async function balance(t: Test, ports: readonly number[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'enneo-mock-nginx-'))
  const port = await freePort()
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  )
  const addresses = ports.map((port, index) => [`mock-${index + 1}:8005`, `127.0.0.1:${port}`] as const)
  const site = [...addresses, ['listen 80;', `listen 127.0.0.1:${port};`] as const].reduce(
    (text, [named, here]) => {
      t.match(text, named)
      return text.replace(named, here)
    },
    readFileSync(new URL('../../examples/replicas/nginx.conf', import.meta.url), 'utf8'),
  )
  const lines = [
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log;`,
    'events {}',
    `http { access_log off; ${paths.join(' ')}`,
    site,
    '}',
  ]
  writeFileSync(`${folder}/nginx.conf`, lines.join('\n'))
  const child = spawn(String(nginx), [
    '-p',
    folder,
    '-e',
    `${folder}/error.log`,
    '-c',
    `${folder}/nginx.conf`,
  ])
  t.teardown(async () => {
    const ended = new Promise((resolve) => child.on('exit', resolve))
    child.kill()
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  const origin = `http://127.0.0.1:${port}`
  const isReady = () =>
    fetch(`${origin}/__admin/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  t.ok(await until(isReady))
  return origin
}

// [store.replicas] [store.answered]
t.test(
  `${calls} mixed calls through a balancer, while one of three mocks is killed and started again`,
  { skip: lacking },
  async (t) => {
    const server = await startPostgres(String(programs))
    t.teardown(() => server.stop())
    const args = ['--store', server.url, '--jwt-secret', secret]
    const mocks = [await startCommand(t, args), await startCommand(t, args), await startCommand(t, args)]
    const ports = mocks.map(({ origin }) => Number(new URL(origin).port))
    const origin = await balance(t, ports)
    const ask = (path: string, init: RequestInit = {}, sandbox = 'shared') =>
      fetch(`${origin}/api/mind${path}`, { ...init, headers: { authorization, 'x-mock-sandbox': sandbox } })

    const wrong: string[] = []
    let [made, failed] = [0, 0]
    const work = async (writer: number) => {
      const key = `writer${writer}`
      /** What may be there: the last value that was answered, and one that may or may not have been written. */
      let possible: (number | undefined)[] = [undefined]
      for (let value = 1; made < calls; value += 1) {
        made += 2
        const body = JSON.stringify({ profiles: ids.map((id) => ({ id, rawData: { [key]: value } })) })
        const written = await ask('/profiles', { method: 'PATCH', body })
        if (written.status === 200) possible = [value]
        else if (written.status === 502) possible = [...possible, value]
        else wrong.push(`PATCH ${written.status}`)
        const seen = await ask(`/profile/${ids[value % ids.length]}?includeRawData=true`)
        if (written.status === 502 || seen.status === 502) failed += 1
        await written.arrayBuffer()
        if (seen.status === 502) continue
        const { rawData = {} } = (await seen.json()) as StoredProfile
        const found = rawData[key] as number | undefined
        if (seen.status !== 200 || !possible.includes(found)) wrong.push(`${key}: ${found}, not ${possible}`)
      }
      return { key, possible }
    }
    const disturb = async () => {
      await until(() => made > calls / 3, Number.POSITIVE_INFINITY)
      mocks[1]?.process.kill('SIGKILL')
      await mocks[1]?.finished
      await startCommand(t, [...args, '--port', String(ports[1])])
    }
    const [last] = await Promise.all([
      Promise.all(Array.from({ length: writers }, (_, writer) => work(writer))),
      disturb(),
    ])
    t.strictSame(wrong, [])
    t.ok(failed <= writers, `${failed} calls met the one that was killed`)
    t.comment(`${made} calls, ${failed} met the one that was killed`)
    for (const id of ids) {
      const { rawData = {} } = (await (
        await ask(`/profile/${id}?includeRawData=true`)
      ).json()) as StoredProfile
      for (const { key, possible } of last) t.ok(possible.includes(rawData[key] as number), `${key} of ${id}`)
    }
  },
)

// [health.drain] [store.replicas]
t.test('mocks behind a balancer are replaced one by one, and calls go on', { skip: lacking }, async (t) => {
  const server = await startPostgres(String(programs))
  t.teardown(() => server.stop())
  const args = ['--store', server.url, '--jwt-secret', secret, '--drain', '1']
  const mocks = [await startCommand(t, args), await startCommand(t, args), await startCommand(t, args)]
  const ports = mocks.map(({ origin }) => Number(new URL(origin).port))
  const origin = await balance(t, ports)
  t.equal((await fetch(`${origin}/__admin/metrics`)).status, 404, 'which mock would it be?')
  let isDone = false
  const statuses = new Map<number, number>()
  const call = async (writer: number) => {
    for (let value = 0; !isDone; value += 1) {
      const body = JSON.stringify({ profiles: [{ id: 5 + writer, rawData: { value } }] })
      const answer = await fetch(`${origin}/api/mind/profiles`, {
        method: 'PATCH',
        headers: { authorization },
        body,
      })
      await answer.arrayBuffer()
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    }
  }
  const replaceAll = async () => {
    for (const [index, mock] of mocks.entries()) {
      mock.process.kill('SIGTERM')
      t.match(await mock.finished, { code: 0, stderr: '' })
      await startCommand(t, [...args, '--port', String(ports[index])])
    }
    isDone = true
  }
  await Promise.all([replaceAll(), ...Array.from({ length: 6 }, (_, writer) => call(writer))])
  // This balancer does not ask who is ready: a call may arrive at the very moment at which a mock stops listening.
  const { 200: answered = 0, 502: lost = 0, ...others } = Object.fromEntries(statuses)
  t.strictSame(others, {})
  t.ok(answered > 100 && lost <= mocks.length, `${answered} answered, ${lost} lost`)
})
