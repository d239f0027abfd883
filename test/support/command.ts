import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

/** What a finished command left behind. */
export type Finished = { code: number | null; signal: string | null; stdout: string; stderr: string }

export type Command = {
  process: ChildProcess
  /** Standard output so far. */
  output: () => string
  /** Resolves with the output when it has what is looked for; rejects when the command ends without it. */
  printed: (pattern: RegExp) => Promise<RegExpExecArray>
  finished: Promise<Finished>
}

type Surroundings = { env?: Record<string, string>; node?: string[]; cwd?: string }

/** The environment without settings of the mock, so that those of this machine do not matter. */
const ownEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('MOCK_') && name !== 'PORT'),
)

/** Runs the command line in a process of its own, by the loader that runs this test; it does not outlive the test. */
export function runCommand(t: Test, args: string[], { env, node = [], cwd }: Surroundings = {}): Command {
  const child = spawn(process.execPath, [...process.execArgv, ...node, cli, ...args], {
    env: { ...ownEnvironment, ...env },
    cwd: cwd ?? t.testdir(),
  })
  t.teardown(() => child.kill('SIGKILL'))
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    child.emit('printed')
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const finished = once(child, 'close').then(([code, signal]) => {
    child.emit('printed')
    return { code, signal, stdout, stderr }
  })
  return {
    process: child,
    output: () => stdout,
    printed: async (pattern) => {
      for (;;) {
        const found = pattern.exec(stdout)
        if (found) return found
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`the command ended without ${pattern}: ${stdout}${stderr}`)
        }
        await once(child, 'printed')
      }
    },
    finished,
  }
}

/** Starts the mock on a free port in a process of its own. Resolves with where it is, as its banner says. */
export async function startCommand(t: Test, args: string[] = [], surroundings: Surroundings = {}) {
  const command = runCommand(t, ['--port', '0', ...args], surroundings)
  const [, origin = ''] = await command.printed(/API +(https?:\/\/\S+)\/api\/mind\n(?:.*\n)*More: /)
  return { ...command, origin }
}
