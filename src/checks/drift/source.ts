import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { visible } from '../../values/visible.ts'

/** Larger documents are refused, with all they refer to: reading YAML takes many times its size. */
export const mostBytes = 16 * 1024 * 1024
/** A document and what it refers to; a host could make up ever more of them. */
export const mostDocuments = 100
const deepestNesting = 500
const mostMoves = 10
const moved = new Set([301, 302, 303, 307, 308])

/** Says in one sentence why a document cannot be had, with nothing in it that a terminal would obey. */
export class UnreadableDocument extends Error {}

export const unreadable = (sentence: string) => new UnreadableDocument(visible(sentence))

export const isUrl = (place: string) => /^https?:\/\//i.test(place)

/** What a place is called where others may read it: of an address without its query, which may hold a secret. */
export function nameOf(place: string): string {
  if (!isUrl(place)) return place
  if (!URL.canParse(place)) throw unreadable('The address of the document is not one.')
  const { origin, pathname, username, password } = new URL(place)
  if (username + password !== '')
    throw unreadable(`The address of a document at ${origin} holds a user name or password; leave them out.`)
  return origin + pathname
}

/** What reading a document and all it refers to has taken so far, and when it has to end. */
export type Run = { source: string; signal: AbortSignal; documents: number; bytes: number }

type Content = { content: unknown; place: string }

/**
 * What a file or URL holds, and where it was found in the end; `name` is what the user calls it. Each place is put to
 * `refuse` before it is asked. @throws {UnreadableDocument}
 */
export async function read(
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
  const { text, url } = await download(place, name, run, refuse)
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
  name: string,
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
        if (answer.status !== 200) throw unreadable(`${name} answers ${answer.status} instead of a document.`)
        return { text: await textOf(answer.body as unknown as Readable, name, run), url: here }
      }
      await (answer.body as ReadableStream).cancel()
      here = new URL(location, here).href
      nameOf(here)
    }
    throw unreadable(`${name} is moved too often.`)
  } catch (error) {
    if (error instanceof UnreadableDocument) throw error
    const { message, cause } = error as Error & { cause?: { code?: string; message: string } }
    throw unreadable(`${name} cannot be reached (${cause?.code ?? cause?.message ?? message}).`)
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
