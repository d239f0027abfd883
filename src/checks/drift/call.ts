import {
  effectOf,
  type Finding,
  type Kind,
  onRequest,
  onResponse,
  type Spot,
  spotAt,
  type Told,
} from './finding.ts'
import type { DocumentOperation, Media, Parameter } from './operation.ts'
import type { SchemaComparison } from './schema.ts'

/** What differs in how an operation is called and what it answers. */
export function callFindings(
  a: DocumentOperation,
  b: DocumentOperation,
  comparison: SchemaComparison,
): Told[] {
  return [
    ...parameterFindings(a, b, comparison),
    ...bodyFindings(a, b, comparison),
    ...answerFindings(a, b, comparison),
  ].map((told) => ({ ...told, operationId: a.operationId }))
}

function parameterFindings(a: DocumentOperation, b: DocumentOperation, comparison: SchemaComparison): Told[] {
  const fresh = new Map([...b.parameters].filter(([key]) => !a.parameters.has(key)))
  const told: Told[] = []
  for (const [key, ours] of a.parameters) {
    const [movedTo, moved] = [...fresh].find(([, { name }]) => name === ours.name) ?? []
    if (movedTo !== undefined) fresh.delete(movedTo)
    const theirs = b.parameters.get(key) ?? moved
    if (theirs) told.push(...parameterChanges(ours, theirs, comparison))
    else told.push(toldAt(ours.place.path, 'parameter-removed', ours.where, null, true))
  }
  for (const { where, isRequired, place } of fresh.values()) {
    const path = place.path.replace(b.name, a.name)
    const added = toldAt(path, 'parameter-added', null, isRequired ? `${where}, required` : where, isRequired)
    told.push({ ...added, spot: { ...added.spot, theirs: comparison.nameOf(place) } })
  }
  return told
}

function parameterChanges(ours: Parameter, theirs: Parameter, comparison: SchemaComparison): Told[] {
  const spot = comparison.spotOf(ours.place, theirs.place)
  const findings: Finding[] = []
  if (ours.where !== theirs.where) {
    const [expected, got] = [ours.where, theirs.where]
    findings.push({ kind: 'parameter-location-changed', spot, expected, got, effect: effectOf(true, false) })
  } else if (ours.sentAs !== theirs.sentAs) {
    const [expected, got] = [ours.sentAs, theirs.sentAs]
    findings.push({
      kind: 'constraint-changed',
      about: 'style',
      spot,
      expected,
      got,
      effect: effectOf(true, false),
    })
  }
  findings.push(...needChange(ours.isRequired, theirs.isRequired, spot))
  return [...findings, ...comparison.compare(ours.schema, theirs.schema)].map(onRequest)
}

function needChange(was: boolean, is: boolean, spot: Spot): Finding[] {
  if (was === is) return []
  const kind = is ? 'required-added' : 'required-removed'
  return [{ kind, spot, expected: was, got: is, effect: effectOf(is, false) }]
}

function bodyFindings(
  { name, body: ours }: DocumentOperation,
  b: DocumentOperation,
  comparison: SchemaComparison,
): Told[] {
  const theirs = b.body
  const path = `${name} request`
  if (!theirs) return ours ? [toldAt(path, 'request-body-removed', typesOf(ours.media), null, true)] : []
  if (!ours) return [toldAt(path, 'request-body-added', null, typesOf(theirs.media), theirs.isRequired)]
  return [
    ...needChange(ours.isRequired, theirs.isRequired, comparison.spotOf(ours.place, theirs.place)).map(
      onRequest,
    ),
    ...mediaFindings(ours.media, theirs.media, path, comparison, onRequest),
  ]
}

function answerFindings(a: DocumentOperation, b: DocumentOperation, comparison: SchemaComparison): Told[] {
  const removed = [...a.answers.keys()].filter((status) => !b.answers.has(status))
  const added = [...b.answers.keys()].filter((status) => !a.answers.has(status))
  const common = [...a.answers].flatMap(([status, { media }]) => {
    const theirs = b.answers.get(status)
    return theirs ? [[status, media, theirs.media] as const] : []
  })
  const path = (status: string) => `${a.name} response ${status}`
  return [
    // A client relies on what it gets when all goes well; a refusal that is no longer made does not break it.
    ...removed.map((status) => toldAt(path(status), 'status-removed', status, null, status.startsWith('2'))),
    ...added.map((status) => toldAt(path(status), 'status-added', null, status, false, false)),
    ...common.flatMap(([status, ours, theirs]) =>
      mediaFindings(ours, theirs, path(status), comparison, onResponse),
    ),
  ]
}

/** One media type in place of another is one difference, and their schemas are compared. */
function mediaFindings(
  ours: Media,
  theirs: Media,
  path: string,
  comparison: SchemaComparison,
  tell: (finding: Finding) => Told,
): Told[] {
  const gone = [...ours.keys()].filter((type) => !theirs.has(type))
  const fresh = [...theirs.keys()].filter((type) => !ours.has(type))
  const [old = '', other = ''] = [gone[0], fresh[0]]
  const isSwapped = gone.length === 1 && fresh.length === 1
  const schemas = [...ours].flatMap(([type, schema]) => {
    const counterpart = theirs.get(type === old && isSwapped ? other : type)
    return counterpart ? comparison.compare(schema, counterpart) : []
  })
  const told = isSwapped
    ? [toldAt(path, 'media-type-changed', old, other, true)]
    : [
        ...gone.map((type) => toldAt(path, 'media-type-removed', type, null, true)),
        ...fresh.map((type) => toldAt(path, 'media-type-added', null, type, false, false)),
      ]
  return [...told, ...schemas.map(tell)]
}

const typesOf = (media: Media) => [...media.keys()].join(', ')

const toldAt = (
  path: string,
  kind: Kind,
  expected: unknown,
  got: unknown,
  breaking: boolean,
  mockDepends = true,
): Told => ({ kind, spot: spotAt(path), expected, got, breaking, mockDepends })
