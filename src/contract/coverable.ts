import type { TSchema } from '@sinclair/typebox'
import type { Operation } from '../../schemas/operation.ts'
import { operations } from '../../schemas/operations.ts'
import { isReadOnly } from '../../schemas/read-only.ts'
import { type RefusalName, refusals } from '../../schemas/refusals.ts'
import { updateProfileOperation } from '../../schemas/update-profile.ts'
import { updateProfilesOperation } from '../../schemas/update-profiles.ts'
import {
  updateRoutingStatusesOperation,
  updateRoutingStatusOperation,
} from '../../schemas/update-routing-status.ts'

/** One thing that a client can exercise. Its place in the list is its number. */
export type Coverable = { operationId?: string } & (
  | { kind: 'status'; status: number }
  | { kind: 'property'; path: string }
  | { kind: 'value'; path: string; value: string | number }
  | { kind: 'refusal'; refusal: RefusalName }
)

/** A documented value of a request: what is exercised when it is sent, and what stands below it. */
export type CoverablePlace = {
  property: number | undefined
  values: ReadonlyMap<unknown, number> | undefined
  keys: ReadonlyMap<string, CoverablePlace> | undefined
  entries: CoverablePlace | undefined
}

/** All places are of one shape: they are looked at for every key of every item. */
const nothing: CoverablePlace = {
  property: undefined,
  values: undefined,
  keys: undefined,
  entries: undefined,
}

/** How to find what one call of an operation exercises. */
export type CoverableOperation = {
  operation: Operation
  statuses: ReadonlyMap<number, number>
  refusals: ReadonlyMap<string, number>
  body: CoverablePlace
  query: CoverablePlace
}

/** Whatever the operation is: the way to it. */
const anywhere: readonly RefusalName[] = [
  'unknown-path',
  'wrong-method',
  'sign-in-missing',
  'not-a-bearer',
  'token-malformed',
  'token-algorithm',
  'token-signature',
  'token-expired',
  'token-too-early',
  'token-without-user',
  'user-unknown',
  'represented-unknown',
]

const withBody: readonly RefusalName[] = [
  'permission-missing',
  'body-too-large',
  'encoding-unknown',
  'body-not-json',
  'forbidden-key',
  'body-unfit',
]

const withFields: readonly RefusalName[] = ['enneo-target', 'unknown-role', 'unknown-team']

/** What only some updates are refused for. */
const further: Readonly<Record<string, readonly RefusalName[]>> = {
  [updateProfilesOperation.operationId]: [...withFields, 'profiles-missing', 'unknown-profile'],
  [updateProfileOperation.operationId]: [...withFields, 'own-field-permission'],
  [updateRoutingStatusesOperation.operationId]: ['profiles-missing', 'unknown-profile', 'not-current'],
  [updateRoutingStatusOperation.operationId]: ['not-current'],
}

function refusalsOf(operation: Operation): RefusalName[] {
  const names: RefusalName[] = []
  if (operation.body) names.push(...withBody, ...(further[operation.operationId] as readonly RefusalName[]))
  if (operation.query) names.push('parameter-unfit')
  if (operation.responses[404]) names.push('not-found')
  return names
}

/** Grows while this file is loaded, operation by operation. */
const list: Coverable[] = []

/** All that can be exercised, in the order of the report. */
export const coverables: readonly Coverable[] = list

/** Gives something its number. */
const add = (coverable: Coverable): number => list.push(coverable) - 1

/** Public operations are not in the journal, and so not here. */
export const coverableOperations: ReadonlyMap<string, CoverableOperation> = new Map(
  operations
    .filter(({ isPublic }) => !isPublic)
    .map((operation) => [operation.operationId, coverableOperation(operation)]),
)

export const refusalsAnywhere: ReadonlyMap<string, number> = numbered(anywhere, (refusal) => ({
  kind: 'refusal',
  refusal,
}))

function coverableOperation(operation: Operation): CoverableOperation {
  const { operationId, responses, body, query } = operation
  const statuses = Object.keys(responses).map(Number)
  return {
    operation,
    statuses: numbered(statuses, (status) => ({ operationId, kind: 'status', status })),
    body: body ? placeBelow(body, '', operationId) : nothing,
    query: query ? placeBelow(query, '', operationId) : nothing,
    refusals: numbered(refusalsOf(operation), (refusal) => ({ operationId, kind: 'refusal', refusal })),
  }
}

function numbered<K>(keys: readonly K[], coverable: (key: K) => Coverable): Map<K, number> {
  return new Map(keys.map((key) => [key, add(coverable(key))]))
}

/** What stands below a value: keys of an object, entries of a list, or the listed values it can have. */
function placeBelow(schema: TSchema, path: string, operationId: string): CoverablePlace {
  if (schema.anyOf?.[1]?.type === 'null') return placeBelow(schema.anyOf[0], path, operationId)
  if (schema.type === 'array')
    return { ...nothing, entries: placeBelow(schema.items, `${path}[]`, operationId) }
  const literals: TSchema[] = (schema.anyOf ?? []).filter(({ const: value }: TSchema) => value !== undefined)
  if (literals.length > 0) {
    const listed = literals.map((literal) => literal.const as string | number)
    return { ...nothing, values: numbered(listed, (value) => ({ operationId, kind: 'value', path, value })) }
  }
  const branches: TSchema[] = schema.allOf ?? [schema]
  const properties = new Map(branches.flatMap((branch) => Object.entries<TSchema>(branch.properties ?? {})))
  // The path says for whom a single update is, so the `id` in its body is nothing to send.
  if (operationId === updateProfileOperation.operationId && path === '') properties.delete('id')
  const keys = [...properties].filter(([key, property]) => !isReadOnly(key, property))
  return {
    ...nothing,
    keys: new Map(keys.map(([key, property]) => [key, placeOf(property, key, path, operationId)])),
  }
}

function placeOf(schema: TSchema, key: string, parent: string, operationId: string): CoverablePlace {
  const path = parent === '' ? key : `${parent}.${key}`
  const property = add({ operationId, kind: 'property', path })
  return { ...placeBelow(schema, path, operationId), property }
}

/** Status of the answer that a refusal of this kind comes with; what fails an item of a bulk fails a single update as a whole. */
export function statusOf({ operationId, refusal }: { operationId?: string; refusal: RefusalName }): number {
  const { status } = refusals[refusal]
  if (operationId === updateRoutingStatusesOperation.operationId && refusal === 'not-current') return 200
  return status === 200 && operationId === updateProfileOperation.operationId ? 400 : status
}
