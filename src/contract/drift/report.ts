import type { Difference, Drift } from './drift.ts'
import type { Found, Kind } from './finding.ts'

type Wording = (expected: string, got: string, about: string) => string

const changed =
  (what: string): Wording =>
  (expected, got) =>
    `${what} ${expected} → ${got}`

const wordings: Record<Kind, Wording> = {
  'path-added': (_, methods) => `path added: ${methods}`,
  'path-removed': (methods) => `path removed: ${methods}`,
  'operation-added': () => 'operation added',
  'operation-removed': () => 'operation removed',
  'parameter-added': (_, where) => `parameter added: ${where}`,
  'parameter-removed': (where) => `parameter removed: ${where}`,
  'parameter-location-changed': changed('parameter moved:'),
  'request-body-added': (_, types) => `request body added: ${types}`,
  'request-body-removed': (types) => `request body removed: ${types}`,
  'media-type-added': (_, type) => `media type added: ${type}`,
  'media-type-removed': (type) => `media type removed: ${type}`,
  'media-type-changed': changed('media type'),
  'status-added': () => 'status added',
  'status-removed': () => 'status removed',
  'property-added': (_, type) => `property added: ${type}`,
  'property-removed': (type) => `property removed: ${type}`,
  'required-added': () => 'became required',
  'required-removed': () => 'no longer required',
  'enum-added': (_, values) => `only certain values now: ${values}`,
  'enum-removed': (values) => `any value now, not only ${values}`,
  'enum-value-added': (_, value) => `value added: ${value}`,
  'enum-value-removed': (value) => `value removed: ${value}`,
  'type-changed': changed('type'),
  'format-changed': changed('format'),
  'nullable-changed': (_, isNullable) => (isNullable === 'true' ? 'became nullable' : 'no longer nullable'),
  'read-only-changed': (_, isReadOnly) =>
    isReadOnly === 'true' ? 'became read only' : 'no longer read only',
  'write-only-changed': (_, isWriteOnly) =>
    isWriteOnly === 'true' ? 'became write only' : 'no longer write only',
  'composition-changed': changed('put together otherwise:'),
  'constraint-changed': (expected, got, about) => `${about} ${expected} → ${got}`,
  'security-changed': changed('sign-in'),
}

/** Every kind of difference. */
export const kinds = Object.keys(wordings)

/** What changed, in a few words. */
export const messageOf = ({ kind, expected, got, about = '' }: Omit<Found, 'spot'>): string =>
  wordings[kind](textOf(expected), textOf(got), about)

function textOf(value: unknown): string {
  if (value === null) return 'none'
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The differences for an issue, what breaks clients first. */
export function markdownOf({ differences, notCompared }: Drift): string {
  const isNew = ({ kind }: Difference) => kind === 'path-added' || kind === 'operation-added'
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

function table(title: string, differences: readonly Difference[]): string[] {
  if (differences.length === 0) return []
  const rows = differences.map(
    ({ path, alsoAt, message, mockDepends, file }) =>
      `| ${[path, ...alsoAt].map(code).join(', ')} | ${cell(message)} | ${mockDepends ? 'yes' : 'no'} | ${code(file)} |`,
  )
  const header = ['| where | what | mock depends on it | file to change |', '|---|---|---|---|']
  return [`## ${title}`, [...header, ...rows].join('\n')]
}

const list = (title: string, differences: readonly Difference[]): string[] =>
  differences.length === 0
    ? []
    : [`## ${title}`, differences.map(({ path, message }) => `- ${code(path)}: ${cell(message)}`).join('\n')]

const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ')

const code = (text: string) => `\`${cell(text)}\``
