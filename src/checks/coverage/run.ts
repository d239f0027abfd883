import { readFile } from 'node:fs/promises'
import { CoverageReport } from '../../../schemas/coverage.ts'
import { coverableOperations } from '../../contract/coverable.ts'
import { mergeCoverage } from '../../contract/coverage-report.ts'
import { createControlClient } from '../../library/control-client.ts'
import { createValidator } from '../../values/validation.ts'
import { coverageJunit, coverageMarkdown } from './text.ts'

/** @throws an Error with a sentence for the user when the contract has no such operation */
export function refuseUnknown(id: string): void {
  if (coverableOperations.has(id)) return
  throw new Error(`There is no operation ${id}; there are ${[...coverableOperations.keys()].join(', ')}.`)
}

/** A report from a file. @throws an Error with a sentence for the user */
export async function readReport(file: string): Promise<CoverageReport> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`The file ${file} cannot be read (${error.code}).`)
  })
  try {
    return checked(JSON.parse(text))
  } catch (error) {
    const cause = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message
    throw new Error(`The file ${file} is no coverage of this contract: ${cause}.`)
  }
}

/** The report of a running mock. @throws an Error with a sentence for the user */
export async function askReport(address: string, adminToken: string | undefined): Promise<CoverageReport> {
  const { origin, protocol, username, password } = URL.canParse(address) ? new URL(address) : nowhere
  // The address is not repeated: it may hold a password.
  if (!/^https?:$/.test(protocol) || username + password !== '')
    throw new Error('--url must be the origin of a mock, such as http://localhost:8005.')
  try {
    const mock = createControlClient({ origin, ...(adminToken !== undefined && { adminToken }) })
    return checked(await mock.coverage())
  } catch (error) {
    const cause = error instanceof SyntaxError ? 'its answer is not JSON' : causeOf(error as Error)
    throw new Error(
      `The mock at ${origin} did not tell its coverage: ${cause}. Is it started, and is this its origin?`,
    )
  }
}

const nowhere = { origin: '', protocol: '', username: '', password: '' }

/** What a failed connection says is below the error, and of several addresses it has no message. */
const causeOf = ({ cause, message }: Error): string =>
  [Object(cause).message, Object(cause).code, message].find(Boolean)

const shape = createValidator(CoverageReport)

/** Whatever a report counts must be in this contract, too. */
function checked(report: unknown): CoverageReport {
  if (!shape.accepts(report)) throw new Error('it is something else')
  return mergeCoverage([report as CoverageReport])
}

/** The report as it is printed. */
export async function shown(
  report: CoverageReport,
  { json, junit }: { json?: boolean; junit?: boolean },
  min: number | undefined,
): Promise<string> {
  if (json) return JSON.stringify(report)
  return junit ? coverageJunit(report, min) : coverageMarkdown(report)
}
