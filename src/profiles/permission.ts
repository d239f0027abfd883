import type { onRequestHookHandler } from 'fastify'
import { signedInCall } from './call.ts'
import { refusal } from './refusal.ts'

/** [order.permission-before-body] A route's guard: 403 before the body is read, so that it wins over every 400. */
export function requirePermission(permission: string): onRequestHookHandler {
  return (request, _reply, done) => {
    const { caller } = signedInCall(request)
    if (caller.holds(permission)) return done()
    const message = `${caller.description} does not hold ${permission}`
    // [violations.forbidden]
    const violation = {
      rule: 'permission-missing',
      message,
      expected: `a caller who holds ${permission}`,
      got: caller.description,
    }
    done(refusal('permission-missing', message, { violations: [violation] }))
  }
}
