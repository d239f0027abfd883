import type { Case, CaseRequest } from '../cases.ts'
import { signIn } from './credentials.ts'
import { type Aim, onBehalf, pathAtTarget, renamed } from './ids-at-target.ts'
import { isObject, type Json, parsed } from './json.ts'
import type { Known, NotApplicable } from './known.ts'
import { operationOf } from './operation-of.ts'
import { hasDocumentedQuery, isBulkPath, isHarmless, itemsIn, namesOnly } from './safety.ts'
import type { WireRequest } from './wire.ts'
import { whyNotWritten } from './writable.ts'

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
  if (/\/routingStatus$/.test(path)) return 'changes a routing status alone, which is not put back'
  const stranger = Object.keys(headers).find((name) => !sentHeaders.test(name.toLowerCase()))
  if (stranger !== undefined) return `sends the header ${stranger}`
  const isKnown = operationOf({ method, path }) !== undefined || (method === 'PATCH' && isBulkPath(path))
  if (!isKnown) return 'is about a path that is not documented'
  return hasDocumentedQuery({ method, path }) ? undefined : 'sends a query that is not documented'
}

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

function itemsOf({ method, path, body = '' }: WireRequest): Json[] {
  if (method !== 'PATCH') return []
  const value = parsed(body)?.value
  return (isBulkPath(path) ? itemsIn(value) : [value]).filter(isObject)
}
