import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createSecureServer, type ServerOptions as SecureOptions } from 'node:https'
import { waitToAskForBody } from './incoming-body.ts'
import type { TrustsOrigin } from './origins.ts'
import { mostReadHeadBytes, refusalOfHead, refuseConnect, refuseHead } from './unreadable.ts'

/** PEM texts; without them the server speaks plain HTTP. */
export type Certificate = Pick<SecureOptions, 'cert' | 'key'>

const limits: ServerOptions = {
  maxHeaderSize: mostReadHeadBytes,
  // A request without one is refused by us, which can say so.
  requireHostHeader: false,
  keepAliveTimeout: 72_000,
  headersTimeout: 60_000,
  requestTimeout: 300_000,
  connectionsCheckingInterval: 5000,
}

/** The rules of every connection, whichever address it came to: what is refused before a route is looked for. */
export function createConnections(
  handle: RequestListener,
  trustsOrigin: TrustsOrigin,
  https?: Certificate,
): Server {
  const listener: RequestListener = (request, response) => {
    const refused = refusalOfHead(request)
    if (refused) refuseHead(refused, request, response, trustsOrigin)
    else handle(request, response)
  }
  const server = https
    ? createSecureServer({ ...limits, ...https }, listener)
    : createServer(limits, listener)
  // Node would leave out what comes after 2,000 headers, and say nothing; they are counted in bytes.
  server.maxHeadersCount = 0
  // Node would answer an unknown Expect header itself, with 417 and nothing else.
  server.on('checkExpectation', listener)
  // Node would ask for every body, also for those that are refused.
  server.on('checkContinue', (request, response) => {
    waitToAskForBody(request, response)
    listener(request, response)
  })
  server.on('connect', refuseConnect)
  return server
}
