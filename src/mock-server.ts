import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { AdminAccess } from './admin/guard.ts'
import type { LoadMetrics } from './admin/metrics.route.ts'
import { adminPlugin } from './admin/plugin.ts'
import { consolePlugin } from './console/plugin.ts'
import { demoLimits } from './demo/demo.ts'
import { demoPlugin } from './demo/plugin.ts'
import { nextReset } from './demo/resets.ts'
import { answerCors } from './http/cors.ts'
import { failure } from './http/failure.ts'
import { answerAfterBody } from './http/incoming-body.ts'
import { didYouMean } from './http/meant-path.ts'
import { createTrustsOrigin } from './http/origins.ts'
import { ownCompilers } from './http/own-compilers.ts'
import { adminPath, basePath, reachedBelow } from './http/paths.ts'
import { routable } from './http/routable.ts'
import { type Certificate, createConnections } from './http/server.ts'
import type { Tokens } from './http/tokens.ts'
import { mostHeadBytes, refuseUnreadable } from './http/unreadable.ts'
import { profilesPlugin } from './profiles/plugin.ts'
import type { Settings } from './settings.ts'
import type { LogStream } from './traffic/log-stream.ts'
import type { Sandboxes } from './traffic/sandboxes.ts'

export type MockOptions = Pick<
  Settings,
  'auth' | 'vendorRules' | 'selfCheck' | 'corsOrigin' | 'bodyLimit' | 'requireSandbox' | 'demo'
> & {
  sandboxes: Sandboxes
  /** Is told of each answer that the self-check finds wrong, for a suite that is to fail of it. */
  onBreach?: (breach: string) => void
  tokens: Tokens
  adminAccess: AdminAccess
  /** From 0 up to, not including, 1. */
  random: () => number
  /** A fresh secret, URL-safe. */
  randomSecret: () => string
  /** Milliseconds without a byte of a body that is wanted, or of a stream of events; what is usual when not set. */
  bodySilence?: number
  heartbeat?: number
  /** It is part of another application. */
  isMounted?: boolean
  /** It is going to stop: new calls had better go elsewhere. */
  stopping?: AbortSignal
  loadMetrics?: LoadMetrics
}

/** The whole mock as a plugin: what is registered here, in this order, is the map of the house. */
export async function mockPlugin(app: FastifyInstance, given: MockOptions): Promise<void> {
  const options = withinDemo(given)
  const trustsOrigin = createTrustsOrigin(options.corsOrigin)

  answerCors(app, trustsOrigin)
  if (options.demo !== undefined) await demoPlugin(app, { ...options, trustsOrigin })
  answerAfterBody(app)
  await app.register(profilesPlugin, { ...options, prefix: basePath })
  await app.register(adminPlugin, { ...options, prefix: adminPath, trustsOrigin })
  if (options.adminAccess.kind !== 'disabled') await app.register(consolePlugin, { prefix: adminPath })
  if (options.demo === undefined) sandboxPrefix(app)
  app.addHook('onClose', () => options.sandboxes.close())
}

/** [demo.caps] */
function withinDemo(options: MockOptions) {
  const { demo, sandboxes, bodyLimit } = options
  if (demo === undefined) return options
  const stateLimit = Math.min(bodyLimit, demoLimits.body)
  return {
    ...options,
    bodyLimit: stateLimit,
    stateLimit,
    mostItems: demoLimits.items,
    mostSnapshots: demoLimits.snapshots,
    mostFaults: demoLimits.faults,
    nextResetAt: () => nextReset(sandboxes.now(), demo),
  }
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
      reachedBelow.set(raw, prefix + request.params.name)
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
  return reply.code(404).send(failure(message))
}

export type ServerSettings = {
  logLevel: string
  /** Where log lines go; else to standard output, as JSON. */
  logStream?: LogStream | undefined
  https?: Certificate
  /** Whose word is taken for where a call came from. */
  trustedProxies?: readonly string[]
}

/** The mock as a server of its own, not yet ready and not listening. */
export async function createMockServer(
  options: MockOptions,
  server: ServerSettings,
): Promise<FastifyInstance> {
  const trustsOrigin = createTrustsOrigin(options.corsOrigin)
  const app = Fastify({
    ...ownCompilers,
    logger: { level: server.logLevel, ...(server.logStream && { stream: server.logStream }) },
    // Calls are logged by the vendor's scope, which knows the caller and the reason.
    logController: new LogController({ disableRequestLogging: true }),
    // Our lines say which call they are about; a logger for each request would cost more than writing them.
    childLoggerFactory: (logger) => logger,
    forceCloseConnections: 'idle',
    ...(server.trustedProxies?.length && { trustProxy: [...server.trustedProxies] }),
    return503OnClosing: false,
    // Nobody gets here with a longer one.
    routerOptions: { maxParamLength: mostHeadBytes },
    rewriteUrl: ({ url = '/' }) => routable(url),
    serverFactory: (handle) => createConnections(handle, trustsOrigin, server.https),
    clientErrorHandler: refuseUnreadable,
  })
  app.setNotFoundHandler(answerUnknown)
  await mockPlugin(app, options)
  // [console.start]
  if (options.adminAccess.kind !== 'disabled')
    app.get('/', (_request, reply) => reply.redirect(`.${adminPath}/`))
  return app
}
