import { objectOf } from '../../contract/json-schema.ts'
import { besides, counterpartOf, pairsOfParts } from './beside.ts'
import {
  type Change,
  flagChanges,
  isOfSameRule,
  nullChanges,
  typeChanges,
  typesText,
  valueChanges,
} from './changes.ts'
import { choiceChange, isInstead, pairsOfChoices } from './choices.ts'
import { type Counterparts, type Effect, effectOf, type Finding, harmless, type Spot } from './finding.ts'
import { landingOf, type Place, propertyPath } from './place.ts'
import { type Declaration, type Said, saidBy, type View, viewOf } from './view.ts'

/** Schemas of one value: all of them hold. */
type Schemas = readonly [Place, ...Place[]]

export type SchemaComparison = {
  /** What differs between two schemas and everything below them. */
  compare: (ours: Place, theirs: Place) => Finding[]
  /** The spot of two parts that stand for each other. */
  spotOf: (ours: Place, theirs: Place) => Spot
  /** The same name wherever a part of either document is used. */
  nameOf: (place: Place) => string
  counterparts: Counterparts
}

/** `isToldOfNull` where it is an alternative that can be null or no longer can, and so the schema. */
type ChoiceFindings = { findings: Finding[]; isToldOfNull: boolean }

/** Compares schemas of two documents; each pair once, so that schemas may hold themselves. */
export function createSchemaComparison(): SchemaComparison {
  const names = new Map<object, string>()
  const counterparts = new Map<string, Set<string>>()
  const known = new Map<string, Finding[]>()

  const nameOf = ({ value }: Place) => {
    const name = names.get(value) ?? `#${names.size}`
    names.set(value, name)
    return name
  }

  function meet(spot: Spot): Spot {
    counterparts.set(spot.ours, (counterparts.get(spot.ours) ?? new Set()).add(spot.theirs))
    return spot
  }

  function spotOf(ours: Place, theirs: Place): Spot {
    const [a, b] = [landingOf(ours), landingOf(theirs)]
    return meet({ ours: nameOf(a), theirs: nameOf(b), path: a.path, theirPath: b.path })
  }

  const propertySpot = (name: string, ours: Place, theirs: Place): Spot =>
    meet({
      ours: `${nameOf(ours)}.${name}`,
      theirs: `${nameOf(theirs)}.${name}`,
      path: propertyPath(ours.path, name),
      theirPath: propertyPath(theirs.path, name),
    })

  function compareAll(ours: Schemas, theirs: Schemas): Finding[] {
    const pair = [ours.map(nameOf), theirs.map(nameOf)].join(' ')
    const earlier = known.get(pair)
    if (earlier) return earlier
    known.set(pair, [])
    const findings = differences(ours, theirs)
    known.set(pair, findings)
    return findings
  }

  function differences(ours: Schemas, theirs: Schemas): Finding[] {
    const [a, b] = [viewOf(ours), viewOf(theirs)]
    const [ourRoot, theirRoot] = [landingOf(ours[0]), landingOf(theirs[0])]
    const pairs = pairsOfParts(a, b, ourRoot, theirRoot).map((pair) => ({
      ...pair,
      spot: spotOf(pair.ours, pair.theirs),
    }))
    /** Each change where the schemas are that it comes from, or of the value as a whole. */
    const told = (changesOf: (a: Said, b: Said) => Change[]): Finding[] =>
      changesOf(a, b).flatMap((change) => {
        const own = pairs.filter(({ ours, theirs }) =>
          changesOf(saidBy([ours]), saidBy([theirs])).some((other) => isOfSameRule(change, other)),
        )
        const spots = own.length > 0 ? own.map(({ spot }) => spot) : [spotOf(ourRoot, theirRoot)]
        return spots.map((spot) => ({ ...change, spot }))
      })
    const choices = choiceFindings(a, b, ourRoot, theirRoot)
    const nulls = choices.isToldOfNull ? [] : told(nullChanges)
    const outer = [...told(flagChanges), ...nulls, ...choices.findings]
    if (isInstead(a, b) || isInstead(b, a)) return outer

    const types = told(typeChanges)
    if (types.length > 0 && !areBothDescribed(a, b)) return [...outer, ...types]
    return [
      ...outer,
      ...types,
      ...told(valueChanges),
      ...propertyFindings(a, b, ourRoot, theirRoot),
      ...below(a.items, b.items, [anything(ourRoot, '[]'), anything(theirRoot, '[]')]),
      ...(a.others.length > 0 && b.others.length > 0 ? below(a.others, b.others, []) : []),
    ]
  }

  /** What only one of them describes may be anything in the other. */
  function below(ours: readonly Place[], theirs: readonly Place[], instead: readonly Place[]): Finding[] {
    const [[ourFirst = instead[0], ...ourRest], [theirFirst = instead[1], ...theirRest]] = [ours, theirs]
    if (ours.length + theirs.length === 0 || !ourFirst || !theirFirst) return []
    return compareAll([ourFirst, ...ourRest], [theirFirst, ...theirRest])
  }

  function choiceFindings(a: View, b: View, ourRoot: Place, theirRoot: Place): ChoiceFindings {
    const findings: Finding[] = []
    let isToldOfNull = false
    const isEither = isInstead(a, b) || isInstead(b, a)
    for (const [ours, theirs] of pairsOfChoices(a.choices, b.choices)) {
      const ofOneLength = ours && ours.branches.length === theirs?.branches.length
      for (const [index, branch] of ofOneLength ? ours.branches.entries() : []) {
        const inner = compareAll([branch], [theirs?.branches[index] as Place])
        const name = nameOf(landingOf(branch))
        isToldOfNull ||= inner.some(({ kind, spot }) => kind === 'nullable-changed' && spot.ours === name)
        findings.push(...inner)
      }
      if (ofOneLength && ours.keyword === theirs?.keyword) continue
      const ourPlace = ours?.owner ?? besides(theirs?.owner, b, a, [theirRoot, ourRoot]) ?? ourRoot
      const theirPlace = theirs?.owner ?? besides(ours?.owner, a, b, [ourRoot, theirRoot]) ?? theirRoot
      findings.push({
        kind: 'composition-changed',
        spot: spotOf(ourPlace, theirPlace),
        ...choiceChange(ours, theirs, isEither),
      })
    }
    return { findings, isToldOfNull }
  }

  function propertyFindings(a: View, b: View, ourRoot: Place, theirRoot: Place): Finding[] {
    const findings: Finding[] = []
    for (const [name, ours] of a.properties) {
      const { owner } = ours[0]
      const theirs = b.properties.get(name)
      const spot = propertySpot(name, owner, theirs?.[0].owner ?? counterpartOf(owner, a, b) ?? theirRoot)
      const view = viewOf(schemasOf(ours))
      const inner: Finding[] = theirs
        ? [...compareDeclarations(ours, theirs), ...declaredLess(name, a, b)]
        : [
            {
              kind: 'property-removed',
              spot,
              expected: typesText(view),
              got: null,
              effect: effectOf(true, true),
            },
          ]
      findings.push(...inner.map((finding) => ({ ...finding, effect: seen(finding.effect, view) })))
    }
    for (const [name, theirs] of b.properties) {
      if (a.properties.has(name)) continue
      const { owner } = theirs[0]
      const view = viewOf(schemasOf(theirs))
      findings.push({
        kind: 'property-added',
        spot: propertySpot(name, counterpartOf(owner, b, a) ?? ourRoot, owner),
        expected: null,
        got: typesText(view),
        effect: seen(effectOf(b.required.has(name), false), view),
      })
    }
    return [...findings, ...requiredFindings(a, b, ourRoot, theirRoot)]
  }

  /** A property that only one side has is told as such. */
  function requiredFindings(a: View, b: View, ourRoot: Place, theirRoot: Place): Finding[] {
    return [...new Set([...a.required.keys(), ...b.required.keys()])].flatMap((name) => {
      const [was, is] = [a.required.get(name), b.required.get(name)]
      const [ours, theirs] = [a.properties.get(name), b.properties.get(name)]
      if (Boolean(was) === Boolean(is) || Boolean(ours) !== Boolean(theirs)) return []
      const ourPlace = was ?? besides(is, b, a, [theirRoot, ourRoot]) ?? ours?.[0].owner ?? ourRoot
      const theirPlace = is ?? besides(was, a, b, [ourRoot, theirRoot]) ?? theirs?.[0].owner ?? theirRoot
      const effect = effectOf(Boolean(is), Boolean(was))
      return [
        {
          kind: is ? 'required-added' : 'required-removed',
          spot: propertySpot(name, ourPlace, theirPlace),
          expected: Boolean(was),
          got: Boolean(is),
          effect: ours ? seen(effect, viewOf(schemasOf(ours))) : effect,
        },
      ]
    })
  }

  /** Declarations by the schemas of an `allOf` belong together one by one, unless they were moved. */
  function compareDeclarations(ours: Declarations, theirs: Declarations): Finding[] {
    if (ours.length !== theirs.length) return compareAll(schemasOf(ours), schemasOf(theirs))
    return ours.flatMap(({ schema }, index) => compareAll([schema], [(theirs[index] as Declaration).schema]))
  }

  /** A schema of an `allOf` that does or does not repeat what another one declares: nothing changes for a client. */
  function declaredLess(name: string, a: View, b: View): Finding[] {
    if (a.owners.length !== b.owners.length) return []
    const declares = ({ value }: Place) => Object.hasOwn(objectOf(value.properties), name)
    const count = ({ owners }: View) => owners.filter(declares).length
    return a.owners.flatMap((owner, index): Finding[] => {
      const other = b.owners[index] as Place
      const spot = propertySpot(name, owner, other)
      const [was, is] = [declares(owner), declares(other)]
      if (was && !is && count(a) > count(b)) {
        return [
          {
            kind: 'property-removed',
            spot,
            expected: 'declared twice',
            got: 'declared once',
            effect: harmless,
          },
        ]
      }
      if (is && !was && count(b) > count(a)) {
        return [
          {
            kind: 'property-added',
            spot,
            expected: 'declared once',
            got: 'declared twice',
            effect: harmless,
          },
        ]
      }
      return []
    })
  }

  return { compare: (ours, theirs) => compareAll([ours], [theirs]), spotOf, nameOf, counterparts }
}

type Declarations = readonly [Declaration, ...Declaration[]]

const schemasOf = ([first, ...rest]: Declarations): Schemas => [
  first.schema,
  ...rest.map(({ schema }): Place => schema),
]

const anything = ({ document, path }: Place, suffix: string): Place => ({
  document,
  value: {},
  path: path + suffix,
})

/** A read-only property is not sent, a write-only one not shown. */
const seen = (effect: Effect, { isReadOnly, isWriteOnly }: View): Effect => ({
  request: effect.request && !isReadOnly,
  response: effect.response && !isWriteOnly,
  answers: effect.answers && !isWriteOnly,
})

/** Whether comparing goes on below a changed type. */
const areBothDescribed = (a: View, b: View) =>
  (a.properties.size > 0 && b.properties.size > 0) || (a.items.length > 0 && b.items.length > 0)
