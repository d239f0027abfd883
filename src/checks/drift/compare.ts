import { isDeepStrictEqual } from 'node:util'
import { type Change, changeOf, changesOf, kinds, oneSchema } from './kinds.ts'
import { type Child, type Node, nothingFor, type Part, type Side } from './node.ts'

/** A change where it stands in both documents, and whom it concerns. */
export type Finding = Omit<Change, 'effect'> & {
  ours: Pick<Part, 'id' | 'path'>
  theirs: Pick<Part, 'id' | 'path'>
  operationId?: unknown
  breaking: boolean
  mockDepends: boolean
}

/** With which of their parts each of ours was compared. */
export type Met = Map<string, Set<string>>

type Context = { side: Side; isReadOnly: boolean; isWriteOnly: boolean; met: Met }

/** What differs between two places and below them. */
export const compare = (a: Node, b: Node, met: Met): Finding[] =>
  compareWithin(a, b, { side: 'response', isReadOnly: false, isWriteOnly: false, met })

function compareWithin(a: Node, b: Node, outside: Context): Finding[] {
  const context = {
    met: outside.met,
    side: a.side ?? outside.side,
    isReadOnly: outside.isReadOnly || a.isReadOnly === true,
    isWriteOnly: outside.isWriteOnly || a.isWriteOnly === true,
  }
  for (const { ours, theirs } of spotsOf(a, b)) meet(ours, theirs, context)
  const tell = (fact: string) => told(fact, a, b, context)
  const { presence } = a
  if (presence && a.facts.has(presence) !== b.facts.has(presence)) return tell(presence)

  const children = paired(a.children(), b.children())
  const choices = children.filter(isOfChoices)
  const others = children.filter((pair) => !choices.includes(pair))
  const isInstead = standsInstead(a, b) || standsInstead(b, a)
  const isOtherType = differs('type', a, b) && !others.some(isOfBoth)
  const isEnough = (fact: string) =>
    aboutItself.has(fact) ? isTold(fact, a, b, choices) : !isInstead && (!isOtherType || fact === 'type')
  const facts = [...new Set([...a.facts.keys(), ...b.facts.keys()])].filter(isEnough)
  return [
    ...facts.filter((fact) => differs(fact, a, b)).flatMap(tell),
    ...(presence === 'property' ? declaredLess(a, b) : []),
    ...(isInstead || isOtherType ? choices : [...choices, ...others]).flatMap(([ours, theirs]) => {
      const child = (ours ?? theirs) as Child
      if (!(ours && theirs) && child.isOptional) return []
      const instead = isInstead ? new Map([['composition', oneSchema]]) : undefined
      return compareWithin(
        ours?.node ?? nothingFor(child, a, instead),
        theirs?.node ?? nothingFor(child, b, instead),
        context,
      )
    }),
  ]
}

/** Facts that are told even where a value is of another type or put otherwise. */
const aboutItself = new Set(['read-only', 'write-only', 'nullable', 'composition'])

type Pair = [ours: Child | undefined, theirs: Child | undefined]

const isOfChoices = ([ours, theirs]: Pair) => (ours ?? theirs)?.alike === 'choice'

/** Whether both describe what is below, so that comparing goes on there. */
const isOfBoth = ([ours, theirs]: Pair) =>
  [ours, theirs].every((child) => child?.step === '[]' || child?.node.facts.has('property'))

/** How null is let in matters only where nothing else does; an alternative that can be null says so itself. */
function isTold(fact: string, a: Node, b: Node, choices: readonly Pair[]): boolean {
  if (fact === 'read-only' || fact === 'write-only' || a.presence === 'composition') return true
  const isToldThere = choices.some(
    ([ours, theirs]) =>
      ours &&
      theirs &&
      paired(ours.node.children(), theirs.node.children()).some(
        ([one, other]) => one && other && differs('nullable', one.node, other.node),
      ),
  )
  if (isToldThere) return false
  if (fact === 'nullable') return true
  const isSaid = a.facts.has(fact) && b.facts.has(fact)
  return isSaid && !differs('nullable', a, b) && choices.every(([ours, theirs]) => ours && theirs)
}

/** Whether alternatives stand in place of the other schema, not beside what both say. */
const standsInstead = (one: Node, other: Node): boolean =>
  hasChoices(one) && !isDescribed(one) && !hasChoices(other) && isDescribed(other)

const hasChoices = (node: Node) => node.children().some(({ alike }) => alike === 'choice')

/** Whether it says more than that it is one of several. */
const isDescribed = (node: Node) =>
  [...node.facts.keys()].some((fact) => !aboutItself.has(fact)) ||
  node.children().some(({ alike, step }) => alike !== 'choice' && step !== '.*')

/** By what they are called, then those that only one document has and that are alike, in order. */
function paired(ours: readonly Child[], theirs: readonly Child[]): Pair[] {
  const known = new Set(ours.map(({ step }) => step))
  const byStep = new Map(theirs.map((child) => [child.step, child]))
  const fresh = theirs.filter(({ step }) => !known.has(step))
  const pairs = ours.map((child): Pair => {
    const same = byStep.get(child.step)
    const index = fresh.findIndex(({ alike }) => alike !== undefined && alike === child.alike)
    return [child, same ?? (index === -1 ? undefined : fresh.splice(index, 1)[0])]
  })
  return [...pairs, ...fresh.map((child): Pair => [undefined, child])]
}

type Saying = Pick<Node, 'facts' | 'implied'>

/** Alternatives stand for the types they come to where the other side names its types. */
const valueSaid = (one: Saying, other: Saying, fact: string): unknown =>
  one.facts.get(fact) ?? (fact === 'type' && other.facts.has('type') ? one.implied : undefined)

