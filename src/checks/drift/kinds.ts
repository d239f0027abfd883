import { isDeepStrictEqual } from 'node:util'
import type { Side } from './node.ts'
import { covers, has } from './said.ts'

/** What differs; docs/drift.md explains each. */
export type Kind =
  | `${'path' | 'operation' | 'parameter' | 'request-body' | 'media-type' | 'status'}-${'added' | 'removed'}`
  | `${'property' | 'required' | 'enum' | 'enum-value'}-${'added' | 'removed'}`
  | `${'type' | 'format' | 'nullable' | 'read-only' | 'write-only'}-changed`
  | `${'composition' | 'constraint' | 'media-type' | 'parameter-location' | 'security'}-changed`

/** A change of a fact; undefined is nothing. */
export type ChangedFact = { fact: string; was: unknown; is: unknown; isRequired?: boolean }

/** Less is right than before, or more is, or both. */
export type Effect = { narrows: boolean; widens: boolean }

const both: Effect = { narrows: true, widens: true }
const none: Effect = { narrows: false, widens: false }

type Rule = {
  /** Whether clients break, as docs/drift.md has it. */
  breaks: string
  effect: (change: ChangedFact) => Effect
  /** The only side of a call where it matters. */
  side?: Side
  message: (expected: string, got: string, fact: string) => string
}

const to = (what: string) => (expected: string, got: string) => `${what} ${expected} → ${got}`
const turned = (what: string) => (_: string, got: string) =>
  got === 'true' ? `became ${what}` : `no longer ${what}`

const yes = { breaks: 'yes', effect: () => both }
const no = { breaks: 'no', effect: () => none }
const ifRequired = {
  breaks: 'if it is required',
  effect: ({ isRequired = false }: ChangedFact) => ({ narrows: isRequired, widens: false }),
}
const fewerValues = { breaks: 'in a request: fewer values', effect: () => ({ narrows: true, widens: false }) }
const moreValues = { breaks: 'in an answer: more values', effect: () => ({ narrows: false, widens: true }) }
const asTight = {
  breaks: 'in a request if it is stricter, in an answer if it is looser; a `default` never',
  effect: ({ fact, was, is }: ChangedFact) =>
    fact === 'default'
      ? none
      : {
          narrows: isTighter(fact, listOf(was), listOf(is)),
          widens: isTighter(fact, listOf(is), listOf(was)),
        },
}
const whole = 'yes; a path that is gone with all its operations is one difference'

/**
 * What there is to know of each kind. A request breaks clients when less is accepted than before, an answer when more
 * may come; the mock depends on all of a request, and on what its own answers would no longer fit.
 */
export const kinds: Readonly<Record<Kind, Rule>> = {
  'path-removed': { ...yes, breaks: whole, message: (methods) => `path removed: ${methods}` },
  'operation-removed': { ...yes, breaks: whole, message: () => 'operation removed' },
  'path-added': { ...no, message: (_, methods) => `path added: ${methods}` },
  'operation-added': { ...no, message: () => 'operation added' },
  'parameter-removed': { ...yes, message: (where) => `parameter removed: ${where}` },
  'parameter-location-changed': { ...yes, message: to('parameter moved:') },
  'parameter-added': { ...ifRequired, message: (_, where) => `parameter added: ${where}` },
  'request-body-added': { ...ifRequired, message: (_, types) => `request body added: ${types}` },
  'request-body-removed': { ...yes, message: (types) => `request body removed: ${types}` },
  'media-type-removed': { ...yes, message: (type) => `media type removed: ${type}` },
  'media-type-changed': { ...yes, message: to('media type') },
  'media-type-added': { ...no, message: (_, type) => `media type added: ${type}` },
  'status-removed': {
    // A client relies on what it gets when all goes well; a refusal that is no longer made does not break it.
    breaks: 'if it is 2xx',
    effect: ({ was }) => ({ narrows: true, widens: String(was).startsWith('2') }),
    message: () => 'status removed',
  },
  'status-added': { ...no, message: () => 'status added' },
  'property-removed': { ...yes, message: (type) => `property removed: ${type}` },
  'property-added': {
    ...ifRequired,
    breaks: 'if the request must have it',
    message: (_, type) => `property added: ${type}`,
  },
  'required-added': { ...fewerValues, breaks: 'in a request', message: () => 'became required' },
  'required-removed': { ...moreValues, breaks: 'in an answer', message: () => 'no longer required' },
  'enum-added': { ...fewerValues, message: (_, values) => `only certain values now: ${values}` },
  'enum-value-removed': { ...fewerValues, message: (value) => `value removed: ${value}` },
  'enum-removed': { ...moreValues, message: (values) => `any value now, not only ${values}` },
  'enum-value-added': { ...moreValues, message: (_, value) => `value added: ${value}` },
  'type-changed': {
    breaks:
      'in a request if the old type is refused, in an answer if a new one may come; an integer is a number',
    effect: ({ was, is }) => ({ narrows: !isWithin(was, is), widens: !isWithin(is, was) }),
    message: to('type'),
  },
  'nullable-changed': {
    breaks: 'in a request if null is refused now, in an answer if it may come now',
    effect: ({ was, is }) => ({ narrows: was === true, widens: is === true }),
    message: turned('nullable'),
  },
  'format-changed': { ...asTight, message: to('format') },
  'constraint-changed': { ...asTight, message: (expected, got, fact) => `${fact} ${expected} → ${got}` },
  'read-only-changed': {
    breaks: 'in a request if it became read only',
    effect: ({ is }) => (is ? both : none),
    side: 'request',
    message: turned('read only'),
  },
  'write-only-changed': {
    breaks: 'in an answer if it became write only',
    effect: ({ is }) => (is ? both : none),
    side: 'response',
    message: turned('write only'),
  },
  'composition-changed': {
    breaks:
      '`oneOf` or `anyOf` put otherwise: in a request if there are fewer alternatives, or some are asked for beside what the schema says; in an answer if there are more, or those are no longer asked for; not if the same is meant',
    effect: compositionEffect,
    message: to('put together otherwise:'),
  },
  'security-changed': {
    breaks: 'if what suffices today no longer does',
    effect: ({ isRequired = false }) => ({ narrows: isRequired, widens: false }),
    message: to('sign-in'),
  },
}

