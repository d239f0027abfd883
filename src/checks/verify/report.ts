import { visible } from '../../values/visible.ts'
import type { Mismatch } from './compare.ts'
import type { CaseVerdict, Verification } from './verify.ts'
import { shownValue } from './without-secrets.ts'

type Counts = { same: number; different: number; notApplicable: number }

/** A difference in words, without secrets. */
export type ShownDifference = { what: string; expected: string; got: string }

/** What a run found, as `--json` prints it. */
export type Report = {
  target: string
  problem?: string
  /** Body of `PATCH /profiles` that puts back what the run could not. */
  putBack?: { profiles: Record<string, unknown>[] }
  /** Undocumented keys of the written profile that grow without being written. */
  movesByItself: string[]
  counts: Counts
  sources: Record<CaseVerdict['source'], Counts>
  cases: (Omit<CaseVerdict, 'differences'> & { differences?: ShownDifference[] })[]
}

/** `clean` is applied to every text that may hold something of the target's. */
export function reportOf(verification: Verification, clean: (text: string) => string): Report {
  const { target, problem, left, movesByItself, cases } = verification
  const of = (source: CaseVerdict['source']) => countsOf(cases.filter((one) => one.source === source))
  return {
    target,
    ...(problem !== undefined && { problem: clean(problem) }),
    ...(left && { putBack: JSON.parse(clean(JSON.stringify(left.body))) }),
    movesByItself: movesByItself.map(clean),
    counts: countsOf(cases),
    sources: { S: of('S'), P: of('P'), A: of('A') },
    cases: cases.map(({ differences, reason, ...one }) => ({
      ...one,
      ...(reason !== undefined && { reason: clean(reason) }),
      ...(differences && {
        differences: differences.slice(0, mostDifferences).map((difference) => shown(difference, clean)),
      }),
    })),
  }
}

function countsOf(cases: readonly CaseVerdict[]): Counts {
  const count = (verdict: CaseVerdict['verdict']) => cases.filter((one) => one.verdict === verdict).length
  return { same: count('same'), different: count('different'), notApplicable: count('not applicable') }
}

const mostDifferences = 20
const longestShown = 300

function shown({ what, expected, got }: Mismatch, clean: (text: string) => string): ShownDifference {
  const show = (value: unknown) =>
    cut(clean(value === undefined ? 'nothing' : JSON.stringify(shownValue(value, what))))
  return { what: cut(clean(what)), expected: show(expected), got: show(got) }
}

/** Of a sensible length. */
const cut = (text: string) => (text.length > longestShown ? `${text.slice(0, longestShown)} …` : text)

const sourceNames = {
  S: 'S, the published document',
  P: 'P, other public pages of the vendor',
  A: 'A, assumptions of this project',
}

/** The report as Markdown: the verdict, what is different by source, and why the rest was not run. */
export function reportText(report: Report): string {
  const { target, problem, putBack, movesByItself, counts, sources, cases } = report
  const table = (['S', 'P', 'A'] as const).map((source) => {
    const { same, different, notApplicable } = sources[source]
    return `| ${sourceNames[source]} | ${same} | ${different} | ${notApplicable} |`
  })
  return [
    ...(problem === undefined ? [] : [`**${problem}**`, '']),
    ...(putBack === undefined ? [] : [`    ${visible(JSON.stringify(putBack))}`, '']),
    verdictLine(target, counts),
    '',
    '| source | same | different | not applicable |',
    '|---|---|---|---|',
    ...table,
    ...standInsOf(cases),
    ...(movesByItself.length === 0
      ? []
      : ['', `Moves by itself, and was left alone: ${movesByItself.join(', ')}.`]),
    ...(['S', 'P', 'A'] as const).flatMap((source) => differentOf(source, cases)),
    ...reasonsOf(cases),
  ].join('\n')
}

function verdictLine(target: string, { same, different, notApplicable }: Counts): string {
  const ran = same + different
  const found =
    different === 0 ? `all ${ran} cases that ran are the same` : `${different} of ${ran} cases are different`
  return `${target}: ${found}; ${notApplicable} are not applicable.`
}

function differentOf(source: CaseVerdict['source'], cases: Report['cases']): string[] {
  const different = cases.filter((one) => one.source === source && one.verdict === 'different')
  if (different.length === 0) return []
  return [
    '',
    `## Different: ${sourceNames[source]}`,
    ...(source === 'A'
      ? ['', 'Nothing public says these. The service is right, and our assumption is to be mended.']
      : []),
    ...different.flatMap(({ name, file, rule, differences = [] }) => [
      '',
      `### ${name}`,
      '',
      `${file}.yaml, rule: ${rule}`,
      '',
      ...differences.map(({ what, expected, got }) => `    ${what}: expected ${expected}, got ${got}`),
    ]),
  ]
}

/** Cases that say less than they could, for want of a token. */
function standInsOf(cases: Report['cases']): string[] {
  const count = cases.filter(({ note }) => note !== undefined).length
  return count === 0
    ? []
    : ['', `${count} reads were made as somebody else than the case says, for want of a token.`]
}

function reasonsOf(cases: Report['cases']): string[] {
  const counts = new Map<string, number>()
  for (const { verdict, reason = '' } of cases) {
    if (verdict === 'not applicable') counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  const lines = [...counts].sort(([, one], [, other]) => other - one)
  return ['', '## Not applicable', '', ...lines.map(([reason, count]) => `- ${count}: ${reason}`)]
}
