import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { CoverageReport } from '../../../schemas/coverage.ts'
import { addCheck, CommandEnd, checkFailed, checkFound } from '../../command-end.ts'
import { createControlClient } from '../../control-client.ts'
import { type Settings, wholeNumber } from '../../settings.ts'
import { createValidator } from '../../validation.ts'
import { coverableOperations } from './coverable.ts'
import { mergeCoverage } from './report.ts'
import { coverageJunit, coverageMarkdown } from './text.ts'

type Flags = { url?: string; min?: string; operation?: string[]; json?: boolean; junit?: boolean }

/** `coverage`: what the calls of a running mock, or of several that wrote their reports to files, have exercised. */
export function addCoverageCommand(root: Command, settingsOf: (command: Command) => Promise<Settings>): void {
  addCheck(root, 'coverage')
    .description('what a client has exercised of the contract')
    .argument('[files...]', 'reports of GET /__admin/coverage or --json, to be added up')
    .option('--url <origin>', 'a running mock to ask; without files the one on --port')
    .option('--min <percent>', 'exit code 1 below this')
    .option('--operation <id>', 'this operation only; can be given several times', collect)
    .option('--json', 'print JSON, which can be added up later')
    .option('--junit', 'print JUnit XML')
    .action(async (files: string[], flags: Flags, command: Command) => {
      const min = flags.min === undefined ? undefined : percentOf(flags.min)
      for (const id of flags.operation ?? []) refuseUnknown(id)
      const reports = await Promise.all(files.map(readReport))
      if (flags.url !== undefined || files.length === 0) {
        const { port, adminApiToken } = await settingsOf(command).catch(cannotRun)
        reports.push(await askReport(flags.url ?? `http://localhost:${port}`, adminApiToken))
      }
      const report = mergeCoverage(reports, flags.operation)
      console.log(await shown(report, flags, min))
      if (min !== undefined && report.percent < min) {
        throw new CommandEnd(
          checkFound,
          `${report.percent} % of the contract were exercised, which is less than ${min} %.`,
        )
      }
    })
}

const collect = (entry: string, list: string[] = []) => [...list, entry]

function cannotRun(error: Error): never {
  throw new CommandEnd(checkFailed, error.message)
}

function percentOf(text: string): number {
  try {
    return wholeNumber(0, 100)(text)
  } catch (error) {
    return cannotRun(new Error(`--min must be ${(error as Error).message}.`))
  }
}

function refuseUnknown(id: string): void {
  if (coverableOperations.has(id)) return
  cannotRun(
    new Error(`There is no operation ${id}; there are ${[...coverableOperations.keys()].join(', ')}.`),
  )
}

const shape = createValidator(CoverageReport)

async function readReport(file: string): Promise<CoverageReport> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) =>
    cannotRun(new Error(`The file ${file} cannot be read (${error.code}).`)),
  )
  try {
    const report: unknown = JSON.parse(text)
    if (!shape.accepts(report)) throw new Error('it is something else')
    // Whatever it counts must be in this contract, too.
    return mergeCoverage([report as CoverageReport])
  } catch (error) {
    const cause = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message
    return cannotRun(new Error(`The file ${file} is no coverage of this contract: ${cause}.`))
  }
}

async function askReport(origin: string, adminToken: string | undefined): Promise<CoverageReport> {
  try {
    return await createControlClient({ origin, ...(adminToken !== undefined && { adminToken }) }).coverage()
  } catch (error) {
    const { message } = ((error as Error).cause ?? error) as Error
    return cannotRun(
      new Error(
        `The mock at ${origin} did not tell its coverage: ${message}; start it, or name it with --url.`,
      ),
    )
  }
}

async function shown(
  report: CoverageReport,
  { json, junit }: Flags,
  min: number | undefined,
): Promise<string> {
  if (json) return JSON.stringify(report)
  return junit ? coverageJunit(report, min) : coverageMarkdown(report)
}
