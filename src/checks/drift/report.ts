import { visible } from '../../values/visible.ts'
import type { Drift, DriftFinding } from './drift.ts'

/** The differences for a program, or whoever looks over its shoulder. */
export const jsonOf = (drift: Drift): string =>
  JSON.stringify(drift, null, 2).split('\n').map(visible).join('\n')

/** The differences for an issue, what breaks clients first. */
export function markdownOf({ differences, notCompared }: Drift): string {
  const isNew = ({ kind }: DriftFinding) => kind === 'path-added' || kind === 'operation-added'
  const breaking = differences.filter((difference) => difference.breaking)
  const harmless = differences.filter((difference) => !difference.breaking && !isNew(difference))
  const parts = [
    differences.length === 0 ? 'No difference.' : headline(differences.length, breaking.length),
    ...table('Breaks clients', breaking),
    ...table('Does not break clients', harmless),
    ...list('Not mocked', differences.filter(isNew)),
  ]
  if (notCompared.length > 0) {
    parts.push(`Not compared, because the document does not have them: ${notCompared.map(code).join(', ')}.`)
  }
  return parts.join('\n\n')
}

const headline = (all: number, breaking: number) =>
  `# ${all} difference${all === 1 ? '' : 's'} from the contract, ${breaking} of them breaking`

function table(title: string, differences: readonly DriftFinding[]): string[] {
  if (differences.length === 0) return []
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const fileOf = ({ file }: DriftFinding) => (file === undefined ? [] : [code(file)])
  const withFile = differences.some(({ file }) => file !== undefined) ? ['file to change'] : []
  const titles = ['where', 'what', 'mock depends on it', ...withFile]
  const rows = differences.map((difference) => {
    const { path, alsoAt, message, mockDepends } = difference
    const places = [path, ...alsoAt].map(code).join(', ')
    return row([places, cell(message), mockDepends ? 'yes' : 'no', ...fileOf(difference)])
  })
  return [`## ${title}`, [row(titles), `|${'---|'.repeat(titles.length)}`, ...rows].join('\n')]
}

const list = (title: string, differences: readonly DriftFinding[]): string[] =>
  differences.length === 0
    ? []
    : [`## ${title}`, differences.map(({ path, message }) => `- ${code(path)}: ${cell(message)}`).join('\n')]

const cell = (text: string) => visible(text).replace(/[\\`*<[|]/g, '\\$&')

/** Between more backticks than it has; a bar would end the cell even there. */
function code(text: string): string {
  const shown = visible(text).replaceAll('|', '\\|')
  const [longest = ''] = [...shown.matchAll(/`+/g)]
    .map(([run]) => run)
    .sort((one, other) => other.length - one.length)
  const fence = `\`${longest}`
  const gap = /^`|`$/.test(shown) ? ' ' : ''
  return fence + gap + shown + gap + fence
}
