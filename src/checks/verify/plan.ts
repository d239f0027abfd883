import { isObject, type JsonObject } from '../../values/json.ts'
import { bound, namesIn } from '../case-request.ts'
import type { Case, CaseRequest, Credential } from '../cases.ts'
import { parsed } from './parsed.ts'
import { afterAll, wayBack } from './profile.ts'
import type { Access, Target } from './target.ts'

/** A case as it is sent to the target and to its twin. */
export type Plan = {
  example: Case
  /** What it writes to the profile, in order; undefined when it can write nothing. */
  items?: JsonObject[]
  /** In what it says less than the case. */
  note?: string
}

/** A case cannot be run on this target, and why not. */
export type NotApplicable = { reason: string }

/** What is sent for a case, or why nothing is. */
export function planCase(given: Case, { ids, profile }: Target, access: Access): Plan | NotApplicable {
  if (given.settings) return { reason: 'needs a target started with other settings' }
  if (given.unsent !== undefined) return { reason: given.unsent }
  const updates = given.harmless ? [] : requestsOf(given).filter(({ method = 'PATCH' }) => method !== 'GET')
  if (updates.length > 0 && !profile) return { reason: 'has items: needs --write --profile-id <id>' }
  const standIn = standInFor(given, access)
  const signed = standIn === undefined ? given : { ...given, request: { ...given.request, bearer: standIn } }
  const lacking = requestsOf(signed).map((request) => lackingFor(request, given, access))
  const reason = lacking.find((one) => one !== undefined)
  if (reason !== undefined) return { reason }
  const example = bound(signed, ids)
  const [unknown] = namesIn(example)
  if (unknown !== undefined) return { reason: `speaks of ${unknown}, which is not known of this target` }
  const plan = { example, ...(standIn !== undefined && { note: `read as ${standIn}` }) }
  if (updates.length === 0 || !profile) return plan
  const items = requestsOf(example).flatMap(itemsOf)
  const stuck = wayBack(profile.view, afterAll(items, profile.view)).stuck[0]
  return stuck === undefined ? { ...plan, items } : { reason: whyStuck(stuck, profile.id) }
}

const requestsOf = ({ before = [], request }: Case) => [...before, request]

/** What an update holds for the profile, if only a lax server would take it. */
function itemsOf({ method = 'PATCH', body, text }: CaseRequest): JsonObject[] {
  if (method === 'GET') return []
  const value = text === undefined ? body : parsed(text)?.value
  return [isObject(value) && Object.hasOwn(value, 'profiles') ? value.profiles : value]
    .flat()
    .filter(isObject)
}

const whyStuck = (path: string, id: number) =>
  /(^|\.)(password|image)$/.test(path)
    ? `holds ${path}: what was there before cannot be read, so not be put back`
    : `profile ${id} has no ${path}, which could not be taken away again`

/** A read that just needs somebody takes whom there is. */
function standInFor({ request, answer }: Case, { callers }: Access): string | undefined {
  const { method, bearer, cookie } = request
  if (method !== 'GET' || typeof bearer !== 'string' || cookie !== undefined) return undefined
  if (callers.get(bearer)?.token !== undefined || [401, 403].includes(answer.status)) return undefined
  return [...callers].find(([, { token }]) => token !== undefined)?.[0]
}

/** Tokens that are good by the target's own secret only are made when that is known; bad ones need nothing. */
function lackingFor({ bearer, cookie }: CaseRequest, { answer }: Case, access: Access): string | undefined {
  const has = (kind: 'token' | 'cookie', credential: Credential | undefined) =>
    typeof credential !== 'string' || access.callers.get(credential)?.[kind] !== undefined
  if (!has('token', bearer)) return `needs --token ${prefix(bearer)}<token>`
  // A cookie that holds a token is our assumption (A): elsewhere its value comes from a browser.
  if (!has('cookie', cookie)) return `needs --cookie ${prefix(cookie)}<value>`
  const isOwn = answer.status !== 401 && [bearer, cookie].some(isGood)
  return isOwn && access.secret === undefined
    ? 'makes a token of its own: needs --jwt-secret <secret>'
    : undefined
}

const prefix = (persona: unknown) => (persona === 'admin' ? '' : `${persona}=`)

/** Whether a token would be taken if it were signed with the target's secret. */
function isGood(credential: Credential | undefined): boolean {
  if (typeof credential !== 'object' || 'raw' in credential) return false
  const { secret, algorithm, expiresIn = 1 } = credential
  return secret === undefined && algorithm === undefined && expiresIn > 0
}
