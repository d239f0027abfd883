import { readdir, readFile } from 'node:fs/promises'
import type { Given } from '../settings.ts'
import { casesFolder } from '../values/package-info.ts'

/** What a token is made of. */
export type TokenParts =
  | { raw: string }
  | { userId?: unknown; expiresIn?: number; algorithm?: string; secret?: string; payload?: object }

/** A credential of a case: a persona's name, or a token made for it. */
export type Credential = string | TokenParts

export type CaseRequest = {
  method?: string
  path?: string
  bearer?: Credential
  cookie?: Credential
  headers?: Record<string, string>
  body?: unknown
  text?: string
}

/** One request on a fresh default seed, its whole answer, and what it changes; fixtures/cases/README.md lists the keys. */
export type Case = {
  name: string
  source: 'S' | 'P' | 'A'
  rule: string
  settings?: Given
  /** What its names stand for in the default seed, where not the usual. */
  ids?: Record<string, number>
  harmless?: true
  unsent?: string
  before?: CaseRequest[]
  request: CaseRequest
  answer: { status: number; body: unknown; headers?: Record<string, string | null>; violations?: unknown[] }
  change?: Record<string, unknown>
}

/** The cases of one file, such as `update`. */
export type CaseFile = { name: string; cases: Case[] }

/** The contract cases that come with this package, by file. */
export async function readCases(): Promise<CaseFile[]> {
  const { parse } = await import('yaml')
  const folder = casesFolder()
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort()
  return Promise.all(
    files.map(async (file) => ({
      name: file.replace('.yaml', ''),
      cases: parse(await readFile(`${folder}/${file}`, 'utf8')),
    })),
  )
}
