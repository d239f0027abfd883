import type { Role, Seed, StoredProfile, Team } from '../../schemas/seed.ts'
import { isObject, objectOf } from '../values/json.ts'

type Tag = NonNullable<Seed['tags']>[number]
type Loose = Readonly<Record<string, unknown>>
type List = { entries: Loose[]; hasAllIds: boolean }

/**
 * What can be read of a document that does not have the shape of a seed, every entry in its place, so that what refers to
 * nothing is told together with what has the wrong shape. Where an id cannot be read nothing is said of references to that list.
 */
export function readableSeed(value: unknown): Seed {
  const document = objectOf(value)
  const [roles, teams, profiles] = [listOf(document.roles), listOf(document.teams), listOf(document.profiles)]
  const tags = listOf(document.tags)
  const statusOptions = namesOf(document.statusOptions)
  const knowsStatuses = document.statusOptions === undefined || statusOptions !== undefined
  return {
    personas: Object.fromEntries(
      Object.entries(objectOf(document.personas)).filter(([, id]) => refersTo(profiles, id)),
    ) as Seed['personas'],
    ...(statusOptions && { statusOptions }),
    roles: roles.entries.map(
      (role, place): Role => ({
        id: idOf(role, place),
        name: '',
        permissions: [],
        ...(refersTo(roles, role.baseRoleId) && { baseRoleId: role.baseRoleId }),
      }),
    ),
    tags: tags.entries.map(
      (tag, place): Tag => ({
        id: idOf(tag, place),
        name: '',
        parent: refersTo(tags, tag.parent) ? tag.parent : null,
      }),
    ),
    teams: teams.entries.map(
      (team, place): Team => ({
        id: idOf(team, place),
        name: '',
        parent: refersTo(teams, team.parent) ? team.parent : null,
        settings: roleOf(team, roles),
      }),
    ),
    profiles: profiles.entries.map((profile, place): StoredProfile => {
      const { teamIds, status } = objectOf(profile.settings)
      const ids = idsOf(teamIds)
      return {
        id: idOf(profile, place),
        ...(isObject(profile.rawData) && { rawData: profile.rawData }),
        settings: {
          ...roleOf(profile, roles),
          ...(teams.hasAllIds && ids && { teamIds: ids }),
          ...(knowsStatuses && typeof status === 'string' && { status }),
        },
      }
    }),
  }
}

const idsOf = (value: unknown) =>
  Array.isArray(value) && value.every(Number.isSafeInteger) ? (value as number[]) : undefined
/** A status is its id, or an object that has it. */
function namesOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const names = value.map((entry) => (isObject(entry) ? entry.id : entry))
  return names.every((name) => typeof name === 'string') ? names : undefined
}

function listOf(value: unknown): List {
  if (!Array.isArray(value)) return { entries: [], hasAllIds: false }
  const entries = value.map(objectOf)
  return { entries, hasAllIds: entries.every(({ id }) => Number.isSafeInteger(id)) }
}

/** Nobody refers to what stands for an id that cannot be read. */
const idOf = ({ id }: Loose, place: number) => (Number.isSafeInteger(id) ? (id as number) : -0.5 - place)

const refersTo = ({ hasAllIds }: List, id: unknown): id is number => hasAllIds && Number.isSafeInteger(id)

function roleOf(entry: Loose, roles: List): { roleId?: number } {
  const { roleId } = objectOf(entry.settings)
  return refersTo(roles, roleId) ? { roleId } : {}
}
