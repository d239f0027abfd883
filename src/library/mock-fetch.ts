import type { ClientRequest, IncomingMessage } from 'node:http'
import { ReadableStream, type UnderlyingByteSource } from 'node:stream/web'
import { URL } from 'node:url'
import type { InMemoryHttp } from './in-memory-http.ts'

/**
 * A `fetch` that calls the mock without a socket, whatever host an address names: same requests, answers and errors as
 * Node's own `fetch` on a socket. It waits for no timer.
 */
export function createMockFetch(http: InMemoryHttp): typeof fetch {
  return async (input, init = {}) => {
    const { signal: given, ...options } = init
    const isOurs = isSignal(given)
    const request = new Request(input, isOurs ? options : init)
    const signal = isOurs ? given : request.signal
    signal.throwIfAborted()
    const call: Call = {
      url: new URL(request.url),
      method: request.method,
      headers: headersOf(request, options.headers),
      body: request.body === null ? undefined : Buffer.from(await request.arrayBuffer()),
    }
    return follow(call, request.redirect, signal, http)
  }
}

type Call = {
  url: URL
  method: string
  headers: Record<string, string>
  body: Buffer | undefined
}

/** By what it can do: under jsdom signals are of another class than requests take. */
const isSignal = (value: unknown): value is AbortSignal =>
  typeof (value as AbortSignal | undefined)?.throwIfAborted === 'function'

/** What is given beside a request wins, as with `fetch`. A request made by happy-dom would have lost its cookie. */
function headersOf(request: Request, given: RequestInit['headers']): Record<string, string> {
  const type = request.headers.get('content-type')
  return {
    accept: '*/*',
    'accept-language': '*',
    'sec-fetch-mode': 'cors',
    'user-agent': 'node',
    'accept-encoding': 'gzip, deflate',
    ...(type !== null && { 'content-type': type }),
    ...Object.fromEntries(new Headers(given ?? request.headers)),
  }
}

const redirects = [301, 302, 303, 307, 308]
const mostRedirects = 20

async function follow(
  call: Call,
  mode: Request['redirect'],
  signal: AbortSignal,
  http: InMemoryHttp,
  followed = 0,
): Promise<Response> {
  const { outgoing, answer } = await send(call, signal, http)
  const { location } = answer.headers
  if (mode === 'manual' || location === undefined || !redirects.includes(answer.statusCode as number))
    return responseOf(call, answer, signal, followed > 0)
  outgoing.destroy()
  if (mode === 'error') throw failed(new Error('unexpected redirect'))
  if (followed === mostRedirects) throw failed(new Error('redirect count exceeded'))
  return follow(redirected(call, answer.statusCode as number, location), mode, signal, http, followed + 1)
}

/** Resolves with the head of the answer. */
function send(
  { url, method, headers, body }: Call,
  signal: AbortSignal,
  http: InMemoryHttp,
): Promise<{ outgoing: ClientRequest; answer: IncomingMessage }> {
  const { 'content-length': _counted, ...others } = headers
  return new Promise((resolve, reject) => {
    const outgoing = start(http, {
      method,
      path: url.pathname + url.search,
      headers: {
        host: url.host,
        connection: method === 'HEAD' ? 'close' : 'keep-alive',
        ...others,
        ...(body && { 'content-length': body.length }),
      },
    })
    const abort = () => outgoing.destroy(signal.reason)
    signal.addEventListener('abort', abort)
    outgoing.once('close', () => signal.removeEventListener('abort', abort))
    outgoing.once('error', (error) => reject(signal.aborted ? signal.reason : failed(error)))
    outgoing.once('response', (answer) => resolve({ outgoing, answer }))
    outgoing.end(body)
  })
}

/** What cannot even begin is told as `fetch` tells it too. */
function start(http: InMemoryHttp, call: Parameters<InMemoryHttp['request']>[0]): ClientRequest {
  try {
    return http.request(call)
  } catch (error) {
    throw failed(error as Error)
  }
}

/** The next call of a redirect, by the rules of the Fetch standard. */
function redirected({ url, method, headers, body }: Call, status: number, location: string): Call {
  if (!URL.canParse(location, url.href)) throw failed(new TypeError('Invalid URL'))
  const next = new URL(location, url)
  if (!/^https?:$/.test(next.protocol)) throw failed(new Error('URL scheme must be a HTTP(S) scheme'))
  const becomesGet =
    (status < 303 && method === 'POST') || (status === 303 && !['GET', 'HEAD'].includes(method))
  const lost = [
    ...(next.origin === url.origin ? [] : ['authorization', 'proxy-authorization', 'cookie', 'host']),
    ...(becomesGet ? Object.keys(headers).filter((name) => name.startsWith('content-')) : []),
  ]
  return {
    url: next,
    method: becomesGet ? 'GET' : method,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !lost.includes(name))),
    body: becomesGet ? undefined : body,
  }
}

const withoutBody = [204, 205, 304]

function responseOf(
  { url, method }: Call,
  answer: IncomingMessage,
  signal: AbortSignal,
  isRedirected: boolean,
): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = answer
  const headers = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string)
  const hasBody = method !== 'HEAD' && !withoutBody.includes(status)
  if (!hasBody) answer.resume()
  const response = new Response(hasBody ? bodyOf(answer, signal) : null, { status, statusText, headers })
  const address = new URL(url)
  address.hash = ''
  return dressed(response, { url: address.href, redirected: isRedirected, type: 'basic' })
}

/** What only `fetch` itself can say of its answer. */
function dressed(response: Response, facts: Pick<Response, 'url' | 'redirected' | 'type'>): Response {
  const clone = () => dressed(Response.prototype.clone.call(response), facts)
  for (const [name, value] of Object.entries({ ...facts, clone })) {
    Object.defineProperty(response, name, { value, configurable: true })
  }
  return response
}

/** Bytes. A shorter answer is complete, and its connection over, whether or not somebody reads it. */
const readAhead = 64 * 1024

/** The body as it arrives: one that never ends can be read too. */
function bodyOf(answer: IncomingMessage, signal: AbortSignal): ReadableStream {
  let problem: unknown
  let isCancelled = false
  const source: UnderlyingByteSource = {
    type: 'bytes',
    start: (controller) => {
      answer.on('data', (bytes: Buffer) => {
        controller.enqueue(new Uint8Array(bytes))
        if ((controller.desiredSize as number) <= 0) answer.pause()
      })
      answer.on('error', (error) => {
        problem = error
      })
      answer.once('close', () => {
        if (isCancelled) return
        if (answer.complete) controller.close()
        else
          controller.error(signal.aborted ? signal.reason : new TypeError('terminated', { cause: problem }))
      })
    },
    pull: () => {
      answer.resume()
    },
    cancel: () => {
      isCancelled = true
      answer.destroy()
    },
  }
  return new ReadableStream(source, { highWaterMark: readAhead })
}

/** As Node's own `fetch` tells it: what happened is the cause. */
const failed = (cause: Error) => new TypeError('fetch failed', { cause })
