import { listOf, objectOf } from '../../contract/json-schema.ts'
import { landingOf, type Place, placeAt } from './place.ts'

export type Parameter = {
  name: string
  where: string
  isRequired: boolean
  place: Place
  schema: Place
  sentAs: string
}

/** Schemas by media type, without parameters such as the charset. */
export type Media = ReadonlyMap<string, Place>

/** An operation as it is called, references followed. */
export type DocumentOperation = {
  /** Such as `GET /profile/{id}`. */
  name: string
  path: string
  operationId: unknown
  security: unknown
  /** By what tells them apart on the wire: the name, or the position in the path. */
  parameters: ReadonlyMap<string, Parameter>
  body: { place: Place; isRequired: boolean; media: Media } | undefined
  answers: ReadonlyMap<string, { media: Media }>
}

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'])

/** Method and path without the names of its parameters, which no request shows. */
const callOf = (method: string, path: string) => `${method} ${withoutNames(path)}`

export const withoutNames = (path: string): string => path.replace(/{[^}]*}/g, '{}')

/** All operations of a document, by method and path. */
export function operationsOf(root: Place): Map<string, DocumentOperation> {
  const operations = new Map<string, DocumentOperation>()
  for (const [path, item] of Object.entries(objectOf(root.value.paths))) {
    const place = landingOf(placeAt(root, item))
    for (const method of Object.keys(place.value)) {
      if (!methods.has(method)) continue
      operations.set(callOf(method, path), operationOf(place, method, path))
    }
  }
  return operations
}

function operationOf(item: Place, method: string, path: string): DocumentOperation {
  const name = `${method.toUpperCase()} ${path}`
  const operation = { ...placeAt(item, item.value[method]), path: name }
  const { operationId, security, requestBody, responses } = operation.value
  return {
    name,
    path,
    operationId,
    security,
    parameters: new Map([...parametersOf(item, path, name), ...parametersOf(operation, path, name)]),
    body:
      requestBody === undefined
        ? undefined
        : bodyOf({ ...placeAt(operation, requestBody), path: `${name} request` }),
    answers: new Map(
      Object.entries(objectOf(responses)).map(([status, answer]) => {
        const place = landedAt(placeAt(operation, answer), `${name} response ${status}`)
        return [status, { media: mediaOf(place) }]
      }),
    ),
  }
}

/** What is referred to is called by where it is used: such parts have no words of their own here. */
const landedAt = (place: Place, path: string): Place => ({ ...landingOf(place), path })

function bodyOf(use: Place): DocumentOperation['body'] {
  const place = landedAt(use, use.path)
  return { place, isRequired: place.value.required === true, media: mediaOf(place) }
}

const mediaOf = (place: Place): Media =>
  new Map(
    Object.entries(objectOf(place.value.content)).map(([type, media]) => [
      type.replace(/\s*;.*/, '').toLowerCase(),
      placeAt(place, objectOf(media).schema),
    ]),
  )

function parametersOf(parent: Place, path: string, operation: string): [string, Parameter][] {
  const { parameters } = parent.value
  const inPath = [...path.matchAll(/{([^}:]*)/g)].map(([, name]) => name)
  return listOf(parameters).flatMap((entry): [string, Parameter][] => {
    const landing = landingOf(placeAt(parent, entry))
    const { name, in: where, required, schema, style, explode } = landing.value
    if (typeof name !== 'string' || typeof where !== 'string') return []
    const place = { ...landing, path: `${operation} parameter ${name}` }
    const [content] = mediaOf(place).values()
    const usualStyle = where === 'query' || where === 'cookie' ? 'form' : 'simple'
    const styleInForce = typeof style === 'string' ? style : usualStyle
    const isExploded = typeof explode === 'boolean' ? explode : styleInForce === 'form'
    const parameter = {
      name,
      where,
      isRequired: required === true,
      place,
      schema: schema === undefined && content ? content : placeAt(place, schema),
      sentAs: `${styleInForce}${isExploded ? ', exploded' : ''}`,
    }
    const key = where === 'path' ? `path ${inPath.indexOf(name)}` : `${where} ${keyName(where, name)}`
    return [[key, parameter]]
  })
}

const keyName = (where: string, name: string) => (where === 'header' ? name.toLowerCase() : name)
