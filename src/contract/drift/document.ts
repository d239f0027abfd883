import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { visible } from '../../visible.ts'
import { type Json, objectOf } from '../json-schema.ts'
import { valueAt } from './place.ts'

/** Larger documents are refused, with all they refer to: reading YAML takes many times its size. */
export const mostBytes = 16 * 1024 * 1024
/** A document and what it refers to; a host could make up ever more of them. */
export const mostDocuments = 100
const deepestNesting = 500
const mostMoves = 10
const moved = new Set([301, 302, 303, 307, 308])
const defaultPatienceMs = 30_000

/** Says in one sentence why a document cannot be had, with nothing in it that a terminal would obey. */
export class UnreadableDocument extends Error {}

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
  const run = { source, signal: AbortSignal.timeout(patienceMs), documents: 0, bytes: 0 }
  const { content, place } = await read(isUrl(source) ? source : resolve(source), source, run, () => {})
  const document = openApiOf(content, source)
  checkReferences(document, source)
  await bundle(document, {
    origin: place,
    treeShake: false,
    plugins: [
      {
        type: 'loader',
        validate: () => true,
        exec: async (reference) => {
          const { content } = await read(reference, reference, run, (step) => refuseForeign(step, place))
          // The bundler changes what it is given, and would change twice what aliases share.
          return { ok: true, data: JSON.parse(JSON.stringify(content)), raw: '' }
        },
      },
    ],
  })
  checkReferences(document, source)
  return document
}

const unreadable = (sentence: string) => new UnreadableDocument(visible(sentence))

const isUrl = (place: string) => /^https?:\/\//i.test(place)

function refuseForeign(reference: string, place: string): void {
  const hostOf = (where: string) => (isUrl(where) ? new URL(where).origin : 'this machine')
  if (hostOf(reference) !== hostOf(place)) {
    throw unreadable(
      `The document refers to ${reference}, which is not where it is from; put both into one document.`,
    )
  }
}

/** What reading a document and all it refers to has taken so far, and when it has to end. */
type Run = { source: string; signal: AbortSignal; documents: number; bytes: number }

type Content = { content: unknown; place: string }

/**
 * What a file or URL holds, and where it was found in the end; `name` is what the user calls it. Each place is put to
 * `refuse` before it is asked.
 */
async function read(
  place: string,
  name: string,
  run: Run,
  refuse: (place: string) => void,
): Promise<Content> {
  run.documents += 1
  if (run.documents > mostDocuments) {
    throw unreadable(`${run.source} refers to more than ${mostDocuments} documents; put them into one.`)
  }
  if (!isUrl(place)) {
    refuse(place)
    return { content: await parse(await fileText(place, name, run), name), place }
  }
  const { text, url } = await download(place, run, refuse)
  return { content: await parse(text, name), place: url }
}

async function fileText(path: string, name: string, run: Run): Promise<string> {
  try {
    return await textOf(createReadStream(path, { signal: run.signal }), name, run)
  } catch (error) {
    if (error instanceof UnreadableDocument) throw error
    throw unreadable(`The file ${name} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

async function download(
  url: string,
  run: Run,
  refuse: (place: string) => void,
): Promise<{ text: string; url: string }> {
  try {
    let here = url
    for (let moves = 0; moves <= mostMoves; moves += 1) {
      refuse(here)
      const answer = await fetch(here, { signal: run.signal, redirect: 'manual' })
      const location = answer.headers.get('location')
      if (!moved.has(answer.status) || location === null) {
        if (answer.status !== 200) throw unreadable(`${url} answers ${answer.status} instead of a document.`)
        return { text: await textOf(answer.body as unknown as Readable, url, run), url: here }
      }
      await (answer.body as ReadableStream).cancel()
      here = new URL(location, here).href
    }
    throw unreadable(`${url} is moved too often.`)
  } catch (error) {
    if (error instanceof UnreadableDocument) throw error
    const { message, cause } = error as Error & { cause?: { code?: string; message: string } }
    throw unreadable(`${url} cannot be reached (${cause?.code ?? cause?.message ?? message}).`)
  }
}

async function textOf(stream: Readable, name: string, run: Run): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) {
    run.bytes += chunk.length
    if (run.bytes > mostBytes) {
      const what = run.documents === 1 ? `${run.source} is` : `${run.source} and what it refers to are`
      throw unreadable(`${what} larger than ${mostBytes / 1024 / 1024} MiB.`)
    }
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw unreadable(`${name} is not text in UTF-8.`)
  }
}

async function parse(text: string, name: string): Promise<unknown> {
  const content = fromJson(text) ?? (await fromYaml(text, name))
  if (!isWalkable(content, deepestNesting, new Set())) {
    throw unreadable(`${name} is nested too deeply, or holds itself by YAML aliases.`)
  }
  return content
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function fromYaml(text: string, name: string): Promise<unknown> {
  const yaml = await import('yaml')
  try {
    return yaml.parse(text, { merge: true, logLevel: 'error' })
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n')
    throw unreadable(`${name} is neither JSON nor YAML (${reason.replace(/:$/, '')}).`)
  }
}

/** Each value is looked into once, whatever many aliases it has; one that holds itself never gets done. */
function isWalkable(value: unknown, levels: number, done: Set<unknown>): boolean {
  if (typeof value !== 'object' || value === null || done.has(value)) return true
  if (levels === 0) return false
  const isFine = Object.values(value).every((entry) => isWalkable(entry, levels - 1, done))
  done.add(value)
  return isFine
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