/** Of a property or a body it only matters here whether there is one. */
const differs = (fact: string, a: Saying, b: Saying): boolean =>
  fact === 'property' || fact === 'request-body'
    ? a.facts.has(fact) !== b.facts.has(fact)
    : !isDeepStrictEqual(valueSaid(a, b, fact), valueSaid(b, a, fact))

/** The part that stands where this one does: the component of its name, else what is in its position. */
function counterpartOf(part: Part, others: readonly Part[]): Part | undefined {
  const namesakes = others.filter(({ path }) => isComponent(part) && path === part.path)
  const isThere = ({ position }: Part) => position === part.position
  const isOther = (other: Part) => isComponent(part) && isComponent(other)
  return namesakes.find(isThere) ?? namesakes[0] ?? others.find((other) => isThere(other) && !isOther(other))
}

const isComponent = ({ path }: Part) => path.startsWith('components.')

type Spot = { ours: Part; theirs: Part }

function spotsOf(a: Node, b: Node): Spot[] {
  return a.parts.flatMap((ours) => {
    const theirs = counterpartOf(ours, b.parts)
    return theirs ? [{ ours, theirs }] : []
  })
}

/** A change of a fact, told of the parts that say otherwise than before; if none does, of what says it. */
function told(fact: string, a: Node, b: Node, context: Context): Finding[] {
  const spots = spotsOf(a, b)
  const own = spots.filter(({ ours, theirs }) => differs(fact, ours, theirs))
  const [ours, theirs] = [a, b].map(({ parts }) => parts.find(({ facts }) => facts.has(fact)))
  const known = theirs && counterpartOf(theirs, a.parts)
  const whole = ours
    ? { ours, theirs: counterpartOf(ours, b.parts) ?? b.parts[0] }
    : { ours: known ?? a.parts[0], theirs: (known && theirs) ?? b.parts[0] }
  const isAlone = own.length === 1 && isSaidOnlyIn(spots, fact, a, b)
  const [was, is] = isAlone && own[0] ? [own[0].ours, own[0].theirs] : [a, b]
  const isRequired = b.facts.has('required')
  const changes = changesOf({ fact, was: valueSaid(was, is, fact), is: valueSaid(is, was, fact), isRequired })
  return (own.length > 0 ? own : [whole]).flatMap((spot) => {
    meet(spot.ours, spot.theirs, context)
    return changes.map((change) => findingAt(spot, change, context))
  })
}

/** Whether all that say something of it have a counterpart, so that what one of them says anew is all that changed. */
function isSaidOnlyIn(spots: readonly Spot[], fact: string, a: Node, b: Node): boolean {
  const paired = new Set(spots.flatMap(({ ours, theirs }) => [ours, theirs]))
  return (
    fact !== 'composition' &&
    [...a.parts, ...b.parts].every((part) => paired.has(part) || !part.facts.has(fact))
  )
}

function findingAt({ ours, theirs }: Spot, { effect, ...change }: Change, context: Context): Finding {
  const { side, isReadOnly, isWriteOnly } = context
  const { side: only = side } = kinds[change.kind]
  const isHidden = only !== side || (side === 'request' ? isReadOnly : isWriteOnly)
  return {
    ...change,
    ours,
    theirs,
    breaking: !isHidden && (side === 'request' ? effect.narrows : effect.widens),
    mockDepends: side === 'request' || (!isHidden && effect.narrows),
  }
}

/** A schema of an `allOf` that does or does not repeat what another one declares: nothing changes for a client. */
function declaredLess(a: Node, b: Node): Finding[] {
  const declares = ({ facts }: Part) => facts.has('property')
  const [was, is] = [a, b].map(({ parts }) => parts.filter(declares).length) as [number, number]
  return spotsOf(a, b).flatMap((spot): Finding[] => {
    if (declares(spot.ours) === declares(spot.theirs) || was > is !== declares(spot.ours) || was === is)
      return []
    const change =
      was > is
        ? changeOf('property', 'declared twice', undefined)
        : changeOf('property', undefined, 'declared twice')
    return [{ ...change, ...spot, expected: times(was), got: times(is), breaking: false, mockDepends: true }]
  })
}

const times = (count: number) => (count > 1 ? 'declared twice' : 'declared once')

const meet = (ours: Part, theirs: Part, { met }: Context) =>
  met.set(ours.id, (met.get(ours.id) ?? new Set()).add(theirs.id))

/** Findings that come from one edit, first at this path. */
export type Edit = { path: string; findings: [Finding, ...Finding[]] }

/**
 * One edit each, however often the edited part is used: the same part of their document, or every counterpart of the
 * same part of ours. An edit of only some counterparts is told where they are.
 */
export function editsOf(findings: readonly Finding[], met: Met): Edit[] {
  const byTheirs = grouped(findings, (finding) => `${finding.theirs.id} ${what(finding)}`)
  const byOurs = grouped(byTheirs, ([finding]) => `${finding.ours.id} ${what(finding)}`)
  return byOurs.flatMap((groups): Edit[] => {
    const [[{ ours }]] = groups
    const isEverywhere = groups.length >= (met.get(ours.id)?.size ?? 1)
    if (isEverywhere) return [{ path: ours.path, findings: groups.flat() as Edit['findings'] }]
    return groups.map((group) => ({ path: group[0].theirs.path, findings: group }))
  })
}

const what = ({ kind, fact, expected, got }: Finding) => JSON.stringify([kind, fact, expected, got])

/** In groups of the same key, each in order. */
export function grouped<T>(all: readonly T[], keyOf: (entry: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const entry of all) {
    const key = keyOf(entry)
    const group = groups.get(key)
    if (group) group.push(entry)
    else groups.set(key, [entry])
  }
  return [...groups.values()]
}
