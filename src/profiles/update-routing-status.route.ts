import type { FastifyInstance } from 'fastify'
import {
  AddressedRoutingStatusUpdate,
  updateRoutingStatusesOperation,
  updateRoutingStatusOperation,
} from '../../schemas/update-routing-status.ts'
import type { Violations } from '../traffic/violations.ts'
import { andThen } from '../values/awaitable.ts'
import { answerInResults, BadItems } from './bad-items.ts'
import { changeProfiles, noteCommit, signedInCall } from './call.ts'
import type { Caller } from './caller.ts'
import { checkItem, checkUpdateProfiles } from './check-update-profiles.ts'
import { noteContentType } from './content-type.ts'
import { addOperation, idOf } from './operation-route.ts'
import { mayNotChange, requirePermissionForOthers } from './permission.ts'
import { refusal, unfit } from './refusal.ts'
import { objectIn } from './update-profile.route.ts'
import { idsOf } from './update-profiles.route.ts'
import { routingStatusItems, updateRoutingStatuses } from './update-routing-status.ts'
import { unknownKey } from './writable-fields.ts'

type Item = AddressedRoutingStatusUpdate

/** [update-routing-status.permission] Either is for others; the own status is free (P). */
const forOthers = ['updateSpecificProfile', 'updateSpecificProfileStatus'] as const

/** PATCH /profiles/routingStatus and /profile/{id}/routingStatus (P that they exist; A for all bodies). */
export function updateRoutingStatusRoutes(app: FastifyInstance): void {
  // [update-routing-statuses.results]
  addOperation(app, updateRoutingStatusesOperation, {
    onRequest: [noteContentType],
    preValidation: (request, _reply, done) => {
      requireOwn(signedInCall(request).caller, request.body)
      const bad = checkUpdateProfiles(request.body, routingStatusItems)
      if (bad.length > 0) throw new BadItems(bad)
      done()
    },
    errorHandler: answerInResults,
    handler: (request) => {
      const { profiles, ...unknown } = request.body as { profiles: Item[] }
      const { violations } = signedInCall(request)
      for (const key of Object.keys(unknown)) violations.add(unknownKey(key))
      noteUnknownKeys(profiles, violations)
      const updated = changeProfiles(request, idsOf(profiles), (stored, directory) =>
        updateRoutingStatuses(profiles, stored, directory),
      )
      return andThen(updated, ({ results, problems }) => {
        for (const problem of problems) violations.add(problem)
        noteCommit(request, results)
        return { results }
      })
    },
  })

  // [update-routing-status.success] [update-routing-status.enneo]
  addOperation(app, updateRoutingStatusOperation, {
    onRequest: [requirePermissionForOthers(...forOthers), noteContentType],
    preValidation: (request, _reply, done) => {
      const { caller } = signedInCall(request)
      const misfits = checkItem({ ...objectIn(request.body), id: caller.id }, '', routingStatusItems)
      if (misfits.length > 0) throw unfit('body-unfit', misfits)
      done()
    },
    handler: (request) => {
      const { violations } = signedInCall(request)
      const id = idOf(request)
      const item: Item = { ...(request.body as object), id }
      noteUnknownKeys([item], violations)
      const updated = changeProfiles(request, [id], (stored, directory) =>
        updateRoutingStatuses([item], stored, directory),
      )
      return andThen(updated, ({ results, problems: [problem] }) => {
        if (problem) violations.add(problem)
        if (problem?.rule === 'unknown-profile') throw refusal('not-found', problem.message)
        if (problem) throw refusal('not-current', problem.message)
        noteCommit(request, results)
        return { success: true }
      })
    },
  })
}

/** [update-routing-statuses.whole-call] One item for somebody else is enough for a 403 of the whole call (A). */
function requireOwn(caller: Caller, body: unknown): void {
  const profiles = (body as { profiles?: unknown } | null | undefined)?.profiles
  if (!Array.isArray(profiles)) return
  for (const [index, item] of profiles.entries()) {
    const id = (item as { id?: unknown } | null)?.id
    if (Number.isSafeInteger(id) && !caller.mayChange(id as number, ...forOthers))
      throw mayNotChange(caller, id as number, forOthers, index)
  }
}

function noteUnknownKeys(items: readonly Item[], violations: Violations): void {
  for (const [index, item] of items.entries()) {
    for (const key of Object.keys(item)) {
      if (Object.hasOwn(AddressedRoutingStatusUpdate.properties, key)) continue
      violations.add({ index, id: item.id, ...unknownKey(key) })
    }
  }
}
