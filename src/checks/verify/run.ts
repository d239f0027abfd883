import { cleaner } from './clean.ts'
import { CouldNotRun } from './could-not-run.ts'
import { alarmOf, type LeftBehind } from './profile.ts'
import { type Report, reportOf, reportText } from './report.ts'
import { type VerifyOptions, verify } from './verify.ts'

/** What asks a command to end: from the keyboard, from whoever runs it, or with its terminal. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

type Run = Omit<VerifyOptions, 'onStake' | 'signal' | 'onCase'> & { isJson: boolean }

/**
 * Runs the cases and prints the report. A first signal ends the run after the case under way, a second one at once.
 * @throws an Error with a sentence for the user, without secrets
 */
export async function run({ isJson, ...access }: Run): Promise<Report> {
  const credentials = [...access.callers.values()].flatMap(({ token, cookie }) => [token ?? '', cookie ?? ''])
  const clean = cleaner([...credentials, access.secret ?? ''])
  const ending = new AbortController()
  let atStake: LeftBehind | undefined
  const heed = (signal: NodeJS.Signals) => {
    if (!ending.signal.aborted) return ending.abort()
    stopListening()
    if (atStake) console.error(`${clean(alarmOf(atStake))}\n${clean(JSON.stringify(atStake.body))}`)
    // As it would have ended, had nobody listened.
    process.kill(process.pid, signal)
  }
  const stopListening = () => {
    for (const signal of endings) process.removeListener(signal, heed)
  }
  for (const signal of endings) process.on(signal, heed)
  const verification = await verify({
    ...access,
    signal: ending.signal,
    onCase: showProgress,
    onStake: (now) => {
      atStake = now
    },
  })
    .catch((error: Error) => {
      const message = clean(error.message)
      throw new Error(error instanceof CouldNotRun ? message : brokenBy(message))
    })
    .finally(stopListening)
  const report = reportOf(verification, clean)
  console.log(isJson ? JSON.stringify(report) : reportText(report))
  return report
}

const brokenBy = (message: string) =>
  `enneo-mock verify broke down (${message}), which is a fault of its own: please report it.`

/** Where somebody watches. */
function showProgress(done: number, total: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(done + 1 < total ? `\r${done + 1} of ${total} cases` : '\r\x1b[K')
}
