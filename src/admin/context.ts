import type { Static, TSchema } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { Closing } from '../http/closing.ts'
import type { Tokens } from '../http/tokens.ts'
import type { Sandbox, Sandboxes, SandboxView } from '../traffic/sandboxes.ts'
import { deepestData, isDeeperThan } from '../values/depth.ts'
import { sandboxName } from '../values/sandbox-name.ts'
import { createValidator } from '../values/validation.ts'
import { AdminError } from './errors.ts'

/** What the routes of the control plane work with. */
export type AdminContext = {
  sandboxes: Sandboxes
  tokens: Tokens
  closing: Closing
  /** Milliseconds between two signs of life of a stream of events. */
  heartbeat: number
}

/** The sandbox that a call to the control plane changes: the named one, made if need be, or the default world. */
export async function sandboxOf(request: FastifyRequest, { sandboxes }: AdminContext): Promise<Sandbox> {
  const name = sandboxNameOf(request)
  return name === undefined ? sandboxes.default : sandboxes.open(name)
}

/** The sandbox that a call looks at. [sandbox.look] Looking makes none: a link or an image of a page could do it. */
export async function sandboxViewOf(
  request: FastifyRequest,
  { sandboxes }: AdminContext,
): Promise<SandboxView> {
  const name = sandboxNameOf(request)
  return name === undefined ? sandboxes.default : sandboxes.view(name)
}

/** @throws {AdminError} 400 */
export function sandboxNameOf({ headers }: FastifyRequest): string | undefined {
  const name = headers['x-mock-sandbox']
  if (name === undefined) return undefined
  if (!sandboxName.test(String(name))) {
    throw new AdminError(400, 'X-Mock-Sandbox must be 1 to 64 letters, digits, dots, underscores or hyphens')
  }
  return String(name)
}

/** Reads bodies of one shape; a missing body is an empty object. @throws {AdminError} 400 with every fault by path */
export function bodyReader<S extends TSchema>(
  schema: S,
): (request: Pick<FastifyRequest, 'body'>) => Static<S> {
  const validator = createValidator(schema)
  return ({ body = {} }) => {
    if (isDeeperThan(deepestData, body)) {
      throw new AdminError(400, `the body must be nested at most ${deepestData} deep`)
    }
    if (validator.accepts(body)) return body as Static<S>
    const faults = [...validator.faults(body, '')]
    throw new AdminError(400, faults.map(({ message }) => message).join('; '), {}, faults)
  }
}
