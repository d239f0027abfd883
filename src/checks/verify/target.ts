import type { Seed } from '../../../schemas/seed.ts'
import { basePath } from '../../http/paths.ts'
import { sessionCookie } from '../../http/tokens.ts'
import { readSeed } from '../../seed/seed-file.ts'
import { isObject, type JsonObject } from '../../values/json.ts'
import type { Ids } from '../case-request.ts'
import { heldIn } from './compare.ts'
import { CouldNotRun } from './could-not-run.ts'
import { parsed } from './parsed.ts'
import { readView } from './profile.ts'
import { seedOf } from './twin.ts'
import type { Send, WireAnswer } from './wire.ts'

/** Somebody who can sign in at the target, standing for a persona of the cases. */
export type Credentials = { token?: string; cookie?: string }

/** Who signs in, and which profile may be written. */
export type Access = {
  callers: ReadonlyMap<string, Credentials>
  secret?: string | undefined
  profileId?: number | undefined
}

/** What the cases need of the service under test, read from it beforehand. */
export type Target = {
  ids: Ids
  /** Its world, as far as it can be read. */
  seed: Seed
  /** The profile that may be written, as it is shown. */
  profile?: { id: number; view: JsonObject }
}

type Ask = (path: string) => Promise<WireAnswer>

/** Looks at the target before the cases are run. @throws {CouldNotRun} */
export async function lookAt(send: Send, { callers, profileId }: Access): Promise<Target> {
  const admin = callers.get('admin')
  if (profileId !== undefined && !admin) {
    throw new CouldNotRun('--write needs --token <token> of somebody who can put back what was changed.')
  }
  const own = new Map<string, JsonObject>()
  for (const [persona, caller] of callers)
    own.set(persona, await introduced(persona, askAs(send, headersOf(caller))))
  const [first] = callers.values()
  if (!first) {
    await mustBeApi(askAs(send, {}))
    const seed = await readSeed()
    return { ids: { nobody: nobodysId }, seed }
  }
  const personas = Object.fromEntries([...own].map(([persona, { id }]) => [persona, Number(id)]))
  const profile =
    admin && profileId !== undefined ? await written(send, profileId, admin, personas) : undefined
  const ask = askAs(send, headersOf(admin ?? first))
  const target = profileId ?? Object.values(personas)[0]
  const seed = await seedOf({
    personas,
    roles: await rolesOf(ask),
    teams: (await listAt(ask, '/team/list', 'teams')).filter(isObject),
    people: await peopleOf(ask),
    callers: [...own.values()].map((view) => ({ ...view, permissions: heldIn(view.permissions) })),
    profile: profile?.view ?? (await viewOf(ask, target)),
    supersetRoles: await listAt(ask, `/profile/${target}/supersetRoles`, 'supersetRoles'),
    statusOptions: await listAt(ask, '/profile/timeTrackingStatusOptions', 'timeTrackingStatusOptions'),
    tags: await listAt(ask, '/tag?includeDisabled=true', 'tags'),
    subchannels: await listAt(ask, '/settings/subchannel', 'subchannels'),
  })
  const ids = { ...personas, target, nobody: nobodysId, ...choices(seed, profile?.view) }
  return { ids, seed, ...(profile && { profile }) }
}

/** No service gives out an id like this, and every one can read it. */
const nobodysId = 2_147_483_647

/** Roles and teams that are not the profile's own, so that a change is seen; of roles those that permit least. */
function choices({ roles, teams }: Seed, view: JsonObject = {}): Ids {
  const { roleId, teamIds } = (view.settings ?? {}) as JsonObject
  const own = Array.isArray(teamIds) ? teamIds : []
  const size = ({ permissions }: Seed['roles'][number]) => permissions.length
  const others = roles.filter(({ id }) => id !== roleId).sort((one, other) => size(one) - size(other))
  const [team, otherTeam] = teams.filter(({ id }) => !own.includes(id))
  return {
    ...(others[0] && { role: others[0].id }),
    ...(roles.length > 0 && { noRole: nobodysId }),
    ...(team && { team: team.id }),
    ...(otherTeam && { otherTeam: otherTeam.id }),
    ...(teams.length > 0 && { noTeam: nobodysId }),
  }
}

export const headersOf = ({ token, cookie }: Credentials): Record<string, string> =>
  token === undefined ? { cookie: `${sessionCookie}=${cookie}` } : { authorization: `Bearer ${token}` }