/** What differs when a fact does. */
export type Change = { kind: Kind; fact: string; expected: unknown; got: unknown; effect: Effect }

/** One difference for each value that came or went, else one. */
export function changesOf({ fact, was, is, isRequired = false }: ChangedFact): Change[] {
  if (fact === 'enum' && was !== undefined && is !== undefined) {
    const [ours, theirs] = [listOf(was), listOf(is)]
    return [
      ...ours.filter((value) => !has(theirs, value)).map((value) => changeOf('enum-value', value, undefined)),
      ...theirs.filter((value) => !has(ours, value)).map((value) => changeOf('enum-value', undefined, value)),
    ]
  }
  return [changeOf(fact, was, is, isRequired)]
}

export function changeOf(fact: string, was: unknown, is: unknown, isRequired = false): Change {
  const kind = kindOf(fact, was, is)
  return {
    kind,
    fact,
    expected: shown(fact, was),
    got: kind === 'parameter-added' && isRequired ? `${is}, required` : shown(fact, is),
    effect: kinds[kind].effect({ fact, was, is, isRequired }),
  }
}

const isKind = (name: string): name is Kind => Object.hasOwn(kinds, name)

/** A fact is called as its kinds begin; those that none is made for are constraints. */
function kindOf(fact: string, was: unknown, is: unknown): Kind {
  const verb = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed'
  const names = [`${fact}-${verb}`, `${fact}-changed`, `${fact}-location-changed`]
  return names.find(isKind) ?? 'constraint-changed'
}

const flags = new Set(['nullable', 'read-only', 'write-only', 'required'])

/** What is said, in words that a report can hold. */
function shown(fact: string, said: unknown): unknown {
  if (flags.has(fact)) return said === true
  if (fact === 'type') return Array.isArray(said) ? said.join(' or ') || 'nothing' : 'any type'
  if (fact === 'property' && Array.isArray(said)) return shown('type', said)
  if (fact === 'composition' && isComposition(said)) return said.text
  if (fact.startsWith('enum') || fact === 'path' || !Array.isArray(said)) return said ?? null
  return said.length > 1 ? said : said[0]
}

/** What changed, in a few words. */
export const messageOf = ({ kind, fact, expected, got }: Omit<Change, 'effect'>): string =>
  kinds[kind].message(textOf(expected), textOf(got), fact)

function textOf(value: unknown): string {
  if (value === null) return 'none'
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

const isWithin = (types: unknown, others: unknown): boolean =>
  types === undefined
    ? others === undefined
    : (types as string[]).every((type) => covers(others as string[] | undefined, type))

/** Whether the rule lets less through than before. */
function isTighter(name: string, from: readonly unknown[], to: readonly unknown[]): boolean {
  const [was, is] = [from[0], to[0]]
  if (typeof was === 'number' && typeof is === 'number') {
    if (/min/i.test(name)) return is > was
    if (/max/i.test(name)) return is < was
  }
  return to.some((value) => !from.some((other) => isDeepStrictEqual(value, other)))
}

/** How many alternatives there are; how null is let in is a text. */
type Composition = { keyword: string; count: number; text: string }

const isComposition = (said: unknown): said is Composition => typeof said === 'object' && said !== null

/** What stands in place of alternatives where the other document has one schema. */
export const oneSchema: Composition = { keyword: 'allOf', count: 1, text: 'one schema' }

/** Fewer alternatives let less through, and so do alternatives that were not asked for before. */
function compositionEffect({ was, is }: ChangedFact): Effect {
  if (typeof was === 'string') return none
  const [ours, theirs] = [was, is].map((said) =>
    isComposition(said) ? said.count : Number.POSITIVE_INFINITY,
  )
  const isStricter =
    Number(theirs) < Number(ours) || (theirs === ours && (is as Composition).keyword === 'oneOf')
  return { narrows: isStricter, widens: !isStricter }
}
