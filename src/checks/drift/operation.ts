import { type JsonObject, objectOf } from '../../values/json.ts'
import { type Child, type Node, nodeOf, type Side, samePath } from './node.ts'
import { landingOf, type Place, placeIn, placesIn, rootOf } from './place.ts'
import { schemaNode } from './schema.ts'

export type Operation = {
  /** Such as `GET /profile/{id}`. */
  name: string
  path: string
  operationId: unknown
  security: unknown
  node: Node
}

export const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** The vendor's own document has its paths from the host on, the published pages from there (P). */
const prefix = /^\/api\/mind(?=\/)/

/** The path without the names of its parameters, which no request shows. */
export const withoutNames = (path: string): string => path.replace(/{[^}]*}/g, '{}')

/** All operations of a document, by how they are called. */
export function operationsOf(document: JsonObject): Map<string, Operation> {
  const root = rootOf(document)
  const operations = new Map<string, Operation>()
  for (const key of Object.keys(objectOf(document.paths))) {
    const item = landingOf(placeIn(root, ['paths', key]))
    const path = key.replace(prefix, '')
    for (const method of Object.keys(item.value).filter((key) => methods.includes(key))) {
      operations.set(`${method} ${withoutNames(path)}`, operationOf(item, method, path))
    }
  }
  return operations
}

function operationOf(item: Place, method: string, path: string): Operation {
  const name = `${method.toUpperCase()} ${path}`
  const place = { ...placeIn(item, [method]), path: name }
  const { operationId, security } = place.value
  const parameters = [item, place].flatMap((parent) => parametersOf(parent, path, name))
  const children = () => [
    ...new Map(parameters.map((child) => [child.step, child])).values(),
    ...(place.value.requestBody === undefined ? [] : [bodyOf(place)]),
    ...Object.keys(objectOf(place.value.responses)).map((status) => answerOf(place, status)),
  ]
  return { name, path, operationId, security, node: nodeOf(place, {}, { children }) }
}

/** What is referred to is called by where it is used: such parts have no words of their own here. */
const landedIn = (parent: Place, keys: readonly string[], path: string): Place => ({
  ...landingOf(placeIn(parent, keys)),
  path,
})

function bodyOf(operation: Place): Child {
  const place = landedIn(operation, ['requestBody'], `${operation.path} request`)
  return contentChild(place, ' request', 'request-body', 'request', {
    'request-body': mediaTypesOf(place).join(', '),
    required: place.value.required === true || undefined,
  })
}

function answerOf(operation: Place, status: string): Child {
  const place = landedIn(operation, ['responses', status], `${operation.path} response ${status}`)
  return contentChild(place, ` response ${status}`, 'status', 'response', { status })
}

function contentChild(
  place: Place,
  step: string,
  presence: string,
  side: Side,
  said: Record<string, unknown>,
): Child {
  const node = nodeOf(place, said, { presence, side, children: () => mediaOf(place) })
  return { step, pathFrom: (path) => path + step, node }
}

/** Without parameters such as the charset. */
const mediaType = (key: string) => key.replace(/\s*;.*/, '').toLowerCase()

const mediaTypesOf = ({ value }: Place) => Object.keys(objectOf(value.content)).map(mediaType)

/** One media type in place of another is one difference, and their schemas are compared. */
const mediaOf = (place: Place): Child[] =>
  Object.keys(objectOf(place.value.content)).map((key) => {
    const media = placeIn(place, ['content', key])
    const type = mediaType(key)
    const children = () => [schemaIn(placeIn(media, ['schema']))]
    const node = nodeOf(media, { 'media-type': type }, { presence: 'media-type', children })
    return { step: type, alike: 'media type', pathFrom: samePath, node }
  })

const schemaIn = (place: Place): Child => ({
  step: 'schema',
  pathFrom: samePath,
  node: schemaNode([place]),
})

/** By what tells parameters apart on the wire: the name, or the position in the path. */
function parametersOf(parent: Place, path: string, operation: string): Child[] {
  const inPath = [...path.matchAll(/{([^}:]*)/g)].map(([, name]) => name)
  return placesIn(parent, 'parameters').flatMap((entry): Child[] => {
    const landing = landingOf(entry)
    const { name, in: where, required, schema, style, explode } = landing.value
    if (typeof name !== 'string' || typeof where !== 'string') return []
    const place = { ...landing, path: `${operation} parameter ${name}` }
    const [media] = Object.keys(objectOf(place.value.content))
    const inContent = schema === undefined && media !== undefined
    const keyName = where === 'path' ? inPath.indexOf(name) : where === 'header' ? name.toLowerCase() : name
    const said = {
      parameter: where,
      style: [sentAs(where, style, explode)],
      required: required === true || undefined,
    }
    const children = () => [schemaIn(placeIn(place, inContent ? ['content', media, 'schema'] : ['schema']))]
    return [
      {
        step: `${where} ${keyName}`,
        alike: name,
        pathFrom: (path) => `${path} parameter ${name}`,
        node: nodeOf(place, said, { presence: 'parameter', side: 'request', children }),
      },
    ]
  })
}

function sentAs(where: string, style: unknown, explode: unknown): string {
  const usual = where === 'query' || where === 'cookie' ? 'form' : 'simple'
  const inForce = typeof style === 'string' ? style : usual
  const isExploded = typeof explode === 'boolean' ? explode : inForce === 'form'
  if (inForce === usual && isExploded === (usual === 'form')) return 'as usual'
  return isExploded ? `${inForce}, exploded` : inForce
}
