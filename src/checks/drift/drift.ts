import { updateProfilesOperation } from '../../../schemas/update-profiles.ts'
import type { JsonObject } from '../../values/json.ts'
import { compare, type Edit, editsOf, type Finding, grouped, type Met } from './compare.ts'
import { fileToChange } from './files.ts'
import { changeOf, type Kind, messageOf } from './kinds.ts'
import { type Operation, operationsOf, withoutNames } from './operation.ts'
import { securityFindings } from './security.ts'

/** One edit between the contract of this mock and another document of the same API. */
export type DriftFinding = {
  /** Where, such as `components.schemas.AuthProfile.lang` or `PATCH /profiles response 200 results[].id`. */
  path: string
  /** Where the same edit shows too, when the contract has no common name for these places. */
  alsoAt: string[]
  kind: Kind
  /** Clients written for the contract would fail on a service that does what the document says. */
  breaking: boolean
  /** The mock checks or answers otherwise than the document says. */
  mockDepends: boolean
  /** The file of this project to change first; told only in a checkout of it. */
  file?: string
  message: string
  /** What the contract says and what the document says, null for nothing. */
  expected: unknown
  got: unknown
}

export type Drift = {
  differences: DriftFinding[]
  /** Operations of the mock that the document leaves out, being an extract. */
  notCompared: string[]
}

/**
 * What differs between the contract and a document, which may hold more operations. The reads are missed only in a
 * document that has at least half of them: the one the vendor publishes has none (S).
 */
export function driftOf(contract: JsonObject, document: JsonObject, isCheckout = true): Drift {
  const [known, found] = [operationsOf(contract), operationsOf(document)]
  const pairs = [...known].flatMap(([call, a]) => {
    const b = found.get(call)
    return b ? [[a, b] as const] : []
  })
  const gone = [...known].flatMap(([call, operation]) => (found.has(call) ? [] : [operation]))
  const fresh = [...found].flatMap(([call, operation]) => (known.has(call) ? [] : [operation]))
  const reads = [...known.values()].filter((operation) => !isPublished(operation))
  const isExtract = gone.filter((operation) => !isPublished(operation)).length > reads.length / 2
  const missed = gone.filter((operation) => isPublished(operation) || !isExtract)

  const met: Met = new Map()
  const findings = [
    ...pairs.flatMap(([{ node, operationId }, b]) =>
      compare(node, b.node, met).map((finding) => ({ ...finding, operationId })),
    ),
    ...securityFindings(contract, document, pairs),
    ...byPath('removed', missed, found.values()),
    ...byPath('added', fresh, known.values()),
  ]
  return {
    differences: editsOf(findings, met).map((edit) => differenceOf(edit, isCheckout)),
    notCompared: isExtract ? gone.filter((operation) => !isPublished(operation)).map(({ name }) => name) : [],
  }
}

const isPublished = ({ operationId }: Operation) => operationId === updateProfilesOperation.operationId

function differenceOf({ path, findings }: Edit, isCheckout: boolean): DriftFinding {
  const [first] = findings
  const { kind, ours, operationId, expected, got } = first
  return {
    path,
    alsoAt: [...new Set(findings.map(({ ours }) => ours.path))].filter((other) => other !== ours.path),
    kind,
    breaking: findings.some(({ breaking }) => breaking),
    mockDepends: findings.some(({ mockDepends }) => mockDepends),
    ...(isCheckout && { file: fileToChange(kind, ours.path, operationId) }),
    message: messageOf(first),
    expected,
    got,
  }
}

/** A path that came or went as a whole is one difference, whatever methods it has. */
function byPath(
  verb: 'added' | 'removed',
  operations: readonly Operation[],
  others: Iterable<Operation>,
): Finding[] {
  const otherPaths = new Set([...others].map(({ path }) => withoutNames(path)))
  const placeOf = ({ path, name }: Operation) => (otherPaths.has(withoutNames(path)) ? name : path)
  return grouped(operations, placeOf).map(([first, ...rest]): Finding => {
    const place = placeOf(first)
    const methods = [first, ...rest].map(({ name }) => name.replace(/ .*/s, ''))
    const [was, is] = verb === 'removed' ? [methods, undefined] : [undefined, methods]
    const { effect, ...change } = changeOf(place === first.path ? 'path' : 'operation', was, is)
    const spot = { id: place, path: place }
    const isTold = { breaking: effect.widens, mockDepends: effect.narrows }
    return { ...change, ours: spot, theirs: spot, operationId: first.operationId, ...isTold }
  })
}
