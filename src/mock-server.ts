import type { ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import { URL } from 'node:url'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { AdminAccess } from './admin/guard.ts'
import { adminPlugin } from './admin/plugin.ts'
import { answerCors } from './http/cors.ts'
import { didYouMean } from './http/meant-path.ts'
import { createTrustsOrigin } from './http/origins.ts'
import { ownCompilers } from './http/own-compilers.ts'
import { adminPath, basePath } from './http/paths.ts'
import type { Tokens } from './http/tokens.ts'
import { profilesPlugin } from './profiles/plugin.ts'
import type { Settings } from './settings.ts'
import type { LogStream } from './traffic/log-stream.ts'
import type { Sandboxes } from './traffic/sandboxes.ts'

export type MockOptions = Pick<
  Settings,
  'auth' | 'vendorRules' | 'selfCheck' | 'corsOrigin' | 'bodyLimit' | 'requireSandbox'
> & {
  sandboxes: Sandboxes
  /** Is told of each answer that the self-check finds wrong, for a suite that is to fail of it. */
  onBreach?: (breach: string) => void
  tokens: Tokens
  adminAccess: AdminAccess
  /** From 0 up to, not including, 1. */
  random: () => number
}

/** The whole mock as a plugin: what is registered here, in this order, is the map of the house. */
export async function mockPlugin(app: FastifyInstance, options: MockOptions): Promise<void> {
  const trustsOrigin = createTrustsOrigin(options.corsOrigin)

  answerCors(app, trustsOrigin)
  await app.register(profilesPlugin, { ...options, prefix: basePath })
  await app.register(adminPlugin, { ...options, prefix: adminPath, trustsOrigin })
  sandboxPrefix(app)
  app.addHook('onClose', () => options.sandboxes.close())
}

/**
 * [sandbox.world] `/__sandbox/<name>` before a path is another way to send X-Mock-Sandbox, for clients that cannot set
 * headers.
 */
function sandboxPrefix(app: FastifyInstance): void {
  app.all<{ Params: { name: string } }>('/__sandbox/:name/*', {
    onRequest: async (request, reply) => {
      const { raw } = request
      const prefix = `${app.prefix}/__sandbox/`
      const rest = request.url.slice(prefix.length)
      raw.headers['x-mock-sandbox'] = request.params.name
      raw.url = app.prefix + rest.slice(rest.indexOf('/'))
      reply.hijack()
      app.routing(raw, reply.raw)
    },
    // Never reached: the request has been handed on.
    handler: answerUnknown,
  })
}

function answerUnknown({ method, url, log }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = url.replace(/\?.*$/s, '')
  const message = `the API is below ${basePath}, the control plane below ${adminPath}${didYouMean(path)}`
  log.info({ method, path, status: 404, reason: message }, 'call')
  return reply.code(404).send({ success: false, message })
}

export type ServerSettings = {
  logLevel: string
  /** Where log lines go; else to standard output, as JSON. */
  logStream?: LogStream | undefined
  https?: Pick<ServerOptions, 'cert' | 'key'>
}

/** The mock as a server of its own, not yet ready and not listening. */
export async function createMockServer(
  options: MockOptions,
  server: ServerSettings,
): Promise<FastifyInstance> {
  const app = Fastify({
    ...ownCompilers,
    logger: { level: server.logLevel, ...(server.logStream && { stream: server.logStream }) },
    // Calls are logged by the vendor's scope, which knows the caller and the reason.
    logController: new LogController({ disableRequestLogging: true }),
    // Our lines say which call they are about; a logger for each request would cost more than writing them.
    childLoggerFactory: (logger) => logger,
    bodyLimit: options.bodyLimit,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: longestPath },
    rewriteUrl: ({ url = '/' }) => routable(url),
    clientErrorHandler: refuseUnreadable,
    ...(server.https && { https: server.https }),
  }) as FastifyInstance
  app.setNotFoundHandler(answerUnknown)
  // Node would answer an unknown Expect header itself, with 417 and nothing else.
  app.server.on('checkExpectation', (request, response) => app.routing(request, response))
  await app.register(mockPlugin, options)
  return app
}

/** Node itself accepts no longer request line, so no parameter is ever too long for the router. */
const longestPath = 16 * 1024

/**
 * [route.undecodable] What the framework itself would refuse, such as `/%zz`, is made an address that is simply
 * unknown.
 */
function routable(url: string): string {
  if (url.startsWith('/') && !url.includes('%')) return url
  const address = url.startsWith('/') ? url : pathOfAbsolute(url)
  const [path = '', ...query] = address.split(/(?=\?)/)
  try {
    decodeURI(path)
    return address
  } catch {
    return encodeURI(path) + query.join('')
  }
}

/** Proxies are sent whole addresses, and so may we be. */
function pathOfAbsolute(url: string): string {
  if (!URL.canParse(url)) return `/${encodeURIComponent(url)}`
  const { pathname, search } = new URL(url)
  return pathname + search
}

/** [transport.not-http] What is no HTTP request at all never reaches a route; it still gets the vendor's shape. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, message] = unreadable[String(error.code)] ?? [
    '400 Bad Request',
    'the request is not valid HTTP',
  ]
  const body = JSON.stringify({ success: false, message })
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
}

const unreadable: Record<string, [status: string, message: string]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are larger than 16 KiB'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request took too long to arrive'],
}
