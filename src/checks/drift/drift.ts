import { updateProfilesOperation } from '../../../schemas/update-profiles.ts'
import type { Json } from '../../contract/json-schema.ts'
import { callFindings } from './call.ts'
import { fileToChange } from './files.ts'
import { type Edit, editsOf, grouped, type Kind, onRequest, spotAt, type Told } from './finding.ts'
import { type DocumentOperation, operationsOf, withoutNames } from './operation.ts'
import type { Place } from './place.ts'
import { createSchemaComparison } from './schema.ts'
import { securityFindings } from './security.ts'
import { messageOf } from './wording.ts'

/** One edit between the contract of this mock and another document of the same API. */
export type Difference = {
  /** Where, such as `components.schemas.AuthProfile.lang` or `PATCH /profiles response 200 results[].id`. */
  path: string
  /** Where the same edit shows too, when the contract has no common name for these places. */
  alsoAt: string[]
  kind: Kind
  /** Clients written for the contract would fail on a service that does what the document says. */
  breaking: boolean
  /** The mock checks or answers otherwise than the document says. */
  mockDepends: boolean
  /** The file of this project to change first. */
  file: string
  message: string
  /** What the contract says and what the document says, null for nothing. */
  expected: unknown
  got: unknown
}

export type Drift = {
  differences: Difference[]
  /** Operations of the mock that the document leaves out, being an extract. */
  notCompared: string[]
}

/**
 * What differs between the contract and a document, which may hold more operations. The reads are missed only in a
 * document that has at least half of them: the one the vendor publishes has none (S).
 */
export function driftOf(contract: Json, document: Json): Drift {
  const [ours, theirs] = [rootOf(contract), rootOf(document)]
  const [known, found] = [operationsOf(ours), operationsOf(theirs)]
  const comparison = createSchemaComparison()
  const pairs = [...known].flatMap(([call, a]) => {
    const b = found.get(call)
    return b ? [[a, b] as const] : []
  })
  const gone = [...known].flatMap(([call, operation]) => (found.has(call) ? [] : [operation]))
  const fresh = [...found].flatMap(([call, operation]) => (known.has(call) ? [] : [operation]))
  const reads = [...known.values()].filter((operation) => !isPublished(operation))
  const isExtract = gone.filter((operation) => !isPublished(operation)).length > reads.length / 2
  const missed = gone.filter((operation) => isPublished(operation) || !isExtract)

  const told = [
    ...pairs.flatMap(([a, b]) => callFindings(a, b, comparison)),
    ...securityFindings(ours, theirs, pairs).map((finding) => onRequest(finding)),
    ...byPath('removed', missed, found.values()),
    ...byPath('added', fresh, known.values()),
  ]
  return {
    differences: editsOf(told, comparison.counterparts).map(differenceOf),
    notCompared: isExtract ? gone.filter((operation) => !isPublished(operation)).map(({ name }) => name) : [],
  }
}

const rootOf = (document: Json): Place => ({ document, value: document, path: '' })

const isPublished = ({ operationId }: DocumentOperation) =>
  operationId === updateProfilesOperation.operationId

function differenceOf({ path, findings }: Edit<Told>): Difference {
  const [{ kind, spot, operationId, expected, got }] = findings
  return {
    path,
    alsoAt: [...new Set(findings.map(({ spot }) => spot.path))].filter((other) => other !== spot.path),
    kind,
    breaking: findings.some(({ breaking }) => breaking),
    mockDepends: findings.some(({ mockDepends }) => mockDepends),
    file: fileToChange(kind, spot.path, operationId),
    message: messageOf(findings[0]),
    expected,
    got,
  }
}

/** A path that came or went as a whole is one difference, whatever methods it has. */
function byPath(
  verb: 'added' | 'removed',
  operations: readonly DocumentOperation[],
  others: Iterable<DocumentOperation>,
): Told[] {
  const otherPaths = new Set([...others].map(({ path }) => withoutNames(path)))
  const placeOf = ({ path, name }: DocumentOperation) => (otherPaths.has(withoutNames(path)) ? name : path)
  return grouped(operations, placeOf).map(([first, ...rest]): Told => {
    const place = placeOf(first)
    const methods = [first, ...rest].map(({ name }) => name.replace(/ .*/s, ''))
    return {
      kind: `${place === first.path ? 'path' : 'operation'}-${verb}`,
      spot: spotAt(place),
      expected: verb === 'removed' ? methods : null,
      got: verb === 'added' ? methods : null,
      operationId: first.operationId,
      breaking: verb === 'removed',
      mockDepends: verb === 'removed',
    }
  })
}
