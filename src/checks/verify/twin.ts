import type { TSchema } from '@sinclair/typebox'
import { Role, type Seed, StoredProfile, Team } from '../../../schemas/seed.ts'
import { StatusOption } from '../../../schemas/status-option.ts'
import { Subchannel } from '../../../schemas/subchannel.ts'
import { Tag } from '../../../schemas/tag.ts'
import { basePath } from '../../http/paths.ts'
import { createMock } from '../../library/create-mock.ts'
import { checkSeed } from '../../seed/seed.ts'
import { readSeed } from '../../seed/seed-file.ts'
import { isObject, type JsonObject } from '../../values/json.ts'
import { withoutSecrets } from '../../values/secrets.ts'
import type { WireRequest } from '../case-request.ts'
import type { WireAnswer } from './wire.ts'

/** A mock in this process whose world is that of the target. */
export type Twin = {
  send: (request: WireRequest) => Promise<WireAnswer>
  /** Its world as at the start. */
  reset: () => Promise<void>
  close: () => Promise<void>
}

/** Signs the twin's own tokens. */
export const twinSecret = 'known to nobody outside this process'

export async function openTwin(seed: Seed): Promise<Twin> {
  const { inject, reset, close } = await createMock({ seed, listen: false, jwtSecret: twinSecret })
  return {
    send: async ({ method, path, headers, body }) => {
      const url = basePath + path
      const answer = await inject({
        method: method as 'GET',
        url,
        headers,
        ...(body !== undefined && { body }),
      })
      const shown = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
      return { status: answer.statusCode, headers: Object.fromEntries(shown), body: answer.body }
    },
    reset,
    close,
  }
}

/** What the reads of a target show. */
export type Shown = {
  personas: Record<string, number>
  /** Each with the names of its permissions. */
  roles: JsonObject[]
  teams: JsonObject[]
  people: JsonObject[]
  /** What each caller is shown of itself. */
  callers: JsonObject[]
  /** The profile that cases are about, with its rawData. */
  profile: JsonObject | undefined
  supersetRoles: unknown[]
  statusOptions: unknown[]
  tags: unknown[]
  subchannels: unknown[]
}

/** What a target shows as a seed. What a seed cannot hold is left out, so that it is seen where the two differ. */
export async function seedOf({ personas, teams, supersetRoles, ...shown }: Shown): Promise<Seed> {
  const { statusOptions: usual = [] } = await readSeed()
  const statusOptions = shown.statusOptions.length > 0 ? shown.statusOptions : usual
  const people = new Map<number, JsonObject>()
  for (const view of [...shown.people, ...shown.callers, ...(shown.profile ? [shown.profile] : [])])
    people.set(Number(view.id), { ...people.get(Number(view.id)), ...view })
  const profiles = [...people].map(([id, view]) => ({
    settings: {},
    ...(picked(
      StoredProfile,
      withoutSecrets(view, '', () => {}),
    ) as JsonObject),
    id,
  }))
  const named = new Set(statusOptions.flatMap((option) => [option, Object(option).id]))
  const statuses = profiles.map(({ settings }) => (settings as JsonObject).status)
  const seed = {
    personas,
    statusOptions: [
      ...statusOptions.map((option) => picked(StatusOption, option)),
      ...new Set(statuses.filter((status) => typeof status === 'string' && !named.has(status))),
    ],
    ...(shown.tags.length > 0 && { tags: shown.tags.map((tag) => picked(Tag, tag)) }),
    ...(shown.subchannels.length > 0 && {
      subchannels: shown.subchannels.map((subchannel) => picked(Subchannel, subchannel)),
    }),
    ...(supersetRoles.length > 0 && { supersetRoles }),
    roles: withNamed(profiles, 'roleId', rolesOf(shown)).map((role) =>
      picked(Role, { permissions: [], ...role }),
    ),
    teams: withNamed(profiles, 'teamIds', teams).map((team) => ({
      parent: null,
      settings: {},
      ...(picked(Team, team) as JsonObject),
    })),
    profiles,
  }
  return pruned(seed)
}

/** With those that profiles have and no list shows, about which nothing else is known. */
function withNamed(
  profiles: readonly { settings: unknown }[],
  key: string,
  list: JsonObject[],
): JsonObject[] {
  const ids = profiles.flatMap(({ settings }) => (settings as JsonObject)[key] ?? [])
  const missing = new Set(ids.filter((id) => !list.some((entry) => entry.id === id)))
  return [...list, ...[...missing].map((id) => ({ id, name: `number ${id}` }))]
}

/** A role that cannot be read permits what the callers that have it may do. */
function rolesOf({ roles, callers }: Pick<Shown, 'roles' | 'callers'>): JsonObject[] {
  const all = new Map(roles.map((role) => [role.id, role]))
  for (const { settings, permissions } of callers) {
    const { roleId, actualRoleId = roleId } = (settings ?? {}) as JsonObject
    const role = all.get(actualRoleId)
    const isKnown = Array.isArray(role?.permissions) && role.permissions.length > 0
    if (actualRoleId !== undefined && !isKnown)
      all.set(actualRoleId, { name: `role ${actualRoleId}`, ...role, id: actualRoleId, permissions })
  }
  return [...all.values()]
}

/** The part of a value that a schema names; null is as good as absent. */
function picked(schema: TSchema, value: unknown): unknown {
  const keys = Object.entries<TSchema>(schema.properties ?? {})
  if (keys.length === 0 || !isObject(value)) return value
  return Object.fromEntries(
    keys
      .filter(([key]) => Object.hasOwn(value, key) && value[key] !== null)
      .map(([key, part]) => [key, picked(part, value[key])]),
  )
}

/** Whatever keeps a value from being a seed is taken out of it, or else what it stands in. */
function pruned(value: unknown): Seed {
  const faults = checkSeed(value)
  if (faults.length === 0) return value as Seed
  const ways = faults.map(({ path }) => path.split(/[.[\]]+/).filter(Boolean))
  // Parts before the whole.
  for (const way of ways.sort((one, other) => other.length - one.length)) takeOut(value, way)
  return pruned(withoutGaps(value))
}

/** An entry of a list leaves a gap, so that the places of the others stay. */
function takeOut(value: unknown, way: readonly string[]): void {
  const [last = ''] = way.slice(-1)
  const holder = way
    .slice(0, -1)
    .reduce<unknown>((part, step) => (part as JsonObject | undefined)?.[step], value)
  if (Array.isArray(holder)) delete holder[Number(last)]
  else if (isObject(holder) && Object.hasOwn(holder, last)) delete holder[last]
  else takeOut(value, way.slice(0, -1))
}

function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(() => true).map(withoutGaps)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutGaps(part)]))
}
