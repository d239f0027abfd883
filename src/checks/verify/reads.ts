import type { Operation } from '../../../schemas/operation.ts'
import { createValidator } from '../../values/validation.ts'
import type { Difference } from './compare.ts'
import { isObject, type Json } from './json.ts'
import { operationOf } from './operation-of.ts'
import type { WireRequest } from './wire.ts'
import { isNeverShown } from './without-secrets.ts'

const mostFaults = 5

function firstOf<T>(entries: Iterable<T>, most: number): T[] {
  const first: T[] = []
  for (const entry of entries) {
    first.push(entry)
    if (first.length === most) break
  }
  return first
}

/** What can be said of an answer to a read without knowing the data: its shape, and what follows from the request. */
export function compareRead(request: WireRequest, body: unknown): Difference[] {
  const { path: template, responses } = operationOf(request) as Operation
  const { schema } = responses[200] as Operation['responses'][number]
  const faults = firstOf(createValidator(schema).faults(body, ''), mostFaults)
  if (faults.length > 0) {
    return faults.map(({ message }) => ({ what: 'body', expected: 'the documented shape', got: message }))
  }
  const query = new URL(request.path, 'http://localhost').searchParams
  const broken = [...everyRead, ...(rules[template] ?? [])].flatMap((rule) =>
    rule(body as Json, query, request.path),
  )
  return broken.map((message) => ({ what: 'body', expected: 'what was asked for', got: message }))
}

/** A sentence for each breach of one rule. */
type Rule = (body: Json, query: URLSearchParams, path: string) => string[]

const unless = (holds: boolean, message: string) => (holds ? [] : [message])

const everyRead: Rule[] = [({ success = true }) => unless(success === true, 'success is not true')]

/** What is not shown may have the text. */
const hasText = (text: string | undefined, query: URLSearchParams) =>
  text === undefined || text.toLowerCase().includes((query.get('q') ?? '').toLowerCase())

/** All of a list parameter, with or without brackets. */
const listOf = (query: URLSearchParams, name: string) => [...query.getAll(name), ...query.getAll(`${name}[]`)]

const isAscending = (entries: Json[]) =>
  entries.every(({ id }, index) => index === 0 || Number(id) > Number(entries[index - 1]?.id))

/** Entries of a list that a read answers: ordered by id, each once, and only those whose text was asked for. */
const listed =
  (name: string, textOf: (entry: Json) => string | undefined): Rule =>
  (body, query) => {
    const entries = body[name] as Json[]
    const [wanted, key] = [listOf(query, name === 'profiles' ? 'userIds' : 'ids'), `${name} are`]
    return [
      ...unless(isAscending(entries), `${key} not ordered by id`),
      ...unless(
        entries.every((entry) => hasText(textOf(entry), query)),
        `${key} there without the text of q`,
      ),
      ...unless(
        wanted.length === 0 || entries.every(({ id }) => wanted.includes(String(id))),
        `${key} there that were not asked for`,
      ),
    ]
  }

const nameOf = ({ name }: Json) => String(name)
const textOfRole = ({ name, description }: Json) =>
  description === undefined ? undefined : `${name}\n${description}`
const textOfProfile = ({ firstName = '', lastName = '', email = '' }: Json) =>
  `${firstName} ${lastName}\n${email}`

const roleOf = ({ settings }: Json) => (isObject(settings) ? String(settings.roleId) : undefined)

const usualLimit = '100'
const kinds: Record<string, string> = { users: 'user', enneo: 'enneo', serviceWorkers: 'serviceWorker' }

const page: Rule = ({ profiles }, query) => {
  const entries = profiles as Json[]
  const shown = listOf(query, 'show')
  const types = (shown.length > 0 ? shown : ['users']).map((name) => kinds[name])
  const isShort = query.get('format') === 'short'
  const limit = Number(query.get('limit') ?? usualLimit)
  return [
    ...unless(entries.length <= limit, `${entries.length} profiles are more than the limit of ${limit}`),
    ...unless(
      shown.includes('all') || entries.every(({ type = 'user' }) => types.includes(String(type))),
      'profiles are of a type that was not asked for',
    ),
    ...unless(
      entries.every((entry) => 'settings' in entry !== isShort),
      isShort ? 'settings are shown in the short format' : 'settings are not shown in the full format',
    ),
    ...unless(
      !isShort || !entries.some((entry) => 'lastSeen' in entry),
      'lastSeen is shown in the short format',
    ),
    ...unless(!entries.some((entry) => 'rawData' in entry), 'rawData is shown'),
    ...unless(
      isShort || !query.has('roleId') || entries.every((entry) => roleOf(entry) === query.get('roleId')),
      'profiles have another role than was asked for',
    ),
    ...entries.flatMap((entry) => derived(entry)),
  ]
}

