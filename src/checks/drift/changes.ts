import { isDeepStrictEqual } from 'node:util'
import { isTighter } from './constraints.ts'
import { effectOf, type Finding, harmless } from './finding.ts'
import { covers, type Said } from './view.ts'

/** What changed about a value, before anybody says where it stands. */
export type Change = Omit<Finding, 'spot'>

/** Whether two changes are of the same rule. */
export const isOfSameRule = (one: Change, other: Change): boolean =>
  one.kind === other.kind && one.about === other.about

/** The types of a value in words. */
export const typesText = ({ types }: Pick<Said, 'types'>) =>
  types ? types.toSorted().join(' or ') || 'nothing' : 'any type'

/** Which way the value goes. */
export function flagChanges(a: Said, b: Said): Change[] {
  const changes: Change[] = []
  if (a.isReadOnly !== b.isReadOnly) {
    const effect = { ...harmless, request: b.isReadOnly }
    changes.push({ kind: 'read-only-changed', expected: a.isReadOnly, got: b.isReadOnly, effect })
  }
  if (a.isWriteOnly !== b.isWriteOnly) {
    const effect = { ...harmless, response: b.isWriteOnly, answers: b.isWriteOnly }
    changes.push({ kind: 'write-only-changed', expected: a.isWriteOnly, got: b.isWriteOnly, effect })
  }
  return changes
}

/** Whether the value can be null, and how that is said. */
export function nullChanges(a: Said, b: Said): Change[] {
  if (a.isNullable !== b.isNullable) {
    const effect = effectOf(a.isNullable, b.isNullable)
    return [{ kind: 'nullable-changed', expected: a.isNullable, got: b.isNullable, effect }]
  }
  if (a.looseNull === b.looseNull || a.choices.length !== b.choices.length) return []
  const said = ({ looseNull }: Said) => looseNull || 'said plainly'
  return [{ kind: 'composition-changed', expected: said(a), got: said(b), effect: harmless }]
}

export function typeChanges(a: Said, b: Said): Change[] {
  const [was, is] = [typesBeside(a, b), typesBeside(b, a)]
  const [expected, got] = [typesText({ types: was }), typesText({ types: is })]
  if (expected === got) return []
  const isWithin = (types: Said['types'], others: Said['types']) =>
    types === undefined ? others === undefined : types.every((type) => covers(others, type))
  return [{ kind: 'type-changed', expected, got, effect: effectOf(!isWithin(was, is), !isWithin(is, was)) }]
}

/** Alternatives stand for the types they come to where the other side names its types. */
const typesBeside = (view: Said, other: Said) => view.types ?? (other.types && view.typesOfChoices)

/** Which values of the type fit. */
export function valueChanges(a: Said, b: Said): Change[] {
  const changes = enumChanges(a.values, b.values)
  for (const about of new Set([...a.constraints.keys(), ...b.constraints.keys()])) {
    const [was = [], is = []] = [a.constraints.get(about), b.constraints.get(about)]
    if (isDeepStrictEqual(was, is)) continue
    const effect =
      about === 'default' ? harmless : effectOf(isTighter(about, was, is), isTighter(about, is, was))
    const [expected, got] = [oneOrAll(was), oneOrAll(is)]
    if (about === 'format') changes.push({ kind: 'format-changed', expected, got, effect })
    else changes.push({ kind: 'constraint-changed', about, expected, got, effect })
  }
  return changes
}

const oneOrAll = (values: readonly unknown[]) => (values.length > 1 ? values : (values[0] ?? null))

function enumChanges(ours: Said['values'], theirs: Said['values']): Change[] {
  const text = (values: Said['values']) => (values ? [...values.values()] : null)
  if (ours === undefined && theirs === undefined) return []
  if (ours === undefined || theirs === undefined) {
    const kind = ours ? 'enum-removed' : 'enum-added'
    return [{ kind, expected: text(ours), got: text(theirs), effect: effectOf(!ours, !theirs) }]
  }
  return [
    ...[...ours]
      .filter(([key]) => !theirs.has(key))
      .map(([, value]): Change => {
        return { kind: 'enum-value-removed', expected: value, got: null, effect: effectOf(true, false) }
      }),
    ...[...theirs]
      .filter(([key]) => !ours.has(key))
      .map(([, value]): Change => {
        return { kind: 'enum-value-added', expected: null, got: value, effect: effectOf(false, true) }
      }),
  ]
}
