import type { FastifyRequest } from 'fastify'
import type { World } from '../stores/profile-store.ts'
import { createViolations, type Violations } from '../traffic/violations.ts'
import type { Caller } from './caller.ts'

/** What the mock knows of one request on the vendor's paths. */
export type Call = {
  world: World
  /** Absent on public routes and before sign-in. */
  caller?: Caller
  violations: Violations
  /** Why it was refused, for the log. */
  reason?: string
}

declare module 'fastify' {
  interface FastifyRequest {
    enneoCall: Call | null
  }
  interface FastifyContextConfig {
    /** Answers without sign-in. */
    isPublic?: boolean
  }
}

export function openCall(request: FastifyRequest, world: World): Call {
  const call = { world, violations: createViolations() }
  request.enneoCall = call
  return call
}

/** The call of a request that has begun. */
export function callOf(request: FastifyRequest): Call {
  if (!request.enneoCall) throw new Error('the call has not been opened')
  return request.enneoCall
}

/** The call and its caller, behind sign-in. */
export function signedInCall(request: FastifyRequest): Call & { caller: Caller } {
  const { caller, ...call } = callOf(request)
  if (!caller) throw new Error('the route is public')
  return { ...call, caller }
}
