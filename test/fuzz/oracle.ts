// The rules a second time, from docs/behaviour.md and the published document, not from the sources: none is imported.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Data = { [key: string]: Json }
// biome-ignore lint/suspicious/noExplicitAny: what was sent may be anything
type Sent = any
// biome-ignore lint/suspicious/noExplicitAny: a seed document, read as data
export type State = any
export type Profile = { id: number; type?: string; settings: Data; rawData?: Data } & Data
type Entry = { id: number; success: boolean }
/** What has to come: a status, and the results where there are some. */
export type Expected = { status: number; results?: Entry[] }

const isObject = (value: Sent): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const integer = (value: Sent) => Number.isSafeInteger(value)
const number = (value: Sent) => typeof value === 'number'
const text = (value: Sent) => typeof value === 'string'
const flag = (value: Sent) => typeof value === 'boolean'
const listOf = (fits: (value: Sent) => boolean) => (value: Sent) => Array.isArray(value) && value.every(fits)
const oneOf =
  (...values: Sent[]) =>
  (value: Sent) =>
    values.includes(value)
const objectOf = (fields: Record<string, (value: Sent) => boolean>) => (value: Sent) =>
  isObject(value) &&
  Object.keys(value).every((key) => !Object.hasOwn(fields, key) || fields[key]?.(value[key]))

const routingStatuses = [
  'idle',
  'interacting',
  'beingConnected',
  'notResponding',
  'unavailable',
  'offline',
  'acw',
]
const callStatus = oneOf(...routingStatuses)
const chatOnlyStatus = oneOf(...routingStatuses.filter((status) => status !== 'acw'))
const base64 = (value: Sent) =>
  text(value) && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)

const ownSettings = {
  supersetRole: text,
  ticketsFilters: objectOf({
    groups: listOf(number),
    intents: listOf(text),
    tagIds: listOf(number),
    personalQueue: flag,
    onlyIntents: flag,
  }),
  roleId: integer,
  teamIds: listOf(integer),
  skills: objectOf({ tagIds: listOf(integer), channels: listOf(text) }),
  limitTicketBacklogAccess: flag,
  ticketBacklogRequiredTagIds: listOf(integer),
  tagsOnRoute: listOf(integer),
  tagsOnEdit: listOf(integer),
  isPersonalFilters: flag,
  inheritTeamSettings: flag,
  nameReports: text,
  callRoutingStatus: callStatus,
  chatRoutingStatus: callStatus,
  excludedTagIds: listOf(integer),
  skillPriorities: (value: Sent) =>
    isObject(value) && Object.values(value).every((entry) => number(entry) || text(entry)),
  lang: text,
  phone: text,
  translateTicketContent: flag,
  translationLanguages: listOf(text),
}
const derivedSettings = {
  actualRoleId: integer,
  actualTeamIds: listOf(integer),
  actualSkills: objectOf({ intents: listOf(text), tagIds: listOf(number), channels: listOf(text) }),
  actualLimitTicketBacklogAccess: flag,
  actualTicketBacklogRequiredTagIds: listOf(integer),
  actualTagsOnRoute: listOf(integer),
  actualTagsOnEdit: listOf(integer),
}
const written = {
  firstName: text,
  lastName: text,
  phone: text,
  lang: text,
  nameAlias: text,
  externalId: text,
  isSsoOnly: oneOf(0, 1),
}
const ignored = { email: text, lastSeen: text, type: text, password: text, image: base64 }

/** Keys below objects of settings that are kept; of the others they are all the client's own. */
const kept: Record<string, string[]> = {
  skills: ['tagIds', 'channels'],
  ticketsFilters: ['groups', 'intents', 'tagIds', 'personalQueue', 'onlyIntents'],
}
const secretWords =
  /^(password|image|token|accesstoken|refreshtoken|idtoken|authtoken|csrftoken|jwt|sessionid|authorization|proxyauthorization|cookie|setcookie|connectsid|apikey|clientsecret)$/
const isSecret = (key: string) => secretWords.test(key.replace(/[-_. [\]]/g, '').toLowerCase())

export function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !isSecret(key))
      .map(([key, entry]) => [key, withoutSecrets(entry)]),
  )
}

