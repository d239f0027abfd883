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