const single: Rule = (body, query, path) => [
  ...unless(String(body.id) === /\d+/.exec(path)?.[0], `another profile is shown, ${body.id}`),
  ...unless(query.get('includeRawData') === 'true' || !('rawData' in body), 'rawData is shown'),
  ...derived(body, query.get('forceInheritance') === 'true'),
]

/** What is derived holds at least what is own, and nothing else when nothing is inherited. */
export function derived({ id, settings }: Json, isForced = false): string[] {
  if (!isObject(settings)) return []
  const inherits = isForced || settings.inheritTeamSettings === true
  const skills = (isObject(settings.skills) ? settings.skills : {}) as Json
  const actual = (isObject(settings.actualSkills) ? settings.actualSkills : {}) as Json
  const isLimited = settings.actualLimitTicketBacklogAccess === true
  const lists: [name: string, own: unknown, inForce: unknown, isOwnOnly: boolean][] = [
    ['actualTeamIds', settings.teamIds, settings.actualTeamIds, true],
    ['actualSkills.tagIds', skills.tagIds, actual.tagIds, !inherits],
    ['actualSkills.channels', skills.channels, actual.channels, !inherits],
    [
      'actualTicketBacklogRequiredTagIds',
      isLimited ? settings.ticketBacklogRequiredTagIds : [],
      settings.actualTicketBacklogRequiredTagIds,
      !inherits || !isLimited,
    ],
    ['actualTagsOnRoute', settings.tagsOnRoute, settings.actualTagsOnRoute, !inherits],
    ['actualTagsOnEdit', settings.tagsOnEdit, settings.actualTagsOnEdit, !inherits],
  ]
  const { roleId, actualRoleId } = settings
  const isRoleRight = inherits ? Number.isInteger(actualRoleId) : actualRoleId === roleId
  const role = unless(
    isRoleRight || roleId === undefined,
    `settings.actualRoleId of profile ${id} does not follow from its own settings`,
  )
  const others = lists.flatMap(([name, own, inForce, isOwnOnly]) => {
    const [from, to] = [new Set(own as unknown[]), new Set(inForce as unknown[])]
    const isRight = [...from].every((entry) => to.has(entry)) && (!isOwnOnly || from.size === to.size)
    return unless(isRight, `settings.${name} of profile ${id} do not follow from its own settings`)
  })
  return [...role, ...others]
}

/** The one that the path names. */
const that =
  (kind: string): Rule =>
  ({ id }, _query, path) =>
    unless(path.split('?')[0]?.endsWith(`/${id}`) === true, `another ${kind} is shown, ${id}`)

const rules: Record<string, Rule[]> = {
  '/profiles': [listed('profiles', textOfProfile), page],
  '/profile/{id}': [single],
  '/profile': [({ rawData }) => unless(rawData === undefined, 'rawData is shown'), (body) => derived(body)],
  '/roles': [
    listed('roles', textOfRole),
    ({ roles }, query) =>
      unless(
        !query.has('baseRoleId') ||
          (roles as Json[]).every(({ baseRoleId }) => String(baseRoleId) === query.get('baseRoleId')),
        'roles are there that are built on another',
      ),
  ],
  '/roles/{id}': [that('role')],
  '/team/{id}': [that('team')],
  '/tag/{id}': [that('tag')],
  '/tag': [listed('tags', ({ fullName }) => String(fullName))],
  '/team/list': [
    listed('teams', nameOf),
    ({ teams }, query) =>
      unless(
        !query.has('roleId') ||
          (teams as { settings: Json }[]).every(
            ({ settings }) => String(settings.roleId) === query.get('roleId'),
          ),
        'teams are there that give another role',
      ),
  ],
}

/**
 * Write only: no answer of any operation may show them (S), nor what signs people in. What a client keeps inside
 * `rawData` is its own.
 */
export function leaks(body: unknown): Difference[] {
  return secretsIn(body, 'body').map((what) => ({
    what,
    expected: undefined,
    got: 'something that is never shown',
  }))
}

function secretsIn(value: unknown, at: string): string[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => secretsIn(entry, `${at}[${index}]`))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, entry]) => {
    if (key === 'rawData') return []
    const path = `${at}.${key}`
    return [...unless(!isNeverShown(key), path), ...secretsIn(entry, path)]
  })
}