const askAs =
  (send: Send, headers: Record<string, string>): Ask =>
  async (path) => {
    const answer = await send({ method: 'GET', path, headers })
    if ('problem' in answer)
      throw new CouldNotRun(`GET ${path} got ${answer.problem}; is that the API's base URL?`)
    return answer
  }

/** The profile of whoever asks; its id may be text, which is for the cases to find. */
function profileIn({ status, body }: WireAnswer): JsonObject | undefined {
  const profile = parsed(body)?.value
  return status === 200 && isObject(profile) && /^\d+$/.test(String(profile.id)) ? profile : undefined
}

/** A server that lets everybody in is for the cases to find. */
async function mustBeApi(ask: Ask): Promise<void> {
  const answer = await ask('/profile')
  const isRefused = [401, 403].includes(answer.status) && parsed(answer.body) !== undefined
  if (!isRefused && profileIn(answer) === undefined) throw noApi(answer)
}

function noApi({ status, headers, body }: WireAnswer): CouldNotRun {
  const [type = 'no content type'] = (headers['content-type'] ?? '').split(';').filter(Boolean)
  const came = parsed(body) ? 'JSON that is no profile' : body === '' ? 'nothing in it' : type
  const redirect = status >= 300 && status < 400 ? ', a redirect' : ''
  return new CouldNotRun(
    `GET /profile answered ${status}${redirect}, with ${came}, so this is not the API: check the base URL, such as its path ${basePath}.`,
  )
}

async function introduced(persona: string, ask: Ask): Promise<JsonObject> {
  const answer = await ask('/profile')
  if (answer.status === 401 && parsed(answer.body)) {
    throw new CouldNotRun(`The target does not take the credential for ${persona} (401); get a fresh one.`)
  }
  const profile = profileIn(answer)
  if (!profile) throw noApi(answer)
  const { permissions } = profile
  const mayUpdate = Array.isArray(permissions) ? permissions.includes('updateSpecificProfile') : undefined
  if (mayUpdate === (persona === 'agent')) {
    throw new CouldNotRun(
      `The caller for ${persona} ${mayUpdate ? 'holds' : 'does not hold'} updateSpecificProfile, so it cannot stand for ${persona}; sign in as somebody else.`,
    )
  }
  return profile
}

/** The profile that cases write to. Callers are left alone: a case could take away the role that puts it back. */
async function written(send: Send, id: number, admin: Credentials, personas: Record<string, number>) {
  if (Object.values(personas).includes(id)) {
    throw new CouldNotRun(`Profile ${id} is a caller of this run; name another one with --profile-id.`)
  }
  const view = await readView(send, id, headersOf(admin)).catch(({ message }: Error) => {
    throw new CouldNotRun(
      `${message}, so that nothing could be put back; name another profile with --profile-id.`,
    )
  })
  return { id, view }
}

/** The caller that reads are about where no profile is written, with its rawData. */
async function viewOf(ask: Ask, id: number | undefined): Promise<JsonObject | undefined> {
  const view = profileIn(await ask(`/profile/${id}?includeRawData=true`))
  return Number(view?.id) === id ? view : undefined
}

/** A list that a read answers with; empty where it cannot be read. */
async function listAt(ask: Ask, path: string, key: string): Promise<unknown[]> {
  const { status, body } = await ask(path)
  const list = (parsed(body)?.value as JsonObject | null | undefined)?.[key]
  return status === 200 && Array.isArray(list) ? list : []
}

async function rolesOf(ask: Ask): Promise<JsonObject[]> {
  const roles: JsonObject[] = []
  for (const role of (await listAt(ask, '/roles', 'roles')).filter(isObject)) {
    const { body } = await ask(`/roles/${role.id}`)
    const permissions = heldIn((parsed(body)?.value as JsonObject | null | undefined)?.permissions)
    roles.push({ ...role, permissions })
  }
  return roles
}

const pageSize = 100
const mostPages = 100

/** Everybody, page by page; whoever comes again ends it. */
async function peopleOf(ask: Ask): Promise<JsonObject[]> {
  const people = new Map<unknown, JsonObject>()
  for (let page = 0; page < mostPages; page++) {
    const path = `/profiles?show=all&format=full&limit=${pageSize}&offset=${page * pageSize}`
    const found = (await listAt(ask, path, 'profiles')).filter(isObject)
    const size = people.size
    for (const person of found) people.set(person.id, person)
    if (found.length < pageSize || people.size === size) break
  }
  return [...people.values()]
}