/** RFC 7396, section 2, line by line. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch
  const result: Data = isObject(target as Json) ? { ...(target as Data) } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = mergePatch(Object.hasOwn(result, name) ? result[name] : undefined, value)
  }
  return result
}

export function fitsItem(item: Sent, statuses: readonly string[]): boolean {
  const status = oneOf('available', 'busy', ...statuses)
  const settings = objectOf({ status, ...ownSettings, ...derivedSettings })
  return (
    objectOf({
      ...written,
      ...ignored,
      id: integer,
      rawData: isObject,
      callRoutingStatus: callStatus,
      chatRoutingStatus: callStatus,
      settings: (value) => value === null || settings(value),
    })(item) && integer(item.id)
  )
}

/** A profile after an item that fits and does not fail. */
export function applied(profile: Profile, item: Sent): Profile {
  const next: Profile = { ...profile, settings: { ...profile.settings } }
  for (const key of Object.keys(written)) if (Object.hasOwn(item, key)) next[key] = item[key]
  if (isObject(item.rawData)) next.rawData = mergePatch(next.rawData, withoutSecrets(item.rawData)) as Data
  for (const [key, value] of Object.entries<Json>(item.settings ?? {})) {
    if (key !== 'status' && !Object.hasOwn(ownSettings, key)) continue
    if (!isObject(value)) next.settings[key] = value
    else {
      const names = kept[key] ?? Object.keys(value)
      const entries = Object.entries(withoutSecrets(value) as Data).filter(([name]) => names.includes(name))
      next.settings[key] = mergePatch(next.settings[key], Object.fromEntries(entries))
    }
  }
  for (const key of ['callRoutingStatus', 'chatRoutingStatus'])
    if (Object.hasOwn(item, key)) next.settings[key] = item[key]
  return next
}

/** The teams that count for a profile that inherits, and all above them. */
function teamsAbove(ids: readonly number[], teams: readonly State[]): State[] {
  const found: State[] = []
  const add = (id: number | null) => {
    const team = teams.find((candidate) => candidate.id === id)
    if (!team || found.includes(team)) return
    found.push(team)
    add(team.parent)
  }
  ids.forEach(add)
  return found
}

export type Look = { force?: boolean; teamIds?: number[] }

export function derived(profile: Profile, state: State, { force = false, teamIds }: Look = {}): Data {
  const own: Sent = profile.settings
  const inherits = force || own.inheritTeamSettings === true
  const above = inherits ? teamsAbove((force && teamIds) || (own.teamIds ?? []), state.teams) : []
  const all: Sent[] = [own, ...above.map(({ settings }) => settings)]
  const union = (pick: (settings: Sent) => Json[] | undefined) => [
    ...new Set(all.flatMap((one) => pick(one) ?? [])),
  ]
  const isLimited = all.some(({ limitTicketBacklogAccess }) => limitTicketBacklogAccess === true)
  const role = strongest(
    all.map(({ roleId }) => roleId),
    state.roles,
  )
  return {
    ...(role && { actualRoleId: role.id }),
    actualTeamIds: own.teamIds ?? [],
    actualSkills: {
      intents: [],
      tagIds: union(({ skills }) => skills?.tagIds),
      channels: union(({ skills }) => skills?.channels),
    },
    actualLimitTicketBacklogAccess: isLimited,
    actualTicketBacklogRequiredTagIds: isLimited ? union((one) => one.ticketBacklogRequiredTagIds) : [],
    actualTagsOnRoute: union(({ tagsOnRoute }) => tagsOnRoute),
    actualTagsOnEdit: union(({ tagsOnEdit }) => tagsOnEdit),
  }
}

/** Most permissions; of equals the lowest id. */
function strongest(ids: readonly (number | undefined)[], roles: readonly State[]): State | undefined {
  const known = roles.filter(({ id }) => ids.includes(id))
  return known.sort((a, b) => new Set(b.permissions).size - new Set(a.permissions).size || a.id - b.id)[0]
}

const skillKeys = ['tagsOnRoute', 'tagsOnEdit', 'excludedTagIds', 'skills', 'skillPriorities']
const fieldPermission = (key: string) =>
  `updateUserProfile${skillKeys.includes(key) ? 'Skills' : key[0]?.toUpperCase() + key.slice(1)}`

