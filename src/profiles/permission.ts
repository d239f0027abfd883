import type { onRequestHookHandler } from 'fastify'
import { signedInCall } from './call.ts'
import type { Caller } from './caller.ts'
import { idOf } from './operation-route.ts'
import { refusal } from './refusal.ts'

/** [order.permission-before-body] A route's guard: 403 before the body is read, so that it wins over every 400. */
export function requirePermission(permission: string): onRequestHookHandler {
  return (request, _reply, done) => {
    const { caller } = signedInCall(request)
    if (caller.holds(permission)) done()
    else done(refusal('permission-missing', `${caller.description} does not hold ${permission}`))
  }
}

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
export const mayNotChange = ({ description }: Caller, id: number, permissions: readonly string[]) =>
  refusal(
    'permission-missing',
    `${description} does not hold ${permissions.join(' or ')} and is not profile ${id}`,
  )
