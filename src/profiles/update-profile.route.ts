import type { FastifyInstance } from 'fastify'
import { updateProfileOperation } from '../../schemas/update-profile.ts'
import type { AddressedProfileUpdate } from '../../schemas/update-profiles.ts'
import { andThen } from '../values/awaitable.ts'
import { whatCame } from '../values/validation.ts'
import { noteCommit, signedInCall } from './call.ts'
import { checkItem, itemValidator } from './check-update-profiles.ts'
import { noteContentType } from './content-type.ts'
import { addOperation, idOf } from './operation-route.ts'
import { requirePermission } from './permission.ts'
import { Refusal, refusal, unfit } from './refusal.ts'
import { updateProfiles } from './update-profiles.ts'

/** [update-profile.item] PATCH /profile/{id}: one item of the bulk update, whose id is in the path. */
export function updateProfileRoute(app: FastifyInstance, { vendorRules }: { vendorRules: boolean }): void {
  addOperation(app, updateProfileOperation, {
    // [update-profile.permission] [update-profile.own-profile]
    onRequest: [requirePermission('updateSpecificProfile'), noteContentType],
    // [update-profile.wrong] [update-profile.empty]
    preValidation: (request, _reply, done) => {
      const { body } = request
      if (typeof body !== 'object' || body === null || Array.isArray(body)) {
        const message = 'the body must be an object'
        throw unfit('body-unfit', [
          { path: 'the body', expected: 'an object', got: whatCame(body, ''), message },
        ])
      }
      const checked = andThen(signedInCall(request).world.directory(), ({ statusOptions }) => {
        const validator = itemValidator(vendorRules ? statusOptions : undefined)
        const misfits = checkItem({ id: idOf(request), ...body }, '', validator)
        if (misfits.length > 0) throw unfit('body-unfit', misfits)
      })
      return checked ?? done()
    },
    handler: (request) => {
      const { world, caller, violations } = signedInCall(request)
      // [update-profile.body-id]
      const item: AddressedProfileUpdate = { ...(request.body as object), id: idOf(request) }
      const updated = world.update([item.id], (stored, directory) =>
        updateProfiles({ caller, vendorRules }, [item], stored, directory),
      )
      return andThen(updated, (outcome) => {
        const { refused } = outcome
        if (refused !== undefined) throw refusal('enneo-target', refused.message, refused)
        violations.addAll(outcome.violations)
        noteCommit(request, outcome.results)
        // [update-profile.unknown] [update-profile.failed]
        const { problems } = outcome
        if (problems.some(({ rule }) => rule === 'unknown-profile'))
          throw refusal('not-found', `there is no profile ${item.id}`)
        if (problems.length > 0) throw new Refusal(400, problems.map(({ message }) => message).join('; '))
        return { success: true }
      })
    },
  })
}
