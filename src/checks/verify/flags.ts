import { readFile } from 'node:fs/promises'
import { CommandEnd, checkFailed } from '../../command-line/command-end.ts'
import { basePath } from '../../http/paths.ts'
import { wholeNumber } from '../../settings.ts'
import type { Credentials } from './target.ts'

/** The flags of `enneo-mock verify` as they were given. */
export type VerifyFlags = {
  token?: string[]
  cookie?: string[]
  write?: boolean
  profileId?: string
  json?: boolean
  jwtSecret?: string
}

const wrong = (sentence: string) => new CommandEnd(checkFailed, sentence)

/** The base URL with its path, without a slash at its end. @throws {CommandEnd} */
export function targetOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw wrong(`The base URL must be an http or https address such as http://localhost:8005${basePath}.`)
  // None of these is repeated: it may be a secret.
  if (url.username || url.password)
    throw wrong('The base URL must hold no name or password: sign in with --token or --cookie.')
  if (url.search || url.hash)
    throw wrong('The base URL must end with its path: leave out what begins at ? or #.')
  return url.origin + (url.pathname === '/' ? basePath : url.pathname.replace(/\/+$/, ''))
}

/** The profile that may be written, if any. @throws {CommandEnd} */
export function profileIdOf({ write, profileId }: VerifyFlags): number | undefined {
  if (write && profileId === undefined)
    throw wrong('--write needs --profile-id <id> of the profile it may change.')
  if (!write && profileId !== undefined)
    throw wrong('--profile-id is for --write; add it, or leave both out.')
  if (profileId === undefined) return undefined
  try {
    return wholeNumber(1, 2 ** 31 - 1)(profileId)
  } catch (error) {
    throw wrong(`--profile-id must be ${(error as Error).message}.`)
  }
}

/**
 * Who signs in: `persona=credential`, or a credential of `admin`, which may have equals signs too. After `@` stands a
 * file that holds it. None is ever repeated. @throws {CommandEnd}
 */
export async function callersOf({ token = [], cookie = [] }: VerifyFlags): Promise<Map<string, Credentials>> {
  const callers = new Map<string, Credentials>()
  const add = async (kind: 'token' | 'cookie', given: string) => {
    const [, name = 'admin', value = given] = /^(admin|manager|agent|service)=(.*)$/s.exec(given) ?? []
    const credential = value.startsWith('@') ? await firstLine(kind, value.slice(1)) : value
    if (!/^[\x21-\x7e]+$/.test(credential)) throw wrong(`--${kind} must be one word of plain characters.`)
    if (callers.get(name)?.[kind] !== undefined)
      throw wrong(`--${kind} is given twice for ${name}; leave one out.`)
    callers.set(name, { ...callers.get(name), [kind]: credential })
  }
  for (const given of token) await add('token', given)
  for (const given of cookie) await add('cookie', given)
  return callers
}

/** So that a credential need not stand where every process can read it. Its path could be a credential by mistake. */
async function firstLine(kind: string, path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw wrong(`The file that --${kind} names after @ cannot be read (${error.code}); correct its path.`)
  })
  const [line = ''] = text.split('\n')
  return line.trim()
}
