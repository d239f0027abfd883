import { resolve } from 'node:path'
import { type Json, objectOf } from '../../contract/json-schema.ts'
import { malformedAt } from './malformed.ts'
import { valueAt } from './place.ts'
import { isUrl, nameOf, read, unreadable } from './source.ts'

const defaultPatienceMs = 30_000

type Bundler = typeof import('@scalar/json-magic/bundle')

/**
 * An OpenAPI 3.0 or 3.1 document from a file or URL, JSON or YAML, together with everything it refers to: all that is
 * left are references within it, each of which leads somewhere. A file may refer to files, a document of the network
 * only to its own host.
 * @throws {UnreadableDocument} when that cannot be had
 */
export async function readOpenApi(
  source: string,
  {
    loadBundler = () => import('@scalar/json-magic/bundle'),
    patienceMs = defaultPatienceMs,
  }: { loadBundler?: () => Promise<Bundler>; patienceMs?: number } = {},
): Promise<Json> {
  const { bundle } = await loadBundler().catch(() => {
    throw unreadable(
      'The library that follows references is missing; install it with npm install @scalar/json-magic.',
    )
  })
  const name = nameOf(source)
  const run = { source: name, signal: AbortSignal.timeout(patienceMs), documents: 0, bytes: 0 }
  const { content, place } = await read(isUrl(source) ? source : resolve(source), name, run, () => {})
  const document = openApiOf(content, name)
  checkReferences(document, name)
  await bundle(document, {
    origin: place,
    treeShake: false,
    plugins: [
      {
        type: 'loader',
        validate: () => true,
        exec: async (reference) => {
          const { content } = await read(reference, nameOf(reference), run, (step) =>
            refuseForeign(step, place),
          )
          // The bundler changes what it is given, and would change twice what aliases share.
          return { ok: true, data: JSON.parse(JSON.stringify(content)), raw: '' }
        },
      },
    ],
  })
  checkReferences(document, name)
  const malformed = malformedAt(document)
  if (malformed !== undefined) throw unreadable(`${name} is not OpenAPI at ${malformed}.`)
  return document
}

function refuseForeign(reference: string, place: string): void {
  const hostOf = (where: string) => (isUrl(where) ? new URL(where).origin : 'this machine')
  if (hostOf(reference) !== hostOf(place)) {
    throw unreadable(
      `The document refers to ${nameOf(reference)}, which is not where it is from; put both into one document.`,
    )
  }
}

function openApiOf(content: unknown, source: string): Json {
  const document = objectOf(content)
  if (document.swagger !== undefined) {
    throw unreadable(
      `${source} is Swagger ${textOfVersion(document.swagger)}; convert it to OpenAPI 3 first.`,
    )
  }
  if (document.openapi === undefined)
    throw unreadable(`${source} is not an OpenAPI document: it names no version.`)
  const version = textOfVersion(document.openapi)
  if (!/^3\.[01](\.|$)/.test(version)) {
    throw unreadable(`${source} is OpenAPI ${version}; only 3.0 and 3.1 can be compared.`)
  }
  const { paths = {} } = document
  if (paths !== null && objectOf(paths) !== paths) {
    throw unreadable(`${source} is not an OpenAPI document: its paths are not an object.`)
  }
  return document
}

const textOfVersion = (version: unknown) => (typeof version === 'string' ? version : JSON.stringify(version))

/** A reference within the document that leads nowhere could hide a difference. */
function checkReferences(document: Json, source: string): void {
  const seen = new Set<unknown>()
  const check = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    const { $ref } = value as Json
    if (typeof $ref === 'string' && $ref.startsWith('#') && valueAt(document, $ref) === undefined) {
      const shown = $ref.replace(/^#\/x-ext\/[^/]+/, 'another file, #')
      throw unreadable(`${source} refers to ${shown}, which is not there.`)
    }
    for (const entry of Object.values(value)) check(entry)
  }
  check(document)
}
