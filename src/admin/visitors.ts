import type { FastifyRequest } from 'fastify'
import type { TrustsOrigin } from '../http/origins.ts'
import { AdminError } from './errors.ts'

/** What is about one sandbox only, by the first part of the path. */
const ofOneSandbox =
  /^[^?]*\/__admin\/(?:tokens|reset|state|snapshots|requests|events|verify|coverage|faults|settings|scenario)(?:[/?]|$)/

/**
 * [demo.control] Without the admin token the control plane of a demo is about the visitor's own sandbox. The cookie that names it is not sent
 * with what pages of other sites do, and those of origins that are not trusted are refused besides. @throws {AdminError} 403
 */
export function refuseBeyondOwn(request: FastifyRequest, trustsOrigin: TrustsOrigin): void {
  const { headers, query, routeOptions } = request
  const { origin, host } = headers
  if (!trustsOrigin(origin, host) || (origin === undefined && headers['sec-fetch-site'] === 'cross-site'))
    throw new AdminError(
      403,
      'pages of this origin may not use the control plane; allow it with --cors-origin',
    )
  // [demo.spelling] Not the address as it came: `/__admin/sandboxes#/__admin/state` is the list of sandboxes.
  if (!ofOneSandbox.test(String(routeOptions.url)) || 'all' in (query as object))
    throw new AdminError(
      403,
      'this demo lets visitors see and change their own sandbox only; the rest takes the admin token as Authorization: Bearer',
    )
}
