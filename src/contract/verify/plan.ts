import { isDeepStrictEqual } from 'node:util'
import { mergePatch } from '../../profiles/merge-patch.ts'
import type { Case, CaseRequest, Credential } from '../cases.ts'
import { signIn } from './credentials.ts'
import { idAtTarget, type Known, type NotApplicable, nobodysId } from './known.ts'
import {
  correctlyChanged,
  ignoredKeysOf,
  type Json,
  kept,
  laxlyChanged,
  putBack,
  watched,
} from './put-back.ts'
import {
  hasDocumentedQuery,
  isBulkPath,
  isHarmless,
  isObject,
  itemsIn,
  namesOnly,
  operationOf,
  parsed,
} from './safety.ts'
import type { WireRequest } from './wire.ts'

/** A case as it is sent to the target. */
export type Plan = {
  before: WireRequest[]
  request: WireRequest
  /** The profile of the seed that the case writes to, whose place the target's own profile takes. */
  seedId?: number
  /** All items, in order; those of the requests before included. */
  items: { before: Json[]; request: Json[] }
  note?: string
}

/** What is sent for a case, or why nothing is. */
export function planCase(example: Case, known: Known): Plan | NotApplicable {
  if (example.settings) return { reason: 'needs a target started with other settings' }
  const requests = [...(example.before ?? []), example.request]
  const obstacle = requests.map(whyNotSent).find((reason) => reason !== undefined)
  if (obstacle !== undefined) return { reason: obstacle }
  const aim = aimOf(requests, known)
  if ('reason' in aim) return aim
  const wires: WireRequest[] = []
  let note: string | undefined
  for (const request of requests) {
    const wire = wireOf(request, example, aim, known)
    if ('reason' in wire) return wire
    const { note: own, ...sent } = wire
    wires.push(sent)
    note ??= own
  }
  const writes = 'seedId' in aim
  if (!wires.every((wire) => isHarmless(wire) || (writes && namesOnly(wire, aim.id)))) {
    return { reason: 'holds something that a lax server could take for another profile' }
  }
  const request = wires.pop() as WireRequest
  const items = { before: wires.flatMap(itemsOf), request: itemsOf(request) }
  const plan = { before: wires, request, items, ...(note !== undefined && { note }) }
  if (!writes) return plan
  const reason = whyNotWritten(example, { ...plan, seedId: aim.seedId }, known)
  return reason === undefined ? { ...plan, seedId: aim.seedId } : { reason }
}

const sentHeaders = /^(content-type|origin|authorization|cookie|x-enneo-on-behalf-of)$/

function whyNotSent({ method = 'PATCH', path = '/profiles', headers = {} }: CaseRequest): string | undefined {
  if (method !== 'GET' && method !== 'PATCH') return `uses ${method}: only GET and PATCH are sent`
  const stranger = Object.keys(headers).find((name) => !sentHeaders.test(name.toLowerCase()))
  if (stranger !== undefined) return `sends the header ${stranger}`
  const isKnown = operationOf({ method, path }) !== undefined || (method === 'PATCH' && isBulkPath(path))
  if (!isKnown) return 'is about a path that is not documented'
  return hasDocumentedQuery({ method, path }) ? undefined : 'sends a query that is not documented'
}

/** The profile of the seed that all items of a case name, and the id that stands for it. */
type Aim = { seedId: number; id: number } | { none: true }

function aimOf(requests: CaseRequest[], known: Known): Aim | NotApplicable {
  const aims = requests.filter((request) => aimsAtSomebody(request))
  if (aims.length === 0) return { none: true }
  if (!known.profile) return { reason: 'has items: needs --write --profile-id <id>' }
  const ids = new Set<unknown>()
  for (const request of aims) {
    const body = parsed(textOf(request) ?? '')
    const single = singleId(request)
    if (single !== undefined) ids.add(Number(single))
    else if (!body) return { reason: 'has items in text that cannot be parsed' }
    else for (const item of itemsIn(body.value)) ids.add(isObject(item) ? numberIn(item.id) : undefined)
  }
  const [seedId] = ids
  if (ids.size > 1) return { reason: 'has items for several profiles' }
  if (!Number.isInteger(seedId)) return { reason: 'has an item without an id, which is aimed at nobody' }
  if (!known.seed.profiles.some(({ id }) => id === seedId)) return { reason: 'has an item for nobody' }
  return { seedId: seedId as number, id: known.profile.id }
}

