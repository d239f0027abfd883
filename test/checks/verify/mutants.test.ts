import t from 'tap'
import type { Seed, StoredProfile } from '../../../schemas/seed.ts'
import { developmentSecret } from '../../../src/start.ts'
import { mergePatch } from '../../../src/values/merge-patch.ts'
import { caseFiles } from '../../support/cases.ts'
import {
  type Alter,
  type Arrived,
  allCredentials,
  fullProfile,
  type Given,
  inFile,
  ofFields,
  openTarget,
  seedWithProfiles,
  tokens,
  verifyHere,
} from '../../support/target.ts'

type JsonObject = Record<string, unknown>
type Item = { id: number; settings?: JsonObject | null; rawData?: JsonObject } & JsonObject
type Results = { results: ({ id?: number; success: boolean } & JsonObject)[] }

const isBulk = ({ method, path }: Arrived) => method === 'PATCH' && path.startsWith('/api/mind/profiles')
const isRead = ({ method }: Arrived) => method === 'GET'
const json = (text: string) => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
const itemsOf = ({ body }: Arrived): Item[] => {
  const profiles = json(body)?.profiles
  return Array.isArray(profiles) ? profiles : []
}
const withItems = (request: Arrived, change: (items: Item[]) => unknown[]): Arrived =>
  itemsOf(request).length > 0
    ? { ...request, body: JSON.stringify({ profiles: change(itemsOf(request)) }) }
    : request
const withBody = (answer: Given, body: unknown): Given => ({ ...answer, body: JSON.stringify(body) })

/** Changes the items of each bulk update before the mock sees them. */
const items =
  (change: (item: Item, profile: StoredProfile | undefined) => unknown): Alter =>
  async (request, pass, mock) => {
    if (!isBulk(request)) return pass(request)
    const stored = await stateOf(mock)
    return pass(
      withItems(request, (all) =>
        all.map((item) =>
          change(
            item,
            stored.profiles.find(({ id }) => id === item.id),
          ),
        ),
      ),
    )
  }

/** Changes the answers of this status to bulk updates. */
const answers =
  (status: number, change: (answer: Given, request: Arrived) => Given): Alter =>
  async (request, pass) => {
    const answer = await pass(request)
    return isBulk(request) && answer.status === status ? change(answer, request) : answer
  }

const results = (change: (results: Results['results'], request: Arrived) => unknown) =>
  answers(200, (answer, request) =>
    withBody(answer, { results: change((json(answer.body) as Results).results, request) }),
  )

/** Changes what reads answer with 200. */
const reads =
  (change: (body: JsonObject, request: Arrived) => unknown): Alter =>
  async (request, pass) => {
    const answer = await pass(request)
    const body = json(answer.body)
    return isRead(request) && answer.status === 200 && body ? withBody(answer, change(body, request)) : answer
  }

/** Changes each profile that a read shows. */
const views = (change: (view: JsonObject, request: Arrived) => JsonObject) =>
  reads((body, request) => {
    if (Array.isArray(body.profiles))
      return { ...body, profiles: body.profiles.map((view) => change(view, request)) }
    return 'firstName' in body ? change(body, request) : body
  })

/** Changes the settings of each profile that a read shows. */
const settingsShown = (change: (settings: JsonObject, view: JsonObject) => JsonObject) =>
  views((view) => (view.settings ? { ...view, settings: change(view.settings as JsonObject, view) } : view))

type Mock = Parameters<Alter>[2]
const stateOf = async (mock: Mock): Promise<Seed> => (await mock.inject('/__admin/state')).json()
/** Writes what no correct update would. */
async function overwrite(mock: Mock, id: number, change: (profile: StoredProfile) => object): Promise<void> {
  const state = await stateOf(mock)
  const profiles = state.profiles.map((profile) => (profile.id === id ? change(profile) : profile))
  await mock.inject({ method: 'PUT', url: '/__admin/state', payload: { ...state, profiles } })
}
/** Does more to the profile of each item than a correct update. */
const afterwards =
  (change: (profile: StoredProfile, item: Item) => object): Alter =>
  async (request, pass, mock) => {
    const answer = await pass(request)
    if (!isBulk(request) || answer.status !== 200) return answer
    for (const item of itemsOf(request)) await overwrite(mock, item.id, (profile) => change(profile, item))
    return answer
  }

