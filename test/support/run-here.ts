import type { Test } from 'tap'
import { runCommandLine } from '../../src/command-line/command-line.ts'

export type Run = { code: number; stdout: string; stderr: string }

/** One command in this process, with what it wrote; `look` is shown standard output as it grows. */
export async function runHere(
  t: Test,
  args: string[],
  look: (stdout: string) => void = () => {},
): Promise<Run> {
  const written = { stdout: '', stderr: '' }
  const streams = (['stdout', 'stderr'] as const).map((name) =>
    t.capture(process[name], 'write', (text: unknown) => {
      written[name] += text
      look(written.stdout)
      return true
    }),
  )
  try {
    return { code: await runCommandLine(args), ...written }
  } finally {
    for (const stream of streams) stream.restore()
  }
}

/** The tests of this process see none of the settings that this machine has. */
export function forgetSettingsOfEnvironment(): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('MOCK_') || name === 'PORT') delete process.env[name]
  }
}
