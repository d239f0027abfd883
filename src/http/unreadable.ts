import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import timers from 'node:timers'
import { corsHeaders } from './cors.ts'
import { failure } from './failure.ts'
import type { TrustsOrigin } from './origins.ts'

const { setTimeout, clearTimeout } = timers

/** The longest head of a request, in bytes: a browser sends the cookies of one host to all its ports. */
export const mostHeadBytes = 64 * 1024

/** Node reads on this far, so that a page can be told that its head is too long. */
export const mostReadHeadBytes = 1024 * 1024

type Refused = { status: number; reason: string; message: string }

const headTooLong: Refused = {
  status: 431,
  reason: 'Request Header Fields Too Large',
  message: `the headers are larger than ${mostHeadBytes / 1024} KiB`,
}
const notHttp: Refused = { status: 400, reason: 'Bad Request', message: 'the request is not valid HTTP' }
const hostMissing: Refused = {
  status: 400,
  reason: 'Bad Request',
  message: 'HTTP/1.1 wants a Host header, and there is none',
}
const notAProxy: Refused = {
  status: 405,
  reason: 'Method Not Allowed',
  message: 'CONNECT is not allowed here: the mock is no proxy',
}
const tooSlow: Refused = {
  status: 408,
  reason: 'Request Timeout',
  message: 'the request took too long to arrive',
}

/** What is wrong with the head of a request, before anything is looked up. [transport.head-size] [transport.host] */
export function refusalOfHead({ rawHeaders, headers, method, url, httpVersion }: IncomingMessage) {
  // "GET / HTTP/1.1" and, for each header, ": " and the end of its line.
  let bytes = `${method} ${url} HTTP/1.1\r\n\r\n`.length
  for (const part of rawHeaders) bytes += part.length + 2
  if (bytes > mostHeadBytes) return headTooLong
  return headers.host === undefined && httpVersion === '1.1' ? hostMissing : undefined
}

/** Answers a request whose head cannot be taken, in the vendor's shape, and ends the connection. */
export function refuseHead(
  { status, message }: Refused,
  { headers }: IncomingMessage,
  response: ServerResponse,
  trustsOrigin: TrustsOrigin,
): void {
  response
    .writeHead(status, {
      ...corsHeaders(headers, trustsOrigin),
      'content-type': 'application/json; charset=utf-8',
      connection: 'close',
    })
    .end(JSON.stringify(failure(message)))
}

/** [transport.not-http] What is no HTTP request at all never reaches a route; it still gets the vendor's shape. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (refused.has(socket) && error.code !== 'ECONNRESET') return
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
  else refuseOnSocket(socket, unreadable[String(error.code)] ?? notHttp)
}

const unreadable: Record<string, Refused> = {
  HPE_HEADER_OVERFLOW: headTooLong,
  ERR_HTTP_REQUEST_TIMEOUT: tooSlow,
}

/** CONNECT has no answer of its own in Node. */
export const refuseConnect = (_request: IncomingMessage, socket: Socket): void =>
  refuseOnSocket(socket, notAProxy)

/** Whoever still sends is let, for a moment: a connection that is torn down takes its answer with it. */
const refused = new WeakSet<Socket>()
const momentMs = 1000

function refuseOnSocket(socket: Socket, { status, reason, message }: Refused): void {
  const body = JSON.stringify(failure(message))
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
  refused.add(socket)
  const moment = setTimeout(() => socket.destroy(), momentMs)
  socket.once('close', () => clearTimeout(moment))
}
