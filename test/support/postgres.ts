import { execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'

const execute = promisify(execFile)

/** A PostgreSQL server of our own, in a temporary folder and on a free port of loopback. */
export type PostgresServer = {
  url: string
  /** As in a power cut of the database: nothing is said to anybody. */
  kill: () => Promise<void>
  start: () => Promise<void>
  stop: () => Promise<void>
}

/** Where the server's programs are, if they are installed. */
export function postgresPrograms(): string | undefined {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : []
  const folders = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((name) => `/usr/lib/postgresql/${name}/bin`)
  return [...folders, '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin'].find((folder) =>
    existsSync(join(folder, 'initdb')),
  )
}

export const noPostgres = 'no PostgreSQL server is installed here (Debian: apt-get install postgresql)'

export async function startPostgres(programs: string): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'enneo-mock-postgres-'))
  const user = await unprivileged()
  if (user) await chown(folder, user.uid, user.gid)
  const run = (program: string, args: string[]) =>
    execute(join(programs, program), args, { cwd: folder, ...user })
  const data = join(folder, 'data')
  const port = await freePort()
  await run('initdb', [
    '--pgdata',
    data,
    '--username',
    'mock',
    '--auth',
    'trust',
    '--no-sync',
    '--encoding',
    'UTF8',
  ])
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c max_connections=60`
  const start = () =>
    new Promise<void>((resolve, reject) => {
      const args = ['start', '--wait', '--pgdata', data, '--log', join(folder, 'log'), '-o', settings]
      const child = spawn(join(programs, 'pg_ctl'), args, { cwd: folder, stdio: 'ignore', ...user })
      child.on('error', reject)
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`pg_ctl start: ${code}`))))
    })
  await start()
  return {
    url: `postgres://mock@127.0.0.1:${port}/postgres`,
    start,
    kill: async () => {
      await run('pg_ctl', ['stop', '--wait', '--mode', 'immediate', '--pgdata', data])
    },
    stop: async () => {
      await run('pg_ctl', ['stop', '--wait', '--mode', 'immediate', '--pgdata', data]).catch(() => {})
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The server refuses to run as root; Debian's package brings a user for it. */
async function unprivileged(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const numberOf = async (flag: string) => Number((await execute('id', [flag, 'postgres'])).stdout)
  return { uid: await numberOf('-u'), gid: await numberOf('-g') }
}
