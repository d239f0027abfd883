import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type AddressedProfileUpdate, updateProfilesOperation } from '../../schemas/update-profiles.ts'
import { callOf, signedInCall } from './call.ts'
import { type BadItem, checkUpdateProfiles } from './check-update-profiles.ts'
import { noteContentType } from './content-type.ts'
import { handleError, toRefusal } from './errors.ts'
import { requirePermission } from './permission.ts'
import { forbidden } from './refusal.ts'
import { responseSchemas } from './response-schemas.ts'
import { updateProfiles } from './update-profiles.ts'

type Route = { Body: { profiles: AddressedProfileUpdate[] } }

/** PATCH /profiles (S). */
export function updateProfilesRoute(app: FastifyInstance): void {
  app.route<Route>({
    method: updateProfilesOperation.method,
    url: updateProfilesOperation.path,
    schema: { body: updateProfilesOperation.body, response: responseSchemas(updateProfilesOperation) },
    validatorCompiler: () => validate,
    onRequest: requirePermission('updateSpecificProfile'),
    preParsing: noteContentType,
    errorHandler: answerInResults,
    handler: async (request) => {
      const { profiles } = request.body
      const { world, caller, violations } = signedInCall(request)
      const ids = new Set(profiles.map((item) => item.id))
      const outcome = await world.update(ids, (stored, directory) => updateProfiles(caller, profiles, stored, directory))
      if (outcome.refused !== undefined) throw forbidden(outcome.refused)
      violations.addAll(outcome.violations)
      return { results: outcome.results }
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

function validate(body: unknown) {
  const items = checkUpdateProfiles(body)
  return items.length === 0 ? { value: body } : { error: new BadItems(items) }
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