/** A text of digits is one to a server that coerces. */
const numberIn = (id: unknown) => (typeof id === 'string' && /^\d+$/.test(id) ? Number(id) : id)

const textOf = ({ body, text }: CaseRequest) =>
  text ?? (body === undefined ? undefined : JSON.stringify(body))

const singleId = ({ path = '' }: CaseRequest) => /^\/profile\/(\d+)$/.exec(path)?.[1]

function aimsAtSomebody(request: CaseRequest): boolean {
  const { method = 'PATCH', path = '/profiles' } = request
  const body = textOf(request)
  return method === 'PATCH' && !isHarmless({ method, path, headers: {}, ...(body !== undefined && { body }) })
}

function wireOf(
  request: CaseRequest,
  example: Case,
  aim: Aim,
  known: Known,
): (WireRequest & { note?: string }) | NotApplicable {
  const { method = 'PATCH', headers = {} } = request
  const isRead = method === 'GET'
  const signed = signIn(request, known, isRead && ![401, 403].includes(example.answer.status))
  if ('reason' in signed) return signed
  const path = pathAtTarget(request.path ?? '/profiles', aim, known)
  if (typeof path !== 'string') return path
  const behalf = onBehalf(headers['x-enneo-on-behalf-of'], known)
  if ('reason' in behalf) return behalf
  const body = textOf(request)
  return {
    method,
    path,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...signed.headers,
      ...headers,
      ...behalf.headers,
    },
    ...(body !== undefined && { body: 'seedId' in aim ? renamed(body, aim) : body }),
    ...(signed.note !== undefined && { note: signed.note }),
  }
}

/** In the text itself, so that it stays as the case has it. */
const renamed = (text: string, { seedId, id }: { seedId: number; id: number }) =>
  text.replace(new RegExp(`("id":"?)${seedId}(?=[".,}])`, 'g'), `$1${id}`)

const pathId = /^(\/(?:profile|roles)\/)(\d+)(?=$|[/?])/

/** Ids of the seed become ids of the target; those of nobody become one that nobody has anywhere. */
function pathAtTarget(path: string, aim: Aim, known: Known): string | NotApplicable {
  const written = 'seedId' in aim ? aim : undefined
  const inQuery = written
    ? path.replace(new RegExp(`(userIds(?:\\[\\])?=)${written.seedId}(?=&|$)`, 'g'), `$1${written.id}`)
    : path
  const [, start = '', digits] = pathId.exec(inQuery) ?? []
  if (digits === undefined) return inQuery
  const id = start === '/roles/' ? roleAt(Number(digits), known) : profileAt(Number(digits), written, known)
  return id === undefined
    ? { reason: 'reads something of which the target is not known to have one' }
    : inQuery.replace(pathId, `$1${id}`)
}

function roleAt(seedId: number, { seed, roleIds }: Known): number | undefined {
  if (!seed.roles.some(({ id }) => id === seedId)) return nobodysId
  return roleIds?.has(seedId) ? seedId : [...(roleIds ?? [])][0]
}

function profileAt(
  seedId: number,
  written: { seedId: number; id: number } | undefined,
  known: Known,
): number | undefined {
  if (seedId === written?.seedId) return written.id
  if (!known.seed.profiles.some(({ id }) => id === seedId)) return seedId === 0 ? 0 : nobodysId
  return known.profile?.id ?? [...known.callers.values()].find(({ id }) => id !== undefined)?.id
}

