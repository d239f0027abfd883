import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A running program, and what was looked for in its standard output. */
export type Program = { printed: string; stop: () => Promise<void> }

/** Starts a program on the Node that runs this. Resolves once it has printed the pattern's group; rejects when it ends without. */
export async function startProgram(args: string[], pattern: RegExp): Promise<Program> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  const printed = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
      const found = pattern.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    })
    ended.then(() => reject(new Error(`${args[0]} ended before it was ready: ${output}`)), reject)
  })
  // It goes on printing, and would stand still if nobody read that.
  for (const stream of [child.stdout, child.stderr]) stream.removeAllListeners('data').resume()
  return {
    printed,
    stop: async () => {
      child.kill()
      await ended
    },
  }
}
