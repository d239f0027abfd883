import { isObject } from './json.ts'
import { faultAt, type ValidationFault } from './validation.ts'

/**
 * [seed.plain] What of a value JSON could not carry, or could reach a prototype, by path: a value from a program or a
 * YAML file may be more than JSON. It must not be nested without end.
 */
export function* notPlain(value: unknown, at: string): Generator<ValidationFault> {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) yield faultAt(at, `must be a number that JSON has (got ${value})`)
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) yield* notPlain(value[index], `${at}[${index}]`)
  } else if (isPlainObject(value)) {
    for (const [key, entry] of Object.entries(value)) yield* entryFaults(key, entry, `${at}.${key}`)
  } else yield faultAt(at, `must be JSON (got ${kindOf(value)})`)
}

function* entryFaults(key: string, entry: unknown, at: string): Generator<ValidationFault> {
  if (key === '__proto__' || (key === 'constructor' && hasPrototypeKey(entry))) {
    yield faultAt(at, 'the keys __proto__ and constructor.prototype are not accepted')
  }
  // As JSON does, what is undefined is left out.
  else if (entry !== undefined) yield* notPlain(entry, at)
}

const hasPrototypeKey = (value: unknown) => isObject(value) && Object.hasOwn(value, 'prototype')

function isPlainObject(value: unknown): value is object {
  if (!isObject(value)) return false
  const prototype = Object.getPrototypeOf(value)
  // An object of another realm has another Object, whose prototype has none above it.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function kindOf(value: unknown): string {
  if (value instanceof Uint8Array) return 'binary data'
  if (value instanceof Date) return 'a date'
  if (isObject(value)) return `a ${value.constructor.name}`
  return typeof value === 'undefined' ? 'nothing' : `a ${typeof value}`
}
