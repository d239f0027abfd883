import type { FastifyInstance } from 'fastify'
import { updateProfileOperation } from '../../schemas/update-profile.ts'
import type { AddressedProfileUpdate } from '../../schemas/update-profiles.ts'
import { andThen } from '../values/awaitable.ts'
import { whatCame } from '../values/validation.ts'
import { changeProfiles, noteCommit, signedInCall } from './call.ts'
import type { Caller } from './caller.ts'
import { checkItem, itemValidator } from './check-update-profiles.ts'
import { noteContentType } from './content-type.ts'
import { addOperation, idOf } from './operation-route.ts'
import { requirePermissionForOthers } from './permission.ts'
import { Refusal, refusal, unfit } from './refusal.ts'
import { updateProfiles } from './update-profiles.ts'
import { mayWriteSetting, permissionFor } from './vendor-rules.ts'
import { isWritableSetting } from './writable-fields.ts'

/** [update-profile.item] PATCH /profile/{id}: one item of the bulk update, whose id is in the path. */
export function updateProfileRoute(app: FastifyInstance, { vendorRules }: { vendorRules: boolean }): void {
  addOperation(app, updateProfileOperation, {
    // [update-profile.permission]
    onRequest: [requirePermissionForOthers('updateSpecificProfile'), noteContentType],
    // [update-profile.wrong] [update-profile.empty]
    preValidation: (request, _reply, done) => {
      const { world, caller } = signedInCall(request)
      const body = objectIn(request.body)
      requireFieldPermissions(caller, idOf(request), body)
      const checked = andThen(world.directory(), ({ statuses }) => {
        // Whose it is says the path; an id of the body is checked and ignored.
        const misfits = checkItem({ id: caller.id, ...body }, '', itemValidator(statuses))
        if (misfits.length > 0) throw unfit('body-unfit', misfits)
      })
      return checked ?? done()
    },
    handler: (request) => {
      const { caller, violations } = signedInCall(request)
      const id = idOf(request)
      // [update-profile.body-id]
      const item: AddressedProfileUpdate = { ...(request.body as object), id }
      const updated = changeProfiles(request, [id], (stored, directory) =>
        updateProfiles({ caller, vendorRules, ownId: id }, [item], stored, directory),
      )
      return andThen(updated, (outcome) => {
        const { refused } = outcome
        if (refused !== undefined) throw refusal('enneo-target', refused.message, refused)
        violations.addAll(outcome.violations)
        noteCommit(request, outcome.results)
        // [update-profile.unknown] [update-profile.failed]
        const { problems } = outcome
        if (problems.some(({ rule }) => rule === 'unknown-profile'))
          throw refusal('not-found', `there is no profile ${id}`)
        if (problems.length > 0) throw new Refusal(400, problems.map(({ message }) => message).join('; '))
        return { success: true }
      })
    },
  })
}

/** The body of a single update. @throws {Refusal} 400 */
export function objectIn(body: unknown): object {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body
  const message = 'the body must be an object'
  throw unfit('body-unfit', [{ path: 'the body', expected: 'an object', got: whatCame(body, ''), message }])
}

/**
 * [update-profile.own-settings] [update-profile.own-with-permission] [update-profile.own-ignored] Who may change nobody else may not
 * change every setting of their own either (P; A for 403).
 */
function requireFieldPermissions(caller: Caller, id: number, body: { settings?: unknown }): void {
  if (caller.holds('updateSpecificProfile')) return
  const { settings } = body
  const keys = typeof settings === 'object' && settings !== null ? Object.keys(settings) : []
  // [behalf.both] Of two who act together one may hold it, and the other change the own profile.
  const mayWrite = (key: string) => mayWriteSetting(caller, key, id, 'updateSpecificProfile')
  const refused = keys.find((key) => isWritableSetting(key) && !mayWrite(key))
  if (refused === undefined) return
  const message = `${caller.description} does not hold ${permissionFor(refused)} for settings.${refused}`
  const path = `settings.${refused}`
  const expected = `a caller who holds ${permissionFor(refused)}`
  const violation = { id, path, rule: 'own-field-permission', message, expected, got: caller.description }
  throw refusal('own-field-permission', message, { violations: [violation] })
}
