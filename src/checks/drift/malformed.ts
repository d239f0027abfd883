import { isObject, type Json, objectOf } from '../../contract/json-schema.ts'

/**
 * Where a document first says something in a form that OpenAPI does not have, such as a text for a list: what is not
 * understood would compare as nothing, and hide what it was meant to say.
 */
export function malformedAt({ paths, components }: Json): string | undefined {
  const { schemas = {}, parameters = {}, requestBodies = {}, responses = {} } = objectOf(components)
  return first([
    () => inMap(paths ?? {}, 'paths', inPath),
    () => inMap(schemas, 'components.schemas', inSchema),
    () => inMap(parameters, 'components.parameters', inParameter),
    () => inMap(requestBodies, 'components.requestBodies', inContent),
    () => inMap(responses, 'components.responses', inContent),
  ])
}

type Look = (value: unknown, at: string) => string | undefined

/** The first place that one of these finds. */
function first(looks: readonly (() => string | undefined)[]): string | undefined {
  for (const look of looks) {
    const found = look()
    if (found !== undefined) return found
  }
  return undefined
}

function inMap(value: unknown, at: string, look: Look): string | undefined {
  if (!isObject(value)) return at
  const entries = Object.entries(value).filter(([key]) => !key.startsWith('x-'))
  return first(
    entries.map(
      ([key, entry]) =>
        () =>
          look(entry, `${at}.${key}`),
    ),
  )
}

function inList(value: unknown, at: string, look: Look): string | undefined {
  if (!Array.isArray(value)) return at
  return first(value.map((entry, index) => () => look(entry, `${at}[${index}]`)))
}

const isCall = (key: string) => /^(get|put|post|delete|options|head|patch|trace)$/.test(key)

const inPath: Look = (value, at) =>
  inMap(value, at, (entry, here) => {
    const key = here.slice(at.length + 1)
    if (key === 'parameters') return inList(entry, here, inParameter)
    return isCall(key) ? inOperation(entry, here) : undefined
  })

const inOperation: Look = (value, at) => {
  if (!isObject(value)) return at
  const { parameters = [], requestBody = {}, responses = {} } = value
  return first([
    () => inList(parameters, `${at}.parameters`, inParameter),
    () => inContent(requestBody, `${at}.requestBody`),
    () => inMap(responses, `${at}.responses`, inContent),
  ])
}

const inParameter: Look = (value, at) => {
  if (!isObject(value)) return at
  return value.schema === undefined ? inContent(value, at) : inSchema(value.schema, `${at}.schema`)
}

const inContent: Look = (value, at) => {
  if (!isObject(value)) return at
  return inMap(value.content ?? {}, `${at}.content`, (media, here) =>
    inSchema(objectOf(media).schema ?? {}, `${here}.schema`),
  )
}

const isText: Look = (value, at) => (typeof value === 'string' ? undefined : at)

const inTypes: Look = (value, at) => (Array.isArray(value) ? inList(value, at, isText) : isText(value, at))

const inSchemas: Look = (value, at) => inList(value, at, inSchema)
const schemasByName: Look = (value, at) => inMap(value, at, inSchema)

/** What the keywords of a schema hold. */
const keywords: Readonly<Record<string, Look>> = {
  type: inTypes,
  required: (value, at) => inList(value, at, isText),
  enum: (value, at) => inList(value, at, () => undefined),
  allOf: inSchemas,
  oneOf: inSchemas,
  anyOf: inSchemas,
  prefixItems: inSchemas,
  properties: schemasByName,
  patternProperties: schemasByName,
  items: (value, at) => inSchema(value, at),
  additionalProperties: (value, at) => inSchema(value, at),
  not: (value, at) => inSchema(value, at),
}

function inSchema(value: unknown, at: string): string | undefined {
  if (typeof value === 'boolean') return undefined
  if (!isObject(value)) return at
  return first(
    Object.entries(keywords).map(
      ([keyword, look]) =>
        () =>
          value[keyword] === undefined ? undefined : look(value[keyword], `${at}.${keyword}`),
    ),
  )
}
