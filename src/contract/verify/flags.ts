import { CommandEnd, checkFailed } from '../../command-end.ts'
import { basePath } from '../../paths.ts'
import { wholeNumber } from '../../settings.ts'
import type { Caller } from './known.ts'

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
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw wrong(`The base URL must be an http or https address such as http://localhost:8005${basePath}.`)
  }
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

const personas = ['admin', 'manager', 'agent', 'service']

/** Who signs in: `persona=credential`, or a credential of `admin`. @throws {CommandEnd} */
export function callersOf({ token = [], cookie = [] }: VerifyFlags): Map<string, Caller> {
  const callers = new Map<string, Caller>()
  const add = (kind: 'token' | 'cookie', given: string) => {
    const [, name = 'admin', value = given] = /^([a-z]+)=(.+)$/i.exec(given) ?? []
    if (!personas.includes(name)) throw wrong(`--${kind} knows ${personas.join(', ')}; there is no ${name}.`)
    if (!/^[\x21-\x7e]+$/.test(value)) throw wrong(`--${kind} must be one word of plain characters.`)
    callers.set(name, { ...callers.get(name), [kind]: value })
  }
  for (const given of token) add('token', given)
  for (const given of cookie) add('cookie', given)
  return callers
}
