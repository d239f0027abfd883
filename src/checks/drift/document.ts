import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { type JsonObject, objectOf } from '../../values/json.ts'
import { checkForm } from './form.ts'
import { UnreadableDocument, unreadable } from './unreadable.ts'

/** Larger documents are refused: reading YAML takes many times its size. */
export const mostBytes = 16 * 1024 * 1024
const deepestNesting = 500
const defaultPatienceMs = 30_000

/**
 * An OpenAPI 3.0 or 3.1 document from one file or URL, JSON or YAML. It refers only to itself, and each reference leads
 * somewhere.
 * @throws {UnreadableDocument} when that cannot be had
 */
export async function readOpenApi(
  source: string,
  { patienceMs = defaultPatienceMs }: { patienceMs?: number } = {},
): Promise<JsonObject> {
  const isUrl = /^https?:\/\//i.test(source)
  const name = isUrl ? nameOf(source) : source
  const text = await (isUrl ? download(source, name, patienceMs) : fileText(source))
  const document = openApiOf(await parse(text, name), name)
  checkForm(document, name)
  return document
}

/** What an address is called where others may read it: without its query, which may hold a secret. */
function nameOf(url: string): string {
  if (!URL.canParse(url)) throw unreadable('The address of the document is not one.')
  const { origin, pathname, username, password } = new URL(url)
  if (username + password !== '')
    throw unreadable(`The address of a document at ${origin} holds a user name or password; leave them out.`)
  return origin + pathname
}

async function fileText(path: string): Promise<string> {
  try {
    return await textOf(createReadStream(path), path)
  } catch (error) {
    if (error instanceof UnreadableDocument) throw error
    throw unreadable(`The file ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

async function download(url: string, name: string, patienceMs: number): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
    if (answer.status !== 200) throw unreadable(`${name} answers ${answer.status} instead of a document.`)
    return await textOf(answer.body as unknown as Readable, name)
  } catch (error) {
    if (error instanceof UnreadableDocument) throw error
    const { message, cause } = error as Error & { cause?: { code?: string; message: string } }
    throw unreadable(`${name} cannot be reached (${cause?.code ?? cause?.message ?? message}).`)
  }
}

async function textOf(stream: Readable, name: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > mostBytes) throw unreadable(`${name} is larger than ${mostBytes / 1024 / 1024} MiB.`)
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

function openApiOf(content: unknown, source: string): JsonObject {
  const document = objectOf(content)
  const { swagger, openapi, paths } = document
  if (swagger !== undefined) {
    throw unreadable(`${source} is Swagger ${textOfVersion(swagger)}; convert it to OpenAPI 3 first.`)
  }
  if (openapi === undefined) throw unreadable(`${source} is not an OpenAPI document: it names no version.`)
  const version = textOfVersion(openapi)
  if (!/^3\.[01](\.|$)/.test(version)) {
    throw unreadable(`${source} is OpenAPI ${version}; only 3.0 and 3.1 can be compared.`)
  }
  if (paths === undefined || paths === null) {
    throw unreadable(`${source} has no paths, so there is nothing to compare.`)
  }
  return document
}

const textOfVersion = (version: unknown) => (typeof version === 'string' ? version : JSON.stringify(version))
