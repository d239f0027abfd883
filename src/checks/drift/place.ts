import { type JsonObject, listOf, objectOf } from '../../values/json.ts'

/** A part of a document: where it stands, and where that is in a reader's words. */
export type Place = { document: JsonObject; value: JsonObject; pointer: string; path: string }

/** The schema `false` of OpenAPI 3.1. */
const nothing: JsonObject = { type: [] }

export const rootOf = (document: JsonObject): Place => ({ document, value: document, pointer: '#', path: '' })

/** What stands in a part under these keys; what is no object says nothing. */
export function placeIn(parent: Place, keys: readonly (string | number)[], suffix = ''): Place {
  const value = keys.reduce<unknown>(entryOf, parent.value)
  return {
    document: parent.document,
    value: value === false ? nothing : objectOf(value),
    pointer: keys.reduce<string>((pointer, key) => `${pointer}/${escaped(key)}`, parent.pointer),
    path: parent.path + suffix,
  }
}

/** What a list holds under this key. */
export const placesIn = (parent: Place, key: string): Place[] =>
  listOf(parent.value[key]).map((_, index) => placeIn(parent, [key, index]))

/** The texts of a list; what is none says nothing. */
export const textsOf = (value: unknown): string[] =>
  listOf(value).filter((entry) => typeof entry === 'string')

/** A property in a reader's words; `PATCH /profiles request` is no name that a dot could follow. */
export const propertyPath = (path: string, name: string): string =>
  `${path}${/^[A-Z]+ \/\S* (request|(response|parameter) \S+)$/.test(path) ? ' ' : '.'}${name}`

/** Where a `$ref` leads. A component is known by its own name, wherever it is used. */
export function targetOf(place: Place): Place | undefined {
  const { $ref } = place.value
  if (typeof $ref !== 'string') return undefined
  const path = $ref.startsWith('#/components/') ? $ref.slice(2).replaceAll('/', '.') : place.path
  return { ...placeIn(rootOf(place.document), stepsOf($ref) ?? ['']), path }
}

/** Says nothing about which values fit. */
const prose = /^(description|summary|title|examples?|deprecated|externalDocs|xml|[$]comment|x-.*)$/

export const rulesOf = (schema: JsonObject): string[] => Object.keys(schema).filter((key) => !prose.test(key))

/** The end of a chain of references; one that adds rules of its own is an end. */
export function landingOf(place: Place): Place {
  const seen = new Set<JsonObject>()
  let here = place
  for (;;) {
    const next = rulesOf(here.value).length === 1 ? targetOf(here) : undefined
    if (!next || seen.has(next.value)) return here
    seen.add(next.value)
    here = next
  }
}

/** What a reference such as `#/components/schemas/A` stands for in its document. */
export const valueAt = (document: JsonObject, reference: string): unknown =>
  stepsOf(reference)?.reduce<unknown>(entryOf, document)

const entryOf = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as JsonObject)[key]
    : undefined

const stepsOf = (reference: string): string[] | undefined =>
  reference.startsWith('#/') ? reference.slice(2).split('/').map(unescaped) : undefined

const escaped = (key: string | number) => String(key).replaceAll('~', '~0').replaceAll('/', '~1')

function unescaped(step: string): string {
  const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}
