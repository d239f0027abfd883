import type { Command } from 'commander'
import { addCheck, asCheck, CommandEnd, checkFailed, checkFound } from '../../command-line/command-end.ts'
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
    .action(
      asCheck(async (address: string, _own: object, command: Command) => {
        const flags = command.optsWithGlobals<VerifyFlags>()
        const access = {
          target: targetOf(address),
          profileId: profileIdOf(flags),
          callers: await callersOf(flags),
          secret: flags.jwtSecret,
        }
        const [{ run }, { readCases }] = await Promise.all([import('./run.ts'), import('../cases.ts')])
        const { problem, counts } = await run({ ...access, readCases, isJson: flags.json === true })
        if (problem !== undefined) throw new CommandEnd(checkFailed, problem)
        if (counts.different > 0) throw new CommandEnd(checkFound)
      }),
    )
}

const collect = (entry: string, list: string[] = []) => [...list, entry]