/** Capital or small, and an accent may be a letter of its own. */
const folded = (value: string) => value.normalize('NFC').toLowerCase()

/** What has to come of each call, on a state that it changes as the mock has to. */
export function createOracle(seed: State) {
  const people = new Map<number, Profile>(seed.profiles.map((profile: Profile) => [profile.id, profile]))
  const statuses: string[] = (seed.statusOptions ?? []).map((option: State) => option.id ?? option)
  const holds = (id: number, permission: string): boolean => {
    const profile = people.get(id) as Profile
    const role = seed.roles.find((one: State) => one.id === derived(profile, seed).actualRoleId)
    return role?.permissions.includes(permission) && (permission !== 'enneoAdmin' || profile.type === 'enneo')
  }
  type Who = { caller: number; behalf?: number | undefined }
  const may = (who: Who, permission: string) => each(who, (one) => holds(one, permission))
  /** Such a call may do what both may do, each for themselves. */
  const each = ({ caller, behalf }: Who, mayOne: (id: number) => boolean) =>
    mayOne(caller) && (behalf === undefined || mayOne(behalf))
  const mayChange = (who: Who, id: number, ...permissions: string[]) =>
    each(who, (one) => one === id || permissions.some((permission) => holds(one, permission)))
  const unknown = ({ caller, behalf }: Who) =>
    !people.has(caller) || (behalf !== undefined && !people.has(behalf))
  const fails = (item: Sent) => {
    const { roleId, teamIds = [] } = item.settings ?? {}
    return (
      !people.has(item.id) ||
      (roleId !== undefined && !seed.roles.some(({ id }: State) => id === roleId)) ||
      teamIds.some((team: number) => !seed.teams.some(({ id }: State) => id === team))
    )
  }
  const apply = (item: Sent): Entry => {
    const success = !fails(item)
    if (success) people.set(item.id, applied(people.get(item.id) as Profile, item))
    return { id: item.id, success }
  }
  const isEnneo = (id: number) => people.get(id)?.type === 'enneo'
  const bad = (items: Sent[], fits: (item: Sent) => boolean): Entry[] =>
    items
      .filter((item) => !fits(item))
      .map(
        (item) =>
          ({ ...(isObject(item) && integer(item.id) && { id: item.id as number }), success: false }) as Entry,
      )
  const refused = [{ success: false } as Entry]

  const fitsRouting = (body: Sent) =>
    objectOf({ callRoutingStatus: callStatus, chatRoutingStatus: chatOnlyStatus, ifCurrent: callStatus })(
      body,
    ) &&
    (Object.hasOwn(body, 'callRoutingStatus') ||
      (Object.hasOwn(body, 'chatRoutingStatus') && !Object.hasOwn(body, 'ifCurrent')))
  const eligible = (status: Json, profile: Profile, flagName: string): Json => {
    const option = seed.statusOptions?.find((one: State) => one.id === profile.settings.status)
    return status === 'idle' && option && !option[flagName] ? 'unavailable' : status
  }
  const route = (id: number, body: Sent): 'unknown' | 'other' | 'done' => {
    const profile = people.get(id)
    if (!profile) return 'unknown'
    if (body.ifCurrent !== undefined && body.ifCurrent !== profile.settings.callRoutingStatus) return 'other'
    const settings = { ...profile.settings }
    if (body.callRoutingStatus !== undefined)
      settings.callRoutingStatus = eligible(body.callRoutingStatus, profile, 'availableForCalls')
    if (body.chatRoutingStatus !== undefined)
      settings.chatRoutingStatus = eligible(body.chatRoutingStatus, profile, 'availableForChats')
    people.set(id, { ...profile, settings })
    return 'done'
  }
  const mayRoute = (who: Who, id: number) =>
    mayChange(who, id, 'updateSpecificProfile', 'updateSpecificProfileStatus')

  return {
    profile: (id: number) => people.get(id),
    state: () => [...people.values()],

    updateProfiles: (who: Who, body: Sent): Expected => {
      if (unknown(who)) return { status: 401 }
      if (!may(who, 'updateSpecificProfile')) return { status: 403 }
      if (!isObject(body) || !Array.isArray(body.profiles)) return { status: 400, results: refused }
      const items: Sent[] = body.profiles
      const wrong = bad(items, (item) => fitsItem(item, statuses))
      if (wrong.length > 0) return { status: 400, results: wrong }
      if (items.some(({ id }) => isEnneo(id)) && !may(who, 'enneoAdmin')) return { status: 403 }
      return { status: 200, results: items.map(apply) }
    },

    updateProfile: (who: Who, id: number, body: Sent): Expected => {
      if (unknown(who)) return { status: 401 }
      if (!mayChange(who, id, 'updateSpecificProfile')) return { status: 403 }
      if (!isObject(body)) return { status: 400 }
      const keys = isObject(body.settings as Json) ? Object.keys(body.settings as Data) : []
      const free = ['status', 'callRoutingStatus', 'chatRoutingStatus']
      const guarded = keys.filter((key) => Object.hasOwn(ownSettings, key) && !free.includes(key))
      const mayWrite = (key: string) =>
        each(who, (one) => holds(one, 'updateSpecificProfile') || holds(one, fieldPermission(key)))
      if (!guarded.every(mayWrite)) return { status: 403 }
      if (!fitsItem({ id, ...body }, statuses)) return { status: 400 }
      if (isEnneo(id) && !mayChange(who, id, 'enneoAdmin')) return { status: 403 }
      if (!people.has(id)) return { status: 404 }
      return { status: apply({ ...body, id }).success ? 200 : 400 }
    },

    updateRoutingStatus: (who: Who, id: number, body: Sent): Expected => {
      if (unknown(who)) return { status: 401 }
      if (!mayRoute(who, id)) return { status: 403 }
      if (!isObject(body) || !fitsRouting(body)) return { status: 400 }
      return { status: { unknown: 404, other: 409, done: 200 }[route(id, body)] }
    },

    updateRoutingStatuses: (who: Who, body: Sent): Expected => {
      if (unknown(who)) return { status: 401 }
      if (!isObject(body) || !Array.isArray(body.profiles)) return { status: 400, results: refused }
      const items: Sent[] = body.profiles
      // 403 over 400, as far as it can be read who is meant.
      const meant = items.filter((item) => isObject(item) && integer(item.id))
      if (!meant.every(({ id }) => mayRoute(who, id))) return { status: 403 }
      const wrong = bad(items, (item) => isObject(item) && integer(item.id) && fitsRouting(item))
      if (wrong.length > 0) return { status: 400, results: wrong }
      return {
        status: 200,
        results: items.map((item) => ({ id: item.id, success: route(item.id, item) === 'done' })),
      }
    },

    /** The ids of a list, in order. */
    find: (query: Sent): number[] => {
      const {
        q = '',
        userIds,
        show = ['users'],
        teamIds,
        tagIds,
        channels,
        roleId,
        limit = 100,
        offset = 0,
      } = query
      const kindOf = ({ type = 'user' }: Profile) =>
        ({ user: 'users', enneo: 'enneo', serviceWorker: 'serviceWorkers' })[type] ?? 'others'
      const found = [...people.values()].filter((profile) => {
        const own: Sent = profile.settings
        const name = `${profile.firstName ?? ''} ${profile.lastName ?? ''}`
        const { actualSkills }: Sent = derived(profile, seed)
        return (
          (show.includes('all') || show.includes(kindOf(profile))) &&
          [name, String(profile.email ?? '')].some((where) => folded(where).includes(folded(q))) &&
          (!userIds || userIds.includes(profile.id)) &&
          (!teamIds ||
            teamIds.some((team: Sent) =>
              team === 'unassigned' ? (own.teamIds ?? []).length === 0 : own.teamIds?.includes(team),
            )) &&
          (!tagIds || tagIds.some((tag: number) => actualSkills.tagIds.includes(tag))) &&
          (!channels || channels.some((channel: string) => actualSkills.channels.includes(channel))) &&
          (roleId === undefined || own.roleId === roleId)
        )
      })
      const ids = found.map(({ id }) => id).sort((a, b) => a - b)
      return ids.slice(offset, offset + limit)
    },
  }
}
