import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import root, { type Test } from 'tap'

/** What a finished command left behind. */
export type Finished = { code: number | null; signal: string | null; stdout: string; stderr: string }

export type Command = {
  process: ChildProcess
  /** Resolves with what was found in standard output as soon as it is there; rejects when the command ends without. */
  printed: (pattern: RegExp) => Promise<RegExpExecArray>
  finished: Promise<Finished>
}

type Surroundings = {
  env?: Record<string, string>
  /** Flags of Node itself. */
  node?: string[]
  /** Runs the sources by the loader that runs this test, which takes seconds but is measured. */
  isMeasured?: boolean
  /** Runs the program where nothing is installed, so without its optional packages. */
  isAlone?: boolean
}

const source = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
/** How this test is loaded, from whatever folder. */
const loader = process.execArgv.map((flag) =>
  flag.replace(/^--import=\.\//, `--import=${new URL('../..', import.meta.url)}`),
)
let building: Promise<string> | undefined
let buildingAlone: Promise<string> | undefined

/** The file of the program. */
export function builtProgram(): Promise<string> {
  building ??= buildProgram()
  return building
}

/** The program as JavaScript, made once for each file of tests: loading the sources takes seconds for each process. */
async function buildProgram(): Promise<string> {
  const outdir = root.testdir()
  await build({
    entryPoints: [source],
    outdir,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    outExtension: { '.js': '.mjs' },
  })
  return `${outdir}/cli.mjs`
}

/** The program with all that it is made of, as in the package. */
function programAlone(): Promise<string> {
  buildingAlone ??= buildAlone()
  return buildingAlone
}

async function buildAlone(): Promise<string> {
  const outdir = mkdtempSync(join(tmpdir(), 'enneo-mock-alone-'))
  root.teardown(() => rmSync(outdir, { recursive: true, force: true }))
  await build({
    entryPoints: [source],
    outdir,
    bundle: true,
    splitting: true,
    external: ['@faker-js/faker', '@electric-sql/pglite', 'pg', 'prom-client', 'enneo-mock/*'],
    format: 'esm',
    platform: 'node',
    outExtension: { '.js': '.mjs' },
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
    },
  })
  cpSync(fileURLToPath(new URL('../../fixtures', import.meta.url)), `${outdir}/fixtures`, { recursive: true })
  cpSync(fileURLToPath(new URL('../../package.json', import.meta.url)), `${outdir}/package.json`)
  return `${outdir}/cli.mjs`
}

/** The environment without what belongs to this machine or to the measuring of tests. */
const plainEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(MOCK_|PORT$|NODE_|_?TAP)/.test(name)),
)

/** Runs the command line in a process of its own, which does not outlive the test. */
export async function runCommand(
  t: Test,
  args: string[],
  { env, node = [], isMeasured = false, isAlone = false }: Surroundings = {},
): Promise<Command> {
  const built = isAlone ? programAlone() : builtProgram()
  const program = isMeasured ? [...loader, ...node, source] : [...node, await built]
  const child = spawn(process.execPath, [...program, ...args], {
    env: { ...(isMeasured ? process.env : plainEnvironment), ...env },
    cwd: t.testdir(),
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
  let isClosed = false
  const finished = once(child, 'close').then(([code, signal]) => {
    isClosed = true
    child.emit('printed')
    return { code, signal, stdout, stderr }
  })
  return {
    process: child,
    printed: async (pattern) => {
      for (;;) {
        const found = pattern.exec(stdout)
        if (found) return found
        if (isClosed) throw new Error(`the command ended without ${pattern}: ${stdout}${stderr}`)
        await once(child, 'printed')
      }
    },
    finished,
  }
}

/** Starts the mock on a free port in a process of its own. Resolves with where it is, as its banner says. */
export async function startCommand(t: Test, args: string[] = [], surroundings: Surroundings = {}) {
  const command = await runCommand(t, ['--port', '0', ...args], surroundings)
  const [, origin = ''] = await command.printed(/API +(https?:\/\/\S+)\/api\/mind\n(?:.*\n)*More: /)
  return { ...command, origin }
}
