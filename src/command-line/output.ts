import { Console } from 'node:console'

type Streams = Pick<NodeJS.Process, 'stdout' | 'stderr'>

/**
 * A console that tells when nothing can be written, which the usual one keeps to itself. A reader that has had enough,
 * such as `head`, is no error; of a full disk `end` is told in one sentence.
 */
export function watchedConsole({ stdout, stderr }: Streams, end: (sentence: string) => void): Console {
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') end(`Standard output cannot be written (${code}).`)
  })
  // There is nowhere left to tell it.
  stderr.on('error', () => {})
  return new Console({ stdout, stderr, ignoreErrors: false })
}
