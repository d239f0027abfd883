import { Console } from 'node:console'

type Process = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'exit'>

/**
 * A console that notices when nothing can be written, which the usual one does not. A reader that has had enough, such
 * as `head`, is no error; a full disk is told in one sentence and ends the process.
 */
export function watchedConsole({ stdout, stderr, exit }: Process): Console {
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return
    stderr.write(`Standard output cannot be written (${code}).\n`)
    exit(1)
  })
  // There is nowhere left to tell it.
  stderr.on('error', () => {})
  return new Console({ stdout, stderr, ignoreErrors: false })
}
