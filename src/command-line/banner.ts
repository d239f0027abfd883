import type { Seed } from '../../schemas/seed.ts'
import { adminPath, basePath } from '../http/paths.ts'
import { callerOf } from '../profiles/caller.ts'
import type { StartedMock } from '../start.ts'
import { createDirectory } from '../stores/directory.ts'
import { packageInfo } from '../values/package-info.ts'

/** What a user reads first: where the mock is, who can sign in, one call that works and one that does not. */
export function banner({ origin, seed, wasKept, tokens, adminAccess, madeUp }: StartedMock): string {
  const adminToken = madeUp.adminApiToken ?? '$MOCK_ADMIN_API_TOKEN'
  const adminHeader = adminAccess.kind === 'token' ? `-H "Authorization: Bearer ${adminToken}" ` : ''
  const people = personas(seed)
  const works = people.find(({ holds }) => holds('updateSpecificProfile'))
  const refused = people.find(({ holds }) => !holds('updateSpecificProfile'))
  const body = JSON.stringify({ profiles: [harmlessChange(seed, works?.holds ?? (() => false))] })
  const curl = (id: number) =>
    `curl -X PATCH ${origin}${basePath}/profiles -H 'Content-Type: application/json' -H 'Authorization: Bearer ${tokens.sign(id)}' -d '${body}'`

  return [
    `enneo-mock ${packageInfo.version}, an unofficial mock of the enneo.MIND API`,
    '',
    `  API            ${origin}${basePath}`,
    `  its document   ${origin}${basePath}/docs/open-api`,
    ...(adminAccess.kind === 'disabled' ? [] : [`  console        ${origin}${adminPath}/`]),
    `  control plane  ${origin}${adminPath}/health`,
    ...(madeUp.jwtSecret === undefined
      ? []
      : [`  JWT secret     ${madeUp.jwtSecret} (made up for this start)`]),
    ...(madeUp.adminApiToken === undefined
      ? []
      : [`  admin token    ${madeUp.adminApiToken} (made up for this start)`]),
    ...(wasKept ? ['  state          kept from before; --reseed begins anew with the seed'] : []),
    '',
    'Personas:',
    ...people.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`),
    ...(works ? ['', `This succeeds (as ${works.name}):`, '', `  ${curl(works.id)}`] : []),
    ...(refused ? ['', `This is refused with 403 (as ${refused.name}):`, '', `  ${curl(refused.id)}`] : []),
    '',
    ...(adminAccess.kind === 'disabled'
      ? []
      : [`Look at the result:  curl ${adminHeader}${origin}${adminPath}/state`]),
    'More:                README.md, and enneo-mock --help',
  ].join('\n')
}

/** Another role for somebody who is no persona; where there is nobody, a change after which all can do what they could. */
function harmlessChange({ personas, profiles, roles }: Seed, mayChange: (permission: string) => boolean) {
  const changeable = profiles.filter(({ type }) => type !== 'enneo' || mayChange('enneoAdmin'))
  const ids = new Set(Object.values(personas))
  const other = changeable.find(({ id, type }) => type !== 'enneo' && !ids.has(id))
  const roleId = (roles[1] ?? roles[0])?.id
  if (other !== undefined) return { id: other.id, settings: { roleId } }
  const [first = profiles[0]] = changeable
  return { id: first?.id, lang: first?.lang ?? 'en' }
}

function personas(seed: Seed) {
  const directory = createDirectory(seed)
  const profiles = new Map(seed.profiles.map((profile) => [profile.id, profile]))
  return Object.entries(seed.personas).flatMap(([name, id]) => {
    const profile = profiles.get(id)
    if (!profile) return []
    const { holds, roleName } = callerOf(profile, directory)
    const { firstName = '', lastName = '', type = 'user' } = profile
    const about = `${id}  ${`${firstName} ${lastName}`.trim() || 'no name'}, type ${type}, role ${roleName ?? 'none'}`
    return [{ name, id, about, holds }]
  })
}
