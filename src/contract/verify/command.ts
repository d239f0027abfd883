import type { Command } from 'commander'
import { addCheck, CommandEnd, checkFailed, checkFound } from '../../command-end.ts'
import { cleaner } from './clean.ts'
import { CouldNotRun } from './could-not-run.ts'
import { callersOf, profileIdOf, targetOf, type VerifyFlags } from './flags.ts'

/** `enneo-mock verify`: the contract cases against a running service. */
export function addVerifyCommand(root: Command): void {
  addCheck(root, 'verify')
    .description('run the contract cases against a running service: this mock, another one, or the real one')
    .argument('<base URL>', 'with its path, such as http://localhost:8005/api/mind')
    .option(
      '--token <token>',
      'of somebody who may do everything; others as manager=<token>, agent=<token>, service=<token>',
      collect,
    )
    .option('--cookie <value>', 'value of the session cookie connect.sid; others as with --token', collect)
    .option('--write', 'also run the cases that write, and put back what they changed')
    .option('--profile-id <id>', 'the one profile that --write may change')
    .option('--json', 'print the whole report as JSON and nothing else')
    .addHelpText(
      'after',
      `
Without --write only requests are sent that cannot change anything, however lax the server: reads, and updates without
an item in them. With it each item names that one profile, which is read before and put back after each case.
A credential that begins with @ is the first line of that file: --token @admin.txt, --cookie agent=@agent.txt.
--jwt-secret <secret>, where it is known, lets cases make tokens of their own.
Exit code: 0 all the same, 1 something is different, 2 it could not run or not put something back.`,
    )
    .action(async (address: string, _own: object, command: Command) =>
      runVerify(address, command.optsWithGlobals<VerifyFlags>()),
    )
}

const collect = (entry: string, list: string[] = []) => [...list, entry]

/** What asks a command to end: from the keyboard, from whoever runs it, or with its terminal. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

async function runVerify(address: string, flags: VerifyFlags): Promise<void> {
  const target = targetOf(address)
  const profileId = profileIdOf(flags)
  const callers = await callersOf(flags)
  const credentials = [...callers.values()].flatMap(({ token, cookie }) => [token ?? '', cookie ?? ''])
  const clean = cleaner([...credentials, flags.jwtSecret ?? ''])
  const ending = new AbortController()
  const end = () => {
    stopListening()
    ending.abort()
  }
  const stopListening = () => {
    for (const signal of endings) process.removeListener(signal, end)
  }
  for (const signal of endings) process.once(signal, end)
  try {
    const { verify } = await import('./verify.ts')
    const { reportOf, reportText } = await import('./report.ts')
    const verification = await verify({
      target,
      callers,
      ...(flags.jwtSecret !== undefined && { secret: flags.jwtSecret }),
      ...(profileId !== undefined && { profileId }),
      signal: ending.signal,
      onCase: showProgress,
    })
    const report = reportOf(verification, clean)
    console.log(flags.json ? JSON.stringify(report) : reportText(report))
    if (report.problem !== undefined) throw new CommandEnd(checkFailed, report.problem)
    if (report.counts.different > 0) throw new CommandEnd(checkFound)
  } catch (error) {
    if (error instanceof CommandEnd) throw error
    const message = clean((error as Error).message)
    throw new CommandEnd(checkFailed, error instanceof CouldNotRun ? message : brokenBy(message))
  } finally {
    stopListening()
  }
}

const brokenBy = (message: string) =>
  `enneo-mock verify broke down (${message}), which is a fault of its own: please report it.`

/** Where somebody watches. */
function showProgress(done: number, total: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(done + 1 < total ? `\r${done + 1} of ${total} cases` : '\r\x1b[K')
}
