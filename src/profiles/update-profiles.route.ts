import type { FastifyInstance } from 'fastify'
import { type AddressedProfileUpdate, updateProfilesOperation } from '../../schemas/update-profiles.ts'
import { andThen } from '../values/awaitable.ts'
import { answerInResults, BadItems } from './bad-items.ts'
import { noteCommit, signedInCall } from './call.ts'
import { checkUpdateProfiles, itemValidator } from './check-update-profiles.ts'
import { noteContentType } from './content-type.ts'
import { addOperation } from './operation-route.ts'
import { requirePermission } from './permission.ts'
import { refusal } from './refusal.ts'
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
      const checked = andThen(signedInCall(request).world.directory(), ({ statuses }) => {
        const bad = checkUpdateProfiles(request.body, itemValidator(statuses))
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
export function* idsOf(items: readonly { id: number }[]): Iterable<number> {
  for (const { id } of items) yield id
}