const withoutKey = (object: object, key: string) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key))
const refused = (status: number, body: unknown): Given => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})
const isSettings = (item: Item) => typeof item.settings === 'object' && item.settings !== null
/** Numbers in text become numbers at any depth. */
const coerced = (value: unknown): unknown => {
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value)
  if (Array.isArray(value)) return value.map(coerced)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, coerced(entry)]))
}
const withTeamsOf = (item: Item, profile: StoredProfile | undefined): Item => {
  const teamIds = item?.settings?.teamIds
  if (!Array.isArray(teamIds) || !teamIds.every(Number.isInteger)) return item
  const joined = [...new Set([...(profile?.settings.teamIds ?? []), ...teamIds])]
  return { ...item, settings: { ...item.settings, teamIds: joined } }
}
const asAdmin = { authorization: `Bearer ${tokens.sign(1)}` }
const payloadOf = ({ headers }: Arrived, part: number) =>
  json(
    Buffer.from(String(headers.authorization).split('.')[part] ?? '', 'base64url')
      .toString()
      .replace(/^.*?{/s, '{'),
  )
const headOf = ({ headers }: Arrived) =>
  json(
    Buffer.from(
      String(headers.authorization).replace('Bearer ', '').split('.')[0] ?? '',
      'base64url',
    ).toString(),
  )

type Mutant = {
  alter: Alter
  /** Cases that must be among the different ones. */
  caught: string[]
  /** What it does wrong and cannot be undone. */
  left?: string
  flags?: string[]
  seed?: Promise<Seed>
}

const reading = allCredentials
const writing = [...allCredentials, '--write', '--profile-id', '5']
const noneOf = 'PATCH /profiles with an object without profiles answers 400'
const unknownRole = 'an item that fails does not undo an earlier one for the same id'

const mutants: Record<string, Mutant> = {
  'leaves the id out of results': {
    alter: results((all) => all.map(({ id: _id, ...rest }) => rest)),
    caught: ['an item of the id alone succeeds and changes nothing'],
  },
  'answers results in reverse order': {
    alter: results((all) => all.toReversed()),
    caught: [unknownRole],
  },
  'answers 200 instead of 403': {
    alter: answers(403, (answer) => ({ ...withBody(answer, { results: [] }), status: 200 })),
    caught: ['PATCH /profiles without updateSpecificProfile and with an empty list answers 403'],
    flags: reading,
  },
  'answers 400 instead of 401 when the body is broken too': {
    alter: answers(401, (answer, { body }) =>
      json(body) === undefined ? refused(400, { results: [{ success: false, message: 'broken' }] }) : answer,
    ),
    caught: ['PATCH /profiles without sign-in and with broken JSON answers 401, not 400'],
    flags: [],
  },
  'answers 401 instead of 403': {
    alter: answers(403, () => refused(401, { success: false, message: 'no' })),
    caught: ['PATCH /profiles without updateSpecificProfile and with an empty list answers 403'],
    flags: reading,
  },
  'takes text of digits for numbers': {
    alter: items(({ rawData, ...item }) => ({
      ...(coerced(item) as JsonObject),
      ...(rawData && { rawData }),
    })),
    caught: [
      'isSsoOnly "1" answers 400, nothing is coerced',
      'an item with the id as text answers 400 without an id',
    ],
  },
  'takes the published oneOf to the letter': {
    alter: async (request, pass) =>
      isBulk(request) && itemsOf(request).some(isSettings)
        ? refused(400, {
            results: [{ success: false, message: 'settings must match exactly one schema in oneOf' }],
          })
        : pass(request),
    caught: ['settings as an empty object, which a literal oneOf would refuse, is accepted'],
  },
  'shows the image': {
    alter: views((view) => ({ ...view, image: 'YWJj' })),
    caught: [
      "GET /profile/{id} shows somebody else's profile to an agent",
      'GET /profiles with format=full shows settings',
    ],
    flags: reading,
  },
  'shows the password in lists': {
    alter: views((view, { path }) => (path.includes('/profiles') ? { ...view, password: 'x' } : view)),
    caught: ['GET /profiles with format=full shows settings'],
    flags: reading,
  },
  'shows a hash of the password': {
    alter: views((view) => ({ ...view, passwordHash: 'x' })),
    caught: ['GET /profiles with format=full shows settings'],
    flags: reading,
  },
  'shows the same role in force for everybody': {
    alter: settingsShown((settings) => ({ ...settings, actualRoleId: 1 })),
    caught: ['GET /profile of a service worker answers like any other'],
    flags: reading,
  },
  'shows no role in force': {
    alter: settingsShown(({ actualRoleId: _role, ...settings }) => settings),
    caught: ['GET /profiles with format=full shows settings'],
    flags: reading,
  },
  'derives from what was there before': {
    alter: settingsShown((settings, view) =>
      view.id === 5 ? { ...settings, actualTagsOnRoute: fullProfile.settings.tagsOnRoute } : settings,
    ),
    caught: ['PATCH /profile/{id} with every other setting is accepted'],
  },
  'shows a token of the session': {
    alter: views((view, { path }) =>
      path.includes('/profiles') ? { ...view, session: [{ accessToken: 'x' }] } : view,
    ),
    caught: ['GET /profiles with format=full shows settings'],
    flags: reading,
  },
  'writes the good part of what it answers 400 to': {
    alter: async (request, pass) => {
      const answer = await pass(request)
      if (isBulk(request) && answer.status === 400) {
        await pass(withItems(request, (all) => all.filter(({ lang }) => typeof lang === 'string')))
        await pass(
          withItems(request, (all) => all.filter(({ lang }) => typeof lang === 'string').slice(0, 1)),
        )
      }
      return answer
    },
    caught: ['a bad item beside a good one for the same profile answers 400 and writes nothing'],
  },
  'forgets all but the last item for a profile': {
    alter: async (request, pass) =>
      pass(
        isBulk(request)
          ? withItems(request, (all) => [...new Map(all.map((item) => [item.id, item])).values()])
          : request,
      ),
    caught: ['two items in a row for one profile are both applied, and the later one wins'],
  },
  'answers one result for each profile': {
    alter: results((all) => [...new Map(all.map((entry) => [entry.id, entry])).values()]),
    caught: ['two items in a row for one profile are both applied, and the later one wins'],
  },
  'calls an item with an unknown role a success': {
    alter: results((all) => all.map((entry) => ({ ...entry, success: true }))),
    caught: [unknownRole, 'an item with an unknown role and an unknown team notes both'],
  },
  'writes the rest of an item with an unknown role': {
    alter: async (request, pass) => {
      const answer = await pass(request)
      if (answer.body.includes('"success":false') && answer.status === 200) {
        await pass(withItems(request, (all) => all.map(({ settings: _settings, ...item }) => item)))
      }
      return answer
    },
    caught: [unknownRole],
  },
  'stops at the first item that fails': {
    alter: results((all) => all.slice(0, all.findIndex(({ success }) => !success) + 1 || all.length)),
    caught: ['an item that fails does not stop a later one for the same id'],
  },
  'answers 200 when there is no list of profiles': {
    alter: answers(400, (answer) =>
      answer.body.includes('array is required') ? refused(200, { results: [] }) : answer,
    ),
    caught: [noneOf, 'PATCH /profiles with profiles null answers 400'],
    flags: reading,
  },
  'has other words for the one published message': {
    alter: answers(400, (answer) => ({
      ...answer,
      body: answer.body.replace('array is required', 'missing'),
    })),
    caught: [noneOf],
    flags: reading,
  },
  'has no message at all': {
    alter: answers(400, (answer) => ({ ...answer, body: answer.body.replaceAll(/,"message":"[^"]*"/g, '') })),
    caught: [noneOf, 'PATCH /profiles with single quotes answers 400'],
    flags: reading,
  },
  "answers in its framework's shape": {
    alter: async (request, pass) => {
      const answer = await pass(request)
      return [400, 404].includes(answer.status)
        ? refused(answer.status, { statusCode: answer.status, error: 'Bad', message: 'body must be object' })
        : answer
    },
    caught: [noneOf, 'GET /profile/{id} of an unknown id answers 404'],
    flags: reading,
  },
  'answers 401 without WWW-Authenticate': {
    alter: async (request, pass) => {
      const answer = await pass(request)
      return { ...answer, headers: withoutKey(answer.headers, 'www-authenticate') as Record<string, string> }
    },
    caught: ['PATCH /profiles with a token that is no JWT answers 401'],
    flags: reading,
  },
  'lets in unsigned tokens': {
    alter: (request, pass) =>
      pass(
        headOf(request)?.alg === 'none'
          ? { ...request, headers: { ...request.headers, ...asAdmin } }
          : request,
      ),
    caught: ['PATCH /profiles with an unsigned token (alg none) answers 401'],
  },
  'lets in tokens of another algorithm': {
    alter: (request, pass) =>
      pass(
        headOf(request)?.alg === 'HS512'
          ? { ...request, headers: { ...request.headers, ...asAdmin } }
          : request,
      ),
    caught: ['PATCH /profiles with a token signed with HS512 answers 401'],
  },
  'lets in tokens that have expired': {
    alter: (request, pass) =>
      pass(
        payloadOf(request, 1)?.exp < 1e9
          ? { ...request, headers: { ...request.headers, ...asAdmin } }
          : request,
      ),
    caught: ['PATCH /profiles with an expired bearer token answers 401'],
    flags: [...writing, '--jwt-secret', developmentSecret],
  },
  'answers 422 instead of 400': {
    alter: answers(400, (answer) => ({ ...answer, status: 422 })),
    caught: [noneOf, 'settings.status "sleeping" answers 400'],
  },
  'refuses an empty list': {
    alter: async (request, pass) => {
      const answer = await pass(request)
      return answer.body === '{"results":[]}'
        ? refused(400, { results: [{ success: false, message: 'empty' }] })
        : answer
    },
    caught: ['PATCH /profiles with an empty list answers an empty list'],
    flags: reading,
  },
  'replaces settings instead of merging them': {
    alter: async (request, pass, mock) => {
      const answer = await pass(request)
      if (!isBulk(request) || answer.status !== 200) return answer
      for (const item of itemsOf(request).filter(isSettings)) {
        const sent = Object.entries(item.settings as JsonObject).filter(
          ([key]) => key in fullProfile.settings,
        )
        if (sent.length > 0)
          await overwrite(mock, item.id, (profile) => ({ ...profile, settings: Object.fromEntries(sent) }))
      }
      return answer
    },
    caught: ['settings.status is accepted and kept'],
  },
  'joins lists instead of replacing them': {
    alter: items(withTeamsOf),
    caught: ['a list replaces the list that was there'],
  },
  'joins lists whichever way they are written': {
    alter: async (request, pass, mock) => {
      const { profiles } = await stateOf(mock)
      const stored = profiles.find(({ id }) => id === 5)
      if (request.method !== 'PATCH' || json(request.body) === undefined) return pass(request)
      const joined = itemsOf(request).map((item) => withTeamsOf(item, stored))
      const body = joined.length > 0 ? { profiles: joined } : withTeamsOf(json(request.body) as Item, stored)
      return pass({ ...request, body: JSON.stringify(body) })
    },
    caught: ['a team counts for nothing without inheritTeamSettings'],
    left: 'settings.teamIds',
  },
  'keeps a null in rawData': {
    alter: afterwards((profile, { rawData = {} }) => ({
      ...profile,
      ...(profile.rawData && {
        rawData: {
          ...profile.rawData,
          ...Object.fromEntries(Object.entries(rawData).filter(([, value]) => value === null)),
        },
      }),
    })),
    caught: ['null in rawData deletes the key at its depth'],
  },
  'clears settings when they are null': {
    alter: afterwards((profile, { settings }) =>
      settings === null ? { ...profile, settings: {} } : profile,
    ),
    caught: [
      'settings null changes nothing',
      'settings null beside other fields leaves the settings and writes the fields',
    ],
  },
  'writes what is read only': {
    alter: afterwards((profile, { email = profile.email }) => ({ ...profile, email })),
    caught: ['email is accepted and ignored'],
  },
  'writes the last login': {
    alter: afterwards((profile, { lastSeen = profile.lastSeen }) => ({ ...profile, lastSeen })),
    caught: ['lastSeen is accepted and ignored'],
  },
  'writes the last login, once and for all': {
    alter: afterwards((profile, { lastSeen = profile.lastSeen }) => ({
      ...profile,
      lastSeen: profile.lastSeen === fullProfile.lastSeen ? lastSeen : profile.lastSeen,
    })),
    caught: ['lastSeen is accepted and ignored'],
    left: 'lastSeen',
  },
  'takes no teams': {
    alter: (request, pass) =>
      isBulk(request) && request.body.includes('teamIds')
        ? refused(422, { success: false, message: 'no teams' })
        : pass(request),
    caught: ['a team counts for nothing without inheritTeamSettings'],
  },
  'gives a reason with a 403': {
    alter: answers(403, (answer) =>
      withBody(answer, { success: false, message: 'updateSpecificProfile is missing' }),
    ),
    caught: ['PATCH /profiles without updateSpecificProfile and with an empty list answers 403'],
    flags: reading,
  },
  'answers one entry for all bad items': {
    alter: answers(400, (answer) =>
      withBody(answer, { results: [{ success: false, message: 'bad items' }] }),
    ),
    caught: ['the same id in two bad items answers 400 with two entries'],
  },
  'refuses unknown keys': {
    alter: async (request, pass) =>
      itemsOf(request).some((item) => 'nickname' in item)
        ? refused(400, { results: [{ id: 5, success: false, message: 'nickname is unknown' }] })
        : pass(request),
    caught: ['an unknown key that is null is accepted, ignored and noted like any other'],
  },
  'ignores a routing status at the top level': {
    alter: items(({ callRoutingStatus: _status, ...item }) => item),
    caught: ['callRoutingStatus at the top level is accepted and kept under settings'],
  },
  'lets everybody write enneo users': {
    alter: (request, pass) =>
      pass(
        payloadOf(request, 1)?.userId === 2 && itemsOf(request).length > 0
          ? { ...request, headers: { ...request.headers, ...asAdmin } }
          : request,
      ),
    caught: ["PATCH /profiles on an enneo user by a client's own Administrator answers 403"],
    seed: seedWithProfiles({ ...fullProfile, type: 'enneo' }),
  },
  'ignores the limit of a list': {
    alter: (request, pass) => pass({ ...request, path: request.path.replace(/([?&])limit=\d+/, '$1') }),
    caught: ['GET /profiles with limit stops there'],
    flags: reading,
  },
  'lists profiles in another order': {
    alter: reads((body) =>
      Array.isArray(body.profiles) ? { ...body, profiles: body.profiles.toReversed() } : body,
    ),
    caught: ['GET /profiles shows users only, ordered by id'],
    flags: reading,
  },
  'lists every type whatever is asked for': {
    alter: (request, pass) =>
      pass({ ...request, path: request.path.replace(/\/profiles\??/, '/profiles?show=all&') }),
    caught: ['GET /profiles with show=users shows users only'],
    flags: reading,
  },
  'searches for nothing': {
    alter: (request, pass) => pass({ ...request, path: request.path.replace(/([?&])q=[^&]*/, '$1') }),
    caught: [
      'GET /profiles with q finds a first name, whatever its case',
      'GET /team/list with q finds text in the name, whatever its case',
    ],
    flags: reading,
  },
  'does not filter by id': {
    alter: (request, pass) =>
      pass({ ...request, path: request.path.replaceAll(/(userIds|ids)(\[\])?=\d+&?/g, '') }),
    caught: [
      'GET /profiles with userIds[] shows these, ordered by id',
      'GET /team/list with ids[] finds these, ordered by id',
    ],
    flags: reading,
  },
  'does not filter teams by role': {
    alter: (request, pass) => pass({ ...request, path: request.path.replace(/roleId=\d+/, '') }),
    caught: ['GET /team/list with roleId finds teams that give the role'],
    flags: reading,
  },
  'shows settings and the last login in the short format': {
    alter: (request, pass) => pass({ ...request, path: request.path.replace('format=short', 'format=full') }),
    caught: ['GET /profiles with format=short shows neither settings nor the last login'],
    flags: reading,
  },
  'is short when nothing is said': {
    alter: (request, pass) =>
      pass({ ...request, path: request.path.replace(/\/profiles\?(?!format)/, '/profiles?format=short&') }),
    caught: ['GET /profiles shows settings without being asked for them'],
    flags: reading,
  },
  'shows rawData to everybody': {
    alter: views((view) => ({ rawData: {}, ...view })),
    caught: [
      'GET /profile/{id} shows no rawData',
      'GET /profiles with format=full shows settings',
      'GET /profile by cookie shows the same',
    ],
    flags: reading,
  },
  'shows another profile and another role': {
    alter: (request, pass) =>
      pass({
        ...request,
        path: request.path.replace(/\/profile\/1\b/, '/profile/2').replace(/\/roles\/\d+/, '/roles/2'),
      }),
    caught: [
      "GET /profile/{id} shows somebody else's profile to an agent",
      "GET /roles/{id} lists every permission of the world, each held or not, in the vendor's groups",
    ],
    flags: reading,
  },
  'derives teams that are not the own ones': {
    alter: views((view) =>
      view.settings
        ? { ...view, settings: { ...(view.settings as JsonObject), actualTeamIds: [1, 2] } }
        : view,
    ),
    caught: ['GET /profile/{id} shows own values only, since the profile does not inherit'],
    flags: reading,
  },
  'forgets the own skills': {
    alter: views((view) =>
      view.settings
        ? { ...view, settings: { ...(view.settings as JsonObject), actualSkills: { tagIds: [] } } }
        : view,
    ),
    caught: ['GET /profile by cookie shows the same'],
    flags: reading,
  },
  'shows a list of ids as text': {
    alter: views((view) => ({ ...view, id: String(view.id) })),
    caught: ['GET /profiles with format=full shows settings'],
    flags: reading,
  },
  'answers reads with success false': {
    alter: reads((body) => ('success' in body ? { ...body, success: false } : body)),
    caught: ['GET /health needs no sign-in'],
    flags: [],
  },
  'answers 500 instead of 404': {
    alter: async (request, pass) => {
      const answer = await pass(request)
      return answer.status === 404 ? { ...answer, status: 500 } : answer
    },
    caught: [
      'GET /profile/{id} of an unknown id answers 404',
      'GET /roles/{id} of an unknown id answers 404',
    ],
    flags: reading,
  },
  'shows nothing that is derived': {
    alter: views(({ settings, ...view }) => ({
      ...view,
      ...((settings as JsonObject | undefined) && {
        settings: Object.fromEntries(
          Object.entries(settings as JsonObject).filter(([key]) => !key.startsWith('actual')),
        ),
      }),
    })),
    caught: ['GET /profile shows the caller with the permissions of the own role'],
    flags: reading,
  },
  'trusts the pages of every origin': {
    alter: async (request, pass) => {
      const answer = await pass(request)
      const { origin } = request.headers
      return origin === undefined
        ? answer
        : { ...answer, headers: { ...answer.headers, 'access-control-allow-origin': origin } }
    },
    caught: ['an answer to a page of a foreign origin allows nothing'],
    flags: reading,
  },
  'hangs up after it has written': {
    alter: answers(200, (answer, { body }) => (/\d/.test(body) ? { ...answer, status: 0 } : answer)),
    caught: ['a team counts for nothing without inheritTeamSettings', 'settings.status is accepted and kept'],
  },
  'answers with a page': {
    alter: answers(400, (answer) => ({ ...answer, body: '<h1>Bad request</h1>' })),
    caught: [noneOf],
    flags: reading,
  },
  'sends callers elsewhere': {
    alter: answers(400, () => ({ status: 302, headers: { location: '/login' }, body: '' })),
    caught: [noneOf],
    flags: reading,
  },
  'hangs up': {
    alter: answers(400, (answer) => ({ ...answer, status: 0 })),
    caught: [noneOf],
    flags: reading,
  },
  'answers without end': {
    alter: answers(400, (answer) => ({ ...answer, body: ' '.repeat(17 * 1024 * 1024) })),
    caught: [noneOf],
    flags: reading,
  },
  'applies items in reverse': {
    alter: (request, pass) => pass(isBulk(request) ? withItems(request, (all) => all.toReversed()) : request),
    caught: ['two items in a row for one profile are both applied, and the later one wins'],
  },
  'lists nobody': {
    alter: reads((body) => (Array.isArray(body.profiles) ? { ...body, profiles: [] } : body)),
    caught: ['GET /profiles shows users only, ordered by id'],
    flags: reading,
  },
  'does not filter by channel': {
    alter: (request, pass) =>
      pass({ ...request, path: request.path.replaceAll(/channels(\[\])?=\w+&?/g, '') }),
    caught: ['GET /profiles with channels finds own ones'],
    flags: reading,
  },
  'shows a tree of teams without children': {
    alter: reads((body, { path }) =>
      path.endsWith('/team/tree')
        ? { ...body, teams: (body.teams as JsonObject[]).map((team) => ({ ...team, children: [] })) }
        : body,
    ),
    caught: ['GET /team/tree shows each team with its children, ordered by id'],
    flags: reading,
  },
  'cuts texts that it writes': {
    alter: items(({ firstName, ...item }) => ({
      ...item,
      ...(firstName !== undefined && {
        firstName: typeof firstName === 'string' ? firstName.slice(0, 3) : firstName,
      }),
    })),
    caught: ['firstName is accepted and kept'],
  },
  'merges only the first level': {
    alter: async (request, pass, mock) => {
      const answer = await pass(request)
      if (!isBulk(request) || answer.status !== 200) return answer
      for (const { id, settings } of itemsOf(request)) {
        const { skills } = (settings ?? {}) as { skills?: JsonObject }
        if (skills?.tagIds)
          await overwrite(mock, id, (profile) => ({
            ...profile,
            settings: { ...profile.settings, skills: mergePatch({}, skills) },
          }))
      }
      return answer
    },
    caught: ['skills merge, so that tagIds alone leave the channels'],
  },
}

const rulesOf = (names: readonly string[]) =>
  new Set(
    caseFiles
      .flatMap(({ cases }) => cases)
      .filter(({ name }) => names.includes(name))
      .map(({ rule }) => rule),
  )

type Run = Awaited<ReturnType<typeof verifyHere>>

const differentIn = ({ report }: Run) =>
  report.cases.filter(({ verdict }) => verdict === 'different').map(({ name }) => name)

for (const [
  name,
  { alter, caught, left, flags = writing, seed = seedWithProfiles(fullProfile) },
] of Object.entries(mutants)) {
  t.test(`a server that ${name} is caught, and the case is named`, async (t) => {
    const target = await openTarget(t, alter, await seed)
    const before = await stateOf(target.mock)
    const rules = rulesOf(caught)
    const run = await verifyHere(t, target.base, flags, ({ rule }) => rules.has(rule))
    const different = differentIn(run)
    t.strictSame(
      caught.filter((one) => !different.includes(one)),
      [],
      'none of them is missing',
    )
    if (left === undefined) {
      t.strictSame([run.code, run.problem], [1, ''])
      t.strictSame(await stateOf(target.mock), before, 'everything is put back')
    } else t.match(run.problem, `PROFILE 5 MAY NOT BE AS IT WAS (${left} could not be put back): `)
  })
}

/** Shows settings that no document lists, with what it makes of them at each update. */
const undocumented = (
  kept: (vendorExtra: JsonObject, settings: JsonObject) => JsonObject | undefined,
): Alter => {
  let vendorExtra: JsonObject | undefined = { keep: 'me' }
  return async (request, pass) => {
    const answer = await pass(request)
    if (request.method === 'PATCH' && answer.status === 200) {
      const updates = isBulk(request) ? itemsOf(request) : [json(request.body) as Item]
      for (const { settings } of updates.filter(isSettings)) {
        const sent = (settings as JsonObject).vendorExtra as JsonObject | undefined
        vendorExtra = kept({ ...vendorExtra, ...sent }, settings as JsonObject)
      }
    }
    const view = json(answer.body)
    if (!request.path.includes('/profile/5') || !vendorExtra || !view?.settings) return answer
    return withBody(answer, { ...view, settings: { ...view.settings, vendorExtra } })
  }
}

const lossy: [name: string, alter: Alter, problem: RegExp][] = [
  [
    'loses it at each update of the settings',
    undocumented(() => undefined),
    /^PROFILE 5 MAY NOT BE AS IT WAS \(settings\.vendorExtra\.keep could not be put back\): [^\n]*$/,
  ],
  [
    'writes into it what nobody sent',
    undocumented((extra) => ({ ...extra, more: 1 })),
    /^PROFILE 5 MAY NOT BE AS IT WAS \(settings\.vendorExtra\.more could not be put back\): [^\n]*$/,
  ],
  [
    'changes it at each update that does not hold it, and takes it back',
    undocumented((extra, settings) => ('vendorExtra' in settings ? extra : { keep: 'no' })),
    /^$/,
  ],
]

for (const [name, alter, problem] of lossy) {
  t.test(`a server with an undocumented key that ${name}`, async (t) => {
    const target = await openTarget(t, alter, await seedWithProfiles(fullProfile))
    const shown = async () =>
      json(await (await fetch(`${target.base}/profile/5`, { headers: asAdmin })).text()).settings.vendorExtra
    t.strictSame(await shown(), { keep: 'me' })
    const run = await verifyHere(t, target.base, writing, ofFields)
    t.strictSame(differentIn(run), [])
    t.match(run.problem, problem)
    const isPutBack = run.problem === ''
    if (isPutBack) t.strictSame(await shown(), { keep: 'me' })
    const written = target.arrived.filter(
      ({ method, body }) => method === 'PATCH' && /"settings":{"/.test(body),
    )
    t.equal(written.length > 10, isPutBack, `${written.length} requests with settings`)
  })
}

t.test('an undocumented key that changes from outside ends the writing too', async (t) => {
  let nickname = 'Al'
  const target = await openTarget(
    t,
    views((view, { path }) => {
      if (path.endsWith('q=SABINE')) nickname = 'Bo'
      return view.id === 5 ? { ...view, nickname } : view
    }),
    await seedWithProfiles(fullProfile),
  )
  const wanted = inFile('get-profiles', 'update-profile')
  const { problem, report } = await verifyHere(t, target.base, writing, wanted)
  t.equal(problem, 'Profile 5 was changed from outside during the run: look at it.')
  const different = report.cases.flatMap(({ differences = [] }) => differences)
  t.strictSame(different, [{ what: 'profile before the case.nickname', expected: '"Al"', got: '"Bo"' }])
})

t.test('what no seed can hold is not compared', async (t) => {
  const beyond = {
    version: 'next',
    openTickets: [{ id: 1 }],
    sideConversations: [{}],
    unreadNotifications: 3,
    label: 'anything',
  }
  const renewed = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(renewed)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(
      Object.entries(part).map(([key, value]) => [
        key,
        key in beyond ? beyond[key as keyof typeof beyond] : key === 'rawData' ? value : renewed(value),
      ]),
    )
  }
  const target = await openTarget(
    t,
    reads((body) => ({ ...(renewed(body) as JsonObject), beside: { rawData: { password: 'the own one' } } })),
  )
  const isRead = inFile('get-own-profile', 'get-role', 'get-roles', 'get-health-and-version')
  const { code, report } = await verifyHere(t, target.base, reading, isRead)
  t.strictSame([code, report.counts.different], [0, 0])
})

t.test('what a seed would refuse is left out of the twin, and alone differs', async (t) => {
  const odd = Array.from({ length: 11 }, (_, at) => ({ id: `t${at}`, name: at }))
  const target = await openTarget(
    t,
    reads((body, { path }) =>
      path.endsWith('/team/list') ? { ...body, teams: [...odd, ...(body.teams as JsonObject[])] } : body,
    ),
  )
  const run = await verifyHere(t, target.base, reading, inFile('get-team', 'get-team-list'))
  t.equal(run.problem, '')
  t.strictSame(differentIn(run), ['GET /team/list lists all teams by id'])
})

t.test('permissions that a profile shows follow from its roles and are not put back', async (t) => {
  let reads = 0
  const target = await openTarget(
    t,
    views((view) => (view.id === 5 ? { ...view, permissions: [`${reads++}`] } : view)),
    await seedWithProfiles(fullProfile),
  )
  const { code, problem } = await verifyHere(t, target.base, writing, ofFields)
  t.strictSame([code, problem], [0, ''])
  t.notOk(target.arrived.some(({ body }) => body.includes('permissions')))
})
