import type { Command } from 'commander'

/** Ends a command with this exit code; a message that is not empty goes to standard error. */
export class CommandEnd extends Error {
  readonly exitCode: number
  constructor(exitCode: number, message = '') {
    super(message)
    this.exitCode = exitCode
  }
}

/** How a check ended that did not find all well: it found something, or it could not run. */
export const checkFound = 1
export const checkFailed = 2

/** A command that checks something: 0 all is well, 1 it found something, 2 it could not run, wrong flags included. */
export function addCheck(root: Command, name: string): Command {
  return root.command(name).exitOverride(({ exitCode }) => {
    throw new CommandEnd(exitCode === 0 ? 0 : checkFailed)
  })
}

/** What such a command does: an error that it did not foresee means that it could not run, not that it found something. */
export function asCheck<Args extends unknown[]>(run: (...args: Args) => Promise<void>) {
  return async (...args: Args): Promise<void> => {
    try {
      await run(...args)
    } catch (error) {
      throw error instanceof CommandEnd ? error : new CommandEnd(checkFailed, (error as Error).message)
    }
  }
}
