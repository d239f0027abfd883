import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createClosing } from '../http/closing.ts'
import { parseBodiesAsJson } from '../http/json-body.ts'
import type { Tokens } from '../http/tokens.ts'
import type { Settings } from '../settings.ts'
import type { Sandbox, Sandboxes } from '../traffic/sandboxes.ts'
import { violationsHeader } from '../traffic/violations.ts'
import { andThen } from '../values/awaitable.ts'
import { sandboxName } from '../values/sandbox-name.ts'
import { createAuthenticate } from './authentication.ts'
import { callOf, openCall } from './call.ts'
import { handleError } from './errors.ts'
import { type InjectionOptions, injectAfter, injectBefore } from './injection.ts'
import { answerPreference } from './preference.ts'
import { readChoicesRoutes } from './read-choices.route.ts'
import { readProfilesRoutes } from './read-profiles.route.ts'
import { readRolesRoutes } from './read-roles.route.ts'
import { readTagsRoutes } from './read-tags.route.ts'
import { readTeamsRoutes } from './read-teams.route.ts'
import { createRecorder } from './record.ts'
import { Refusal, refusal } from './refusal.ts'
import { checkAnswer } from './self-check.ts'
import { serviceRoutes } from './service.route.ts'
import { watchRoutes } from './unknown-route.ts'
import { updateProfileRoute } from './update-profile.route.ts'
import { updateProfilesRoute } from './update-profiles.route.ts'
import { updateRoutingStatusRoutes } from './update-routing-status.route.ts'

export type ProfilesOptions = Pick<
  Settings,
  'auth' | 'vendorRules' | 'selfCheck' | 'bodyLimit' | 'requireSandbox'
> & {
  sandboxes: Sandboxes
  onBreach?: (breach: string) => void
  tokens: Tokens
  random: () => number
  bodySilence?: number
  /** How many items a call may hold. */
  mostItems?: number
  /** It is part of another application, whose hooks may answer first. */
  isMounted?: boolean
}

/** The vendor's scope, /api/mind: a request goes through these hooks in this order (docs/behaviour.md: one request). */
export async function profilesPlugin(app: FastifyInstance, options: ProfilesOptions): Promise<void> {
  const { sandboxes, tokens, random } = options
  const authenticate = createAuthenticate(options.auth, tokens)
  const unknownRoute = watchRoutes(app)
  const recorder = createRecorder(sandboxes)
  const closing = createClosing()
  const injection: InjectionOptions = {
    closing,
    now: sandboxes.now,
    random,
    dropped: recorder.dropped,
  }

  app.decorateRequest('enneoCall', null)
  app.setErrorHandler(handleError)
  // The hooks run for unknown paths too, and answer before this handler would be asked.
  app.setNotFoundHandler(() => {})
  app.addHook('preClose', async () => closing.begin())

  // Most calls have nothing to wait for, and then nothing waits: promises are made only where there is.
  app.addHook('onRequest', (request, reply, done) => {
    const call = openCall(request)
    if (request.is404) throw unknownRoute(request.method, call.path)
    // [reads.open]
    if (call.operation?.isPublic) return done()
    if (answerPreference(request, reply)) return
    const name = namedSandbox(request, options.requireSandbox)
    // [sandbox.sign-in] [order.sign-in-first] [reads.sign-in]
    const known = name === undefined ? sandboxes.default : sandboxes.find(name)
    const entered = andThen(
      andThen(known, (sandbox) =>
        andThen(sandbox?.world.notes.read(), () =>
          andThen(sandbox?.world ?? sandboxes.seedWorld(), (people) =>
            authenticate(request, people, sandboxes.now(sandbox)),
          ),
        ),
      ),
      (caller) => {
        call.caller = caller
        return andThen(name === undefined ? sandboxes.default : sandboxes.open(name), (sandbox: Sandbox) => {
          call.sandbox = sandbox
          return injectBefore(request, reply, injection)
        })
      },
    )
    return entered ?? done()
  })
  parseBodiesAsJson(app, options, (request, text) => {
    callOf(request).bodyText = text
  })
  const { mostItems } = options
  if (mostItems !== undefined)
    app.addHook('preValidation', (request, _reply, done) => {
      refuseManyItems(request.body, mostItems)
      done()
    })
  const finish = (request: FastifyRequest, reply: FastifyReply, sent: unknown) => {
    showViolations(request, reply)
    if (options.selfCheck) selfCheck(request, reply, sent, options.onBreach)
    recorder.answered(request, reply, sent)
    return sent
  }
  // What a hook of the host application answers before the call is ours leaves as it is.
  if (options.isMounted)
    app.addHook('preSerialization', (request, reply, answer, done) => {
      if (!request.enneoCall) reply.serializer((text: unknown) => JSON.stringify(text))
      done(null, answer)
    })
  app.addHook('onSend', (request, reply, answer, done) => {
    if (!request.enneoCall) return done()
    const injected = injectAfter(request, reply, answer, injection)
    if (injected instanceof Promise) return injected.then((sent) => finish(request, reply, sent))
    finish(request, reply, injected)
    done()
  })

  updateProfilesRoute(app, options)
  updateProfileRoute(app, options)
  updateRoutingStatusRoutes(app)
  readProfilesRoutes(app, options)
  readChoicesRoutes(app)
  readRolesRoutes(app)
  readTeamsRoutes(app, options)
  readTagsRoutes(app, options)
  serviceRoutes(app)
}

/** [demo.items] */
function refuseManyItems(body: unknown, most: number): void {
  const { profiles } = (body ?? {}) as { profiles?: unknown }
  if (Array.isArray(profiles) && profiles.length > most)
    throw refusal('body-too-large', `a call to this demo takes at most ${most} items`)
}

/** [sandbox.required] */
function namedSandbox({ headers }: FastifyRequest, isRequired: boolean): string | undefined {
  const name = headers['x-mock-sandbox']
  if (name === undefined && !isRequired) return undefined
  if (name === undefined) throw new Refusal(400, 'this mock wants a sandbox: send the header X-Mock-Sandbox')
  if (!sandboxName.test(String(name))) {
    throw new Refusal(400, 'X-Mock-Sandbox must be 1 to 64 letters, digits, dots, underscores or hyphens')
  }
  return String(name)
}

/** [self-check.answers] An injected answer may be anything, and so is not held against the document. */
function selfCheck(
  request: FastifyRequest,
  reply: FastifyReply,
  sent: unknown,
  onBreach: ProfilesOptions['onBreach'] = () => {},
): void {
  const call = callOf(request)
  if (call.fault !== undefined) return
  const { statusCode } = reply
  call.answerCheck = checkAnswer(call.operation, statusCode, String(sent))
  for (const { message } of call.answerCheck.breaches)
    onBreach(`${request.method} ${call.path} ${statusCode}: ${message}`)
}

function showViolations(request: FastifyRequest, reply: FastifyReply): void {
  const { violations } = callOf(request)
  if (violations.count > 0) reply.header('x-mock-violations', violationsHeader(violations))
}
