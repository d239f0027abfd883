import type { onRequestHookHandler } from 'fastify'
import { signedInCall } from './call.ts'
import type { Caller } from './caller.ts'
import { idOf } from './operation-route.ts'
import { Refusal, refusal } from './refusal.ts'

/** [order.permission-before-body] A route's guard: 403 before the body is read, so that it wins over every 400. */
export function requirePermission(permission: string): onRequestHookHandler {
  return (request, _reply, done) => {
    const { caller } = signedInCall(request)
    if (caller.holds(permission)) done()
    else done(missing(caller, [permission]))
  }
}

/** [violations.forbidden] 403, and why beside the answer. `at` is the item it is about. */
const missing = ({ description }: Caller, permissions: readonly string[], at: At = {}, but = '') => {
  const either = permissions.join(' or ')
  const message = `${description} does not hold ${either}${but}`
  const expected = `a caller who holds ${either}`
  const violation = { ...at, rule: 'permission-missing', message, expected, got: description }
  return refusal('permission-missing', message, { violations: [violation] })
}

type At = { index?: number; id?: number }

/**
 * [update-profile.own-profile] The same on a route with an id: the permission is for somebody else's profile (P), so the own one
 * needs none.
 */
export function requirePermissionForOthers(...permissions: [string, ...string[]]): onRequestHookHandler {
  return (request, _reply, done) => {
    const { caller } = signedInCall(request)
    const id = idOf(request)
    if (caller.mayChange(id, ...permissions)) done()
    else done(mayNotChange(caller, id, permissions))
  }
}

/** 403: the profile is another's, and the caller holds none of these. */
export const mayNotChange = (caller: Caller, id: number, permissions: readonly string[], index?: number) =>
  missing(caller, permissions, { id, ...(index !== undefined && { index }) }, ` and is not profile ${id}`)

/** 403 for what a caller may not see, under `--vendor-rules` only. */
export function mayNotSee({ description }: Caller, what: string, permission: string): Refusal {
  const message = `${description} may not see ${what}`
  const expected = `a caller who holds ${permission}`
  return new Refusal(403, message, {
    violations: [{ rule: 'permission-missing', message, expected, got: description }],
  })
}
