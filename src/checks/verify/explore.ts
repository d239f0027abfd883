import { basePath } from '../../http/paths.ts'
import { sessionCookie } from '../../http/tokens.ts'
import { readSeed } from '../../seed/seed-file.ts'
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
    const answer = await asked(send, '/profile', {})
    const isRefused = [401, 403].includes(answer.status) && parsed(answer.body) !== undefined
    // A server that lets everybody in is for the cases to find.
    if (!isRefused && profileIn(answer) === undefined) throw noApi(answer)
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

/** The profile of whoever asks; its id may be text, which is for the cases to find. */
function profileIn({ status, body }: WireAnswer): Json | undefined {
  const profile = parsed(body)?.value
  return status === 200 && isObject(profile) && /^\d+$/.test(String(profile.id)) ? profile : undefined
}

function noApi({ status, headers, body }: WireAnswer): CouldNotRun {
  const [type = 'no content type'] = (headers['content-type'] ?? '').split(';').filter(Boolean)
  const came = parsed(body) ? 'JSON that is no profile' : body === '' ? 'nothing in it' : type
  const redirect = status >= 300 && status < 400 ? ', a redirect' : ''
  return new CouldNotRun(
    `GET /profile answered ${status}${redirect}, with ${came}, so this is not the API: check the base URL, such as its path ${basePath}.`,
  )
}

async function introduced(send: Send, persona: string, caller: Caller): Promise<Caller> {
  const answer = await asked(send, '/profile', headersOf(caller))
  if (answer.status === 401 && parsed(answer.body)) {
    throw new CouldNotRun(`The target does not take the credential for ${persona} (401); get a fresh one.`)
  }
  const profile = profileIn(answer)
  if (!profile) throw noApi(answer)
  const { id, permissions } = profile
  const mayUpdate = Array.isArray(permissions) ? permissions.includes('updateSpecificProfile') : undefined
  if (mayUpdate === (persona === 'agent')) {
    throw new CouldNotRun(
      `The caller for ${persona} ${mayUpdate ? 'holds' : 'does not hold'} updateSpecificProfile, so it cannot stand for ${persona}; sign in as somebody else.`,
    )
  }
  return {
    ...caller,
    id: Number(id),
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
  const view = await readView(send, id, headersOf(callers.get('admin') as Caller)).catch(
    ({ message }: Error) => {
      throw new CouldNotRun(
        `${message}, so that nothing could be put back; name another profile with --profile-id.`,
      )
    },
  )
  return { id, view }
}
