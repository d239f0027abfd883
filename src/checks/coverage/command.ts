import { type Command, Option } from 'commander'
import { addCheck, asCheck, CommandEnd, checkFound } from '../../command-line/command-end.ts'
import { numberFlag, type Settings } from '../../settings.ts'

type Flags = { url?: string; min?: string; operation?: string[]; json?: boolean; junit?: boolean }

/** `coverage`: what the calls of a running mock, or of several that wrote their reports to files, have exercised. */
export function addCoverageCommand(root: Command, settingsOf: (command: Command) => Promise<Settings>): void {
  addCheck(root, 'coverage')
    .description('what a client has exercised of the contract')
    .argument('[files...]', 'reports of GET /__admin/coverage or --json, to be added up')
    .option('--url <origin>', 'a running mock to ask; without files the one on --port')
    .option('--min <percent>', 'exit code 1 below this')
    .option('--operation <id>', 'this operation and nothing else; can be given several times', collect)
    .addOption(new Option('--json', 'print JSON, which can be added up later').conflicts('junit'))
    .option('--junit', 'print JUnit XML')
    .addHelpText(
      'after',
      `
Beyond loopback it wants --admin-api-token, or MOCK_ADMIN_API_TOKEN.
Exit code: 0 fine, 1 below --min, 2 it could not be told.`,
    )
    .action(
      asCheck(async (files: string[], flags: Flags, command: Command) => {
        const min = flags.min === undefined ? undefined : numberFlag('--min', flags.min, 0, 100)
        const [{ askReport, readReport, refuseUnknown, shown }, { mergeCoverage }] = await Promise.all([
          import('./run.ts'),
          import('../../contract/coverage-report.ts'),
        ])
        flags.operation?.forEach(refuseUnknown)
        const reports = await Promise.all(files.map(readReport))
        if (flags.url !== undefined || files.length === 0) {
          const { port, adminApiToken } = await settingsOf(command)
          reports.push(await askReport(flags.url ?? `http://localhost:${port}`, adminApiToken))
        }
        const report = mergeCoverage(reports, flags.operation)
        console.log(await shown(report, flags, min))
        if (min !== undefined && report.percent < min) {
          throw new CommandEnd(
            checkFound,
            `${report.percent} % of the contract was exercised, which is less than ${min} %.`,
          )
        }
      }),
    )
}

const collect = (entry: string, list: string[] = []) => [...list, entry]
