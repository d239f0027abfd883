import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { isLoopbackName, type TrustsOrigin } from '../http/origins.ts'
import { AdminError } from './errors.ts'
import { refuseBeyondOwn } from './visitors.ts'

/** What lets a call in: on loopback its origin and host, elsewhere a token. */
export type AdminAccess =
  | { kind: 'loopback' }
  | { kind: 'token'; token: string; letsVisitorsIn?: boolean }
  | { kind: 'disabled' }

/** Refuses calls to the control plane that are not the user's own. @throws {AdminError} 401 or 403 */
export type Guard = (request: FastifyRequest) => void

export function createGuard(access: AdminAccess, trustsOrigin: TrustsOrigin): Guard {
  if (access.kind !== 'token') return (request) => refuseForeignPages(request, trustsOrigin)
  const { token, letsVisitorsIn = false } = access
  return (request) => {
    if (letsVisitorsIn && request.headers.authorization === undefined) refuseBeyondOwn(request, trustsOrigin)
    else requireToken(request, token)
  }
}

/**
 * [guard.loopback] A page of another site, or a name that was pointed at this machine, must not reach the control
 * plane.
 */
function refuseForeignPages(request: FastifyRequest, trustsOrigin: TrustsOrigin): void {
  const { headers, socket } = request
  const { host, origin } = headers
  // Names can be forged by anything but a browser; where the mock is part of a larger server, this cannot.
  if (!isLoopbackAddress(socket.remoteAddress)) {
    throw new AdminError(403, 'the control plane answers this machine only; set an admin token to open it')
  }
  // [guard.forwarded]
  if (!forwarded(headers['x-forwarded-for']).every(isLoopbackAddress)) {
    throw new AdminError(403, 'a proxy passed this on for another machine; set an admin token to open it')
  }
  const isOwnHost = (name: string) =>
    ['http', 'https'].some((scheme) => trustsOrigin(`${scheme}://${name}`, undefined))
  if (![...(host === undefined ? [] : [host]), ...forwarded(headers['x-forwarded-host'])].every(isOwnHost))
    throw new AdminError(403, 'the control plane answers to loopback names only; use http://localhost')
  // [guard.cross-site] An image or a form of a foreign page names no origin, but the browser says where it came from.
  const isUnnamedPage = origin === undefined && headers['sec-fetch-site'] === 'cross-site'
  if (!trustsOrigin(origin, host) || (isUnnamedPage && !isLinkToConsole(request))) {
    throw new AdminError(
      403,
      'pages of this origin may not use the control plane; allow it with --cors-origin',
    )
  }
}

/** What a proxy says of the call it passes on: it can only speak against it. */
const forwarded = (header: string | string[] | undefined) =>
  header === undefined ? [] : String(header).split(/ *, */)

/** [guard.link] Who follows a link gets the console's page, which the page that held the link cannot read. */
const isLinkToConsole = ({ method, url, headers }: FastifyRequest) =>
  ['GET', 'HEAD'].includes(method) &&
  headers['sec-fetch-mode'] === 'navigate' &&
  headers['sec-fetch-dest'] === 'document' &&
  /^[^?]*\/__admin\/?(?:\?|$)/.test(url)

/** [guard.token] */
function requireToken({ headers }: FastifyRequest, token: string): void {
  const given = headers.authorization?.match(/^Bearer +(\S+)$/i)?.[1]
  if (given === undefined || !isSame(given, token)) {
    throw new AdminError(
      401,
      'send the admin token as Authorization: Bearer; it is set with --admin-api-token or printed at the start',
      {
        'www-authenticate': 'Bearer',
      },
    )
  }
}

/** Takes the same time whatever is given. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

const isLoopbackAddress = (address: string | undefined) =>
  address !== undefined && isLoopbackName(address.replace(/^::ffff:/, ''))
