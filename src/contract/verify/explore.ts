import { readSeed } from '../../seed-file.ts'
import { sessionCookie } from '../../tokens.ts'
import { CouldNotRun } from './could-not-run.ts'
import { isObject, type Json, parsed } from './json.ts'
import type { Caller, Known } from './known.ts'
import { readView } from './profile.ts'
import type { Send, WireAnswer } from './wire.ts'

/** Who signs in, and which profile may be written. */
export type Access = { callers: ReadonlyMap<string, Caller>; secret?: string; profileId?: number }

/** Looks at the target before the cases are run. @throws {CouldNotRun} */
export async function explore(send: Send, { callers, secret, profileId }: Access): Promise<Known> {
  if (profileId !== undefined && !callers.has('admin')) {
    throw new CouldNotRun('--write needs --token <token> of somebody who can put back what was changed.')
  }
  const seed = await readSeed()
  const known = new Map<string, Caller>()
  for (const [persona, caller] of callers) known.set(persona, await introduced(send, persona, caller))
  const [first] = known.values()
  if (!first) {
    await asked(send, '/health', {})
    return { seed, callers: known, ...(secret !== undefined && { secret }) }
  }
  const headers = headersOf(first)
  const [roleIds, teamIds] = [
    await idsAt(send, '/roles', 'roles', headers),
    await idsAt(send, '/team/list', 'teams', headers),
  ]
  return {
    seed,
    callers: known,
    ...(secret !== undefined && { secret }),
    ...(roleIds && { roleIds }),
    ...(teamIds && { teamIds }),
    ...(profileId !== undefined && { profile: await written(send, profileId, known) }),
  }
}

export const headersOf = ({ token, cookie }: Caller): Record<string, string> =>
  token === undefined ? { cookie: `${sessionCookie}=${cookie}` } : { authorization: `Bearer ${token}` }

async function asked(send: Send, path: string, headers: Record<string, string>): Promise<WireAnswer> {
  const answer = await send({ method: 'GET', path, headers })
  if ('problem' in answer)
    throw new CouldNotRun(`GET ${path} got ${answer.problem}; is that the API's base URL?`)
  return answer
}

async function introduced(send: Send, persona: string, caller: Caller): Promise<Caller> {
  const { status, body } = await asked(send, '/profile', headersOf(caller))
  if (status === 401) {
    throw new CouldNotRun(`The target does not take the credential for ${persona} (401); get a fresh one.`)
  }
  const profile = parsed(body)?.value
  if (status !== 200 || !isObject(profile)) return caller
  const { id, permissions } = profile
  const mayUpdate = Array.isArray(permissions) ? permissions.includes('updateSpecificProfile') : undefined
  if (mayUpdate === (persona === 'agent')) {
    throw new CouldNotRun(
      `The caller for ${persona} ${mayUpdate ? 'holds' : 'does not hold'} updateSpecificProfile, so it cannot stand for ${persona}; sign in as somebody else.`,
    )
  }
  return {
    ...caller,
    ...(Number.isInteger(id) && { id: id as number }),
    ...(mayUpdate !== undefined && { permissions: permissions as string[] }),
  }
}

async function idsAt(send: Send, path: string, key: string, headers: Record<string, string>) {
  const { status, body } = await asked(send, path, headers)
  const list = (parsed(body)?.value as Json | null | undefined)?.[key]
  if (status !== 200 || !Array.isArray(list)) return undefined
  return new Set(list.map((entry) => (entry as Json | null)?.id as number))
}

/** The profile that cases write to. Callers are left alone: a case could take away the role that puts it back. */
async function written(send: Send, id: number, callers: ReadonlyMap<string, Caller>) {
  if ([...callers.values()].some((caller) => caller.id === id)) {
    throw new CouldNotRun(`Profile ${id} is a caller of this run; name another one with --profile-id.`)
  }
  return { id, view: await readView(send, id, headersOf(callers.get('admin') as Caller)) }
}
