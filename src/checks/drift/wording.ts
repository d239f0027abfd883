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
