import type { FastifyInstance } from 'fastify'
import { updateProfileOperation } from '../../schemas/update-profile.ts'
import type { AddressedProfileUpdate } from '../../schemas/update-profiles.ts'
import { whatCame } from '../validation.ts'
import { noteCommit, signedInCall } from './call.ts'
import { checkItem, itemValidator } from './check-update-profiles.ts'
import { noteContentType } from './content-type.ts'
import { addOperation, idOf } from './operation-route.ts'
import { requirePermission } from './permission.ts'
import { Refusal, refusal, unfit } from './refusal.ts'
import { updateProfiles } from './update-profiles.ts'

/** PATCH /profile/{id} (P): one item of the bulk update, whose id is in the path. */
export function updateProfileRoute(app: FastifyInstance, { vendorRules }: { vendorRules: boolean }): void {
  addOperation(app, updateProfileOperation, {
    onRequest: [requirePermission('updateSpecificProfile'), noteContentType],
    preValidation: async (request) => {
      const { body } = request
      if (typeof body !== 'object' || body === null || Array.isArray(body)) {
        const message = 'the body must be an object'
        throw unfit('body-unfit', [
          { path: 'the body', expected: 'an object', got: whatCame(body, ''), message },
        ])
      }
      const { statusOptions } = await signedInCall(request).world.directory()
      const misfits = checkItem(
        { id: idOf(request), ...body },
        '',
        itemValidator(vendorRules ? statusOptions : undefined),
      )
      if (misfits.length > 0) throw unfit('body-unfit', misfits)
    },
    handler: async (request) => {
      const { world, caller, violations } = signedInCall(request)
      const item: AddressedProfileUpdate = { ...(request.body as object), id: idOf(request) }
      const outcome = await world.update([item.id], (stored, directory) =>
        updateProfiles({ caller, vendorRules }, [item], stored, directory),
      )
      if (outcome.refused !== undefined) throw refusal('enneo-target', outcome.refused)
      violations.addAll(outcome.violations)
      noteCommit(request, outcome.items)
      const problems = outcome.items.flatMap((entry) => entry.problems)
      if (problems.some(({ rule }) => rule === 'unknown-profile'))
        throw refusal('not-found', `there is no profile ${item.id}`)
      if (problems.length > 0) throw new Refusal(400, problems.map(({ message }) => message).join('; '))
      return { success: true }
    },
  })
}
