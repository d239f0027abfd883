import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type AddressedProfileUpdate, updateProfilesOperation } from '../../schemas/update-profiles.ts'
import { callOf, noteCommit, signedInCall } from './call.ts'
import { type BadItem, checkUpdateProfiles, itemValidator } from './check-update-profiles.ts'
import { noteContentType } from './content-type.ts'
import { handleError, toRefusal } from './errors.ts'
import { addOperation } from './operation-route.ts'
import { requirePermission } from './permission.ts'
import { forbidden } from './refusal.ts'
import { updateProfiles } from './update-profiles.ts'
import { unknownKey } from './writable-fields.ts'

type Body = { profiles: AddressedProfileUpdate[] }

/** PATCH /profiles (S). */
export function updateProfilesRoute(app: FastifyInstance, { vendorRules }: { vendorRules: boolean }): void {
  addOperation(app, updateProfilesOperation, {
    onRequest: [requirePermission('updateSpecificProfile'), noteContentType],
    preValidation: async (request) => {
      const { statusOptions } = await signedInCall(request).world.directory()
      const bad = checkUpdateProfiles(request.body, itemValidator(vendorRules ? statusOptions : undefined))
      if (bad.length > 0) throw new BadItems(bad)
    },
    errorHandler: answerInResults,
    handler: async (request) => {
      const { profiles, ...unknown } = request.body as Body
      const { world, caller, violations } = signedInCall(request)
      for (const key of Object.keys(unknown)) violations.add(unknownKey(key))
      const context = { caller, vendorRules }
      const ids = new Set(profiles.map((item) => item.id))
      const outcome = await world.update(ids, (stored, directory) =>
        updateProfiles(context, profiles, stored, directory),
      )
      if (outcome.refused !== undefined) throw forbidden(outcome.refused)
      violations.addAll(outcome.violations)
      noteCommit(request, outcome.items)
      return { results: outcome.items.map(({ id, problems }) => ({ id, success: problems.length === 0 })) }
    },
  })
}

/** Carries what is wrong from validation to the answer. */
class BadItems extends Error {
  readonly items: readonly BadItem[]
  constructor(items: readonly BadItem[]) {
    super('the body does not fit the schema')
    this.items = items
  }
}

/** A 400 of this operation lists results (S); all else is answered as everywhere. */
function answerInResults(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const items = badItems(error)
  if (!items) return handleError(error, request, reply)
  const call = callOf(request)
  call.reason = 'the body does not fit the schema'
  for (const item of items) call.violations.add({ ...item, rule: 'schema' })
  return reply.code(400).send({ results: items.map(({ index, ...item }) => ({ ...item, success: false })) })
}

function badItems(error: unknown): readonly BadItem[] | undefined {
  if (error instanceof BadItems) return error.items
  const { status, message } = toRefusal(error)
  return status === 400 ? [{ message }] : undefined
}
