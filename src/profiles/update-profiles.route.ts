import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type AddressedProfileUpdate, updateProfilesOperation } from '../../schemas/update-profiles.ts'
import { andThen } from '../values/awaitable.ts'
import { callOf, noteCommit, signedInCall } from './call.ts'
import { type BadItem, checkUpdateProfiles, itemValidator } from './check-update-profiles.ts'
import { noteContentType } from './content-type.ts'
import { handleError, toRefusal } from './errors.ts'
import { addOperation } from './operation-route.ts'
import { requirePermission } from './permission.ts'
import { Refusal, refusal } from './refusal.ts'
import { updateProfiles } from './update-profiles.ts'
import { unknownKey } from './writable-fields.ts'

type Body = { profiles: AddressedProfileUpdate[] }

/** PATCH /profiles (S). */
export function updateProfilesRoute(app: FastifyInstance, { vendorRules }: { vendorRules: boolean }): void {
  addOperation(app, updateProfilesOperation, {
    // [permission.update-specific] [permission.own-profile]
    onRequest: [requirePermission('updateSpecificProfile'), noteContentType],
    // [order.shape-first] [refusal.nothing-written] [vendor-rules.off]
    preValidation: (request, _reply, done) => {
      const checked = andThen(signedInCall(request).world.directory(), ({ statusOptions }) => {
        const bad = checkUpdateProfiles(request.body, itemValidator(vendorRules ? statusOptions : undefined))
        if (bad.length > 0) throw new BadItems(bad)
      })
      return checked ?? done()
    },
    errorHandler: answerInResults,
    handler: (request) => {
      const { profiles, ...unknown } = request.body as Body
      const { world, caller, violations } = signedInCall(request)
      for (const key of Object.keys(unknown)) violations.add(unknownKey(key))
      const context = { caller, vendorRules }
      const updated = world.update(idsOf(profiles), (stored, directory) =>
        updateProfiles(context, profiles, stored, directory),
      )
      return andThen(updated, (outcome) => {
        const { refused } = outcome
        if (refused !== undefined) throw refusal('enneo-target', refused.message, refused)
        violations.addAll(outcome.violations)
        noteCommit(request, outcome.results)
        return { results: outcome.results }
      })
    },
  })
}

/** Looked through only by a store that has to load them. */
function* idsOf(items: readonly AddressedProfileUpdate[]): Iterable<number> {
  for (const { id } of items) yield id
}

/** Carries what is wrong from validation to the answer. */
class BadItems extends Refusal {
  readonly items: readonly BadItem[]
  constructor(items: readonly BadItem[]) {
    super(400, 'the body does not fit the schema', { name: refusalOf(items) })
    this.items = items
  }
}

/** Without an index it is the body itself, and a list is all that can be missing from it. */
const refusalOf = ([first]: readonly BadItem[]) =>
  first?.index === undefined ? 'profiles-missing' : 'body-unfit'

/** [refusal.entries] A 400 of this operation lists results (S); all else is answered as everywhere. */
function answerInResults(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, message, refusal, misfits = [] } = toRefusal(error)
  if (status !== 400) return handleError(error, request, reply)
  const items = error instanceof BadItems ? error.items : [{ message, misfits }]
  const call = callOf(request)
  call.reason = 'the body does not fit the schema'
  call.refusal = refusal
  for (const item of items) call.violations.add({ ...item, rule: 'schema' })
  return reply.code(400).send({
    results: items.map(({ index, misfits, ...item }) => ({ ...item, success: false })),
  })
}