function onBehalf(
  header: string | undefined,
  known: Known,
): { headers: Record<string, string> } | NotApplicable {
  if (header === undefined || !/^\d+$/.test(header)) return { headers: {} }
  const id = idAtTarget(Number(header), known)
  return id === undefined
    ? { reason: 'is on behalf of somebody whose id at the target is not known' }
    : { headers: { 'x-enneo-on-behalf-of': String(id) } }
}

function itemsOf({ method, path, body = '' }: WireRequest): Json[] {
  if (method !== 'PATCH') return []
  const value = parsed(body)?.value
  return (isBulkPath(path) ? itemsIn(value) : [value]).filter(isObject)
}

/** Why a case with items would say nothing about this profile, or could not be undone. */
function whyNotWritten(example: Case, plan: Plan & { seedId: number }, known: Known): string | undefined {
  const { id, view } = known.profile as { id: number; view: Json }
  const { before, request } = plan.items
  const all = [...before, ...request]
  const seedType = known.seed.profiles.find((profile) => profile.id === plan.seedId)?.type
  if ((view.type ?? 'user') !== seedType) return `needs a profile of type ${seedType}`
  if (seedType === 'enneo' && known.callers.get('admin')?.permissions?.includes('enneoAdmin') === false) {
    return 'needs a --token whose caller holds enneoAdmin'
  }
  if (before.length > 0 && signersOf(example, known).includes(plan.seedId))
    return 'is about a caller of its own'
  const reference = all.map((item) => unlikeSeed(item, known)).find((reason) => reason !== undefined)
  if (reference !== undefined) return reference
  const now = kept(view, all.flatMap(ignoredKeysOf))
  const { stuck } = putBack(now, all.reduce(laxlyChanged, now))
  const secret = stuck.find((path) => /(^|\.)(password|image)$/.test(path))
  if (secret !== undefined) return `holds ${secret}: what was there before cannot be read, so not be put back`
  if (stuck[0] !== undefined) return `profile ${id} has no ${stuck[0]}, which could not be taken away again`
  return dependsOnSeed(example, plan, now) ? `depends on what profile ${id} holds` : undefined
}

const signersOf = ({ before = [], request }: Case, { seed }: Known) =>
  [...before, request].flatMap(({ bearer, cookie }) =>
    [bearer, cookie].map((credential) => userIdOf(credential, seed.personas)),
  )

const userIdOf = (credential: Credential | undefined, personas: Record<string, number>): unknown =>
  typeof credential === 'string' ? personas[credential] : (credential as { userId?: unknown })?.userId

/** A role or team that exists in the seed and not at the target, or the other way round. */
function unlikeSeed({ settings }: Json, { seed, roleIds, teamIds }: Known): string | undefined {
  if (!isObject(settings)) return undefined
  const references: [string, unknown[], readonly { id: number }[], ReadonlySet<number> | undefined][] = [
    ['role', [settings.roleId], seed.roles, roleIds],
    ['team', Array.isArray(settings.teamIds) ? settings.teamIds : [], seed.teams, teamIds],
  ]
  for (const [what, ids, inSeed, atTarget] of references) {
    for (const id of ids.filter((entry): entry is number => Number.isInteger(entry))) {
      if (atTarget === undefined) return `names a ${what}, and those of the target cannot be read`
      const exists = inSeed.some((entry) => entry.id === id)
      if (exists !== atTarget.has(id)) return `needs a target with${exists ? '' : 'out'} ${what} ${id}`
    }
  }
  return undefined
}

/** Whether the items come to something else here than the change that the case tells of. */
function dependsOnSeed(
  { answer, change = {} }: Case,
  { seedId, items }: Plan & { seedId: number },
  now: Json,
) {
  const begun = items.before.reduce(correctlyChanged, now)
  const results = (answer.body as { results?: { success: boolean }[] } | undefined)?.results
  const applied =
    answer.status === 200 ? items.request.filter((_, index) => results?.[index]?.success ?? true) : []
  const changed = applied.reduce(correctlyChanged, begun)
  return !isDeepStrictEqual(watched(changed), watched(mergePatch(begun, change[seedId] ?? {}) as Json))
}
