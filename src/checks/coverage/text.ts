import type { CoverageReport } from '../../../schemas/coverage.ts'

/** One thing that can be exercised, in words. */
type Named = { what: string; count: number }

/** What stands under one heading: an operation, or all of them together. */
type Section = {
  name: string
  title: string
  calls?: number
  covered: number
  entries: Named[]
  notes: string[]
}

function sectionsOf({ operations, refusals }: CoverageReport): Section[] {
  return [
    ...operations.map((operation) => {
      const { operationId, method, path, calls, covered, statuses, properties, values, undocumented } =
        operation
      return {
        name: operationId,
        title: `${method} ${path}`,
        calls,
        covered,
        entries: [
          ...statuses.map(({ status, count }) => ({ what: `status ${status}`, count })),
          ...properties.map(({ path, count }) => ({ what: `property ${path}`, count })),
          ...values.map(({ path, value, count }) => ({ what: `value ${path} = ${value}`, count })),
          ...operation.refusals.map(({ refusal, status, count }) => ({
            what: `refusal ${refusal} (${status})`,
            count,
          })),
        ],
        notes: undocumented.map(
          ({ status, count }) => `status ${status}, ${count === 1 ? 'once' : `${count} times`}`,
        ),
      }
    }),
    {
      name: 'any',
      title: 'any operation',
      covered: refusals.filter(({ count }) => count > 0).length,
      entries: refusals.map(({ refusal, status, count }) => ({
        what: `refusal ${refusal} (${status})`,
        count,
      })),
      notes: [],
    },
  ].filter(({ entries }) => entries.length > 0)
}

/** What no call exercised, by operation id; `any` stands for all of them together. */
export function uncoveredOf(report: CoverageReport): Record<string, string[]> {
  return Object.fromEntries(
    sectionsOf(report).flatMap(({ name, entries }) => {
      const missing = entries.filter(({ count }) => count === 0).map(({ what }) => what)
      return missing.length === 0 ? [] : [[name, missing]]
    }),
  )
}

/** A page to read: how much of each operation was exercised, and what was not. */
export function coverageMarkdown(report: CoverageReport): string {
  const { percent, covered, all } = report
  const sections = sectionsOf(report)
  const missing = uncoveredOf(report)
  return [
    '# Coverage of the contract',
    '',
    `**${percent} %**: ${covered} of ${all} were exercised.`,
    '',
    '| operation | calls | covered | of |',
    '|---|--:|--:|--:|',
    ...sections.map(
      ({ title, calls = '', covered, entries }) => `| ${title} | ${calls} | ${covered} | ${entries.length} |`,
    ),
    ...sections.flatMap(({ title, name }) =>
      missing[name]
        ? ['', `## Not exercised: ${title}`, '', ...missing[name].map((what) => `- ${what}`)]
        : [],
    ),
    ...sections.flatMap(({ title, notes }) =>
      notes.length === 0
        ? []
        : ['', `## Answered, but not in the document: ${title}`, '', ...notes.map((note) => `- ${note}`)],
    ),
    '',
  ].join('\n')
}

/**
 * The same for a program that reads test results: a suite for each operation, a case for each thing, skipped when it
 * was not exercised. What fails is the threshold alone.
 */
export async function coverageJunit(report: CoverageReport, min: number | undefined): Promise<string> {
  const { default: XmlBuilder } = await import('fast-xml-builder')
  const suites = sectionsOf(report).map(({ name, title, covered, entries }) => ({
    '@name': title,
    '@tests': entries.length,
    '@failures': 0,
    '@skipped': entries.length - covered,
    testcase: entries.map(({ what, count }) => ({
      '@classname': name,
      '@name': what,
      ...(count === 0 && { skipped: { '@message': 'not exercised' } }),
    })),
  }))
  const builder = new XmlBuilder({
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    format: true,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
  })
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': 'Coverage of the contract',
      testsuite: [...suites, ...(min === undefined ? [] : [thresholdSuite(report.percent, min)])],
    },
  })
}

const thresholdSuite = (percent: number, min: number) => ({
  '@name': 'threshold',
  '@tests': 1,
  '@failures': percent < min ? 1 : 0,
  '@skipped': 0,
  testcase: {
    '@classname': 'threshold',
    '@name': `at least ${min} % of the contract`,
    ...(percent < min && { failure: { '@message': `${percent} % of the contract was exercised` } }),
  },
})
