import { Kind, type TSchema } from '@sinclair/typebox'
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler'
import { type ValueErrorIterator, ValueErrorType } from '@sinclair/typebox/errors'
import type { Misfit } from '../../schemas/journal.ts'
import { isObject } from './json.ts'
import { isSecretKey, withoutJwt } from './secrets.ts'

/** One thing wrong with a value: where, and a sentence that starts with that path. */
export type ValidationFault = { path: string; message: string }

/** [journal.jwt] A place may be named by a client, and then its name may be a token. */
export function faultAt(at: string, problem: string): ValidationFault {
  const path = withoutJwt(at)
  return { path, message: `${path}: ${problem}` }
}

/** A fault of shape, with what the sentence says in parts. What came is never a text that could be a secret. */
export type { Misfit }

export type Validator = {
  /** Strict: nothing is coerced [item.no-conversion], dropped or filled in. */
  accepts: (value: unknown) => boolean
  /** What is wrong, found one by one, so that a caller can stop early. `at` is the path of `value`. */
  faults: (value: unknown, at: string) => Iterable<Misfit>
}

export function createValidator(schema: TSchema): Validator {
  // Compiled when first asked: most schemas of a start are never used.
  let check: TypeCheck<TSchema> | undefined
  const compiled = () => (check ??= TypeCompiler.Compile(withSafeIntegers(schema)))
  return {
    accepts: (value) => compiled().Check(value),
    faults: (value, at) => faultsOf(compiled().Errors(value), at),
  }
}

/** [transport.numbers] A parser rounds an integer beyond these without a word, so that it would be another id. */
const safeIntegers = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }

/** A schema with every integer in it bound to those that a number holds exactly. */
function withSafeIntegers<T>(part: T): T
function withSafeIntegers(part: unknown): unknown {
  if (Array.isArray(part)) return part.map((entry) => withSafeIntegers(entry))
  if (!isObject(part)) return part
  const copy: Record<PropertyKey, unknown> = { ...part }
  for (const key of Object.keys(copy)) copy[key] = withSafeIntegers(copy[key])
  return copy[Kind] === 'Integer' ? { ...safeIntegers, ...copy } : copy
}

function* faultsOf(errors: ValueErrorIterator, at: string): Generator<Misfit> {
  // A schema that two branches of an intersection share reports the same value twice.
  const seen = new Set<string>()
  for (const error of errors) {
    if (error.type === ValueErrorType.Intersect || seen.has(error.path)) continue
    seen.add(error.path)
    const path = withoutJwt((at + dotted(error.path)).replace(/^\./, '')) || 'the document'
    const branch = nullableBranch(error.schema)
    if (error.type === ValueErrorType.ObjectRequiredProperty) {
      yield { path, message: `${path} is required`, expected: expected(error.schema), got: 'nothing' }
    } else if (error.type === ValueErrorType.ObjectAdditionalProperties) {
      yield { path, message: `${path} is not a known key`, expected: 'a known key', got: lastKey(path) }
    } else if (branch && isObject(error.value) && error.errors[0]) {
      yield* faultsOf(error.errors[0], at)
    } else {
      yield misfit(path, expected(error.schema), whatCame(error.value, path, isListed(error.schema)))
    }
  }
}

/** [message.place] A value at a path that is not what was expected. */
export const misfit = (path: string, expected: string, got: string): Misfit => ({
  path,
  message: `${path} must be ${expected} (got ${got})`,
  expected,
  got,
})

/** `/3/settings/status` → `[3].settings.status` */
function dotted(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key.replaceAll('~1', '/').replaceAll('~0', '~')}`))
    .join('')
}

/** The one branch of a union with null that can be looked into. */
function nullableBranch(schema: TSchema): TSchema | undefined {
  const branches: TSchema[] | undefined = schema.anyOf
  return branches?.length === 2 && branches[1]?.type === 'null' ? branches[0] : undefined
}

const names: Record<string, string> = {
  integer: 'an integer',
  number: 'a number',
  string: 'a string',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
}

function expected(schema: TSchema): string {
  if (isListed(schema)) return `one of ${schema.anyOf.map((literal: TSchema) => literal.const).join(', ')}`
  if (schema.anyOf) return schema.anyOf.map(expected).join(' or ')
  if (schema.const !== undefined) return String(schema.const)
  if (schema.type === 'null') return 'null'
  if (schema.format === 'base64') return 'base64'
  if (schema.format === 'path') return 'a path without a query, such as /profiles'
  if (schema.format === 'date-time') return 'a date and time such as 2030-01-31T08:00:00Z'
  if (schema.pattern !== undefined) return schema.title ?? 'of the documented form'
  const name = names[schema.type] ?? 'of the documented type'
  return name + bounds(schema)
}

/** Both ends, so that nobody has to look for the other one. */
function bounds(schema: TSchema): string {
  const minimum = schema.minimum === safeIntegers.minimum ? undefined : schema.minimum
  const maximum = schema.maximum === safeIntegers.maximum ? undefined : schema.maximum
  if (minimum === undefined && maximum === undefined) return ''
  if (maximum === undefined) return ` of at least ${minimum}`
  return minimum === undefined ? ` of at most ${maximum}` : ` from ${minimum} to ${maximum}`
}

/** Whether the schema lists the values it accepts. */
const isListed = (schema: TSchema): boolean =>
  schema.anyOf?.every((branch: TSchema) => branch.const !== undefined) ?? false

const lastKey = (path: string) => path.slice(path.lastIndexOf('.') + 1)

const longestShown = 64
const beyondIntegers = `a number beyond ±${Number.MAX_SAFE_INTEGER}`

/** [message.value] What came, without giving away text: strings are shown only where the values are listed. */
export function whatCame(value: unknown, path: string, isListed = false): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  // [message.secret]
  if (isSecretKey(lastKey(path))) return `a ${typeof value}`
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return beyondIntegers
  if (typeof value !== 'string') return String(value)
  return isListed && value.length <= longestShown
    ? withoutJwt(JSON.stringify(value))
    : `a string of ${value.length} character${value.length === 1 ? '' : 's'}`
}
