import type { StoredProfile } from '../../schemas/seed.ts'
import {
  AddressedRoutingStatusUpdate,
  type AddressedRoutingStatusUpdate as Item,
} from '../../schemas/update-routing-status.ts'
import type { Directory } from '../stores/directory.ts'
import type { Revision, StoredProfiles } from '../stores/profile-store.ts'
import type { ItemViolation } from '../traffic/violations.ts'
import { createValidator, type Misfit, type Validator } from '../values/validation.ts'
import { type ItemResult, missing } from './update-profiles.ts'

/** What became of each item, and why some failed. */
export type RoutingStatusOutcome = {
  results: readonly ItemResult[]
  problems: readonly (ItemViolation & { index: number; id: number })[]
}

/** New routing statuses, each item on its own and in request order (P that there is such a call). */
export function updateRoutingStatuses(
  items: readonly Item[],
  stored: StoredProfiles,
  directory: Directory,
): Revision<RoutingStatusOutcome> {
  const changed = new Map<number, StoredProfile>()
  const problems: (ItemViolation & { index: number; id: number })[] = []
  const results = items.map((item, index) => {
    const { id } = item
    const profile = changed.get(id) ?? stored.get(id)
    const problem = profile ? notCurrent(item, profile) : missing('id', 'profile', id)
    if (profile && !problem) changed.set(id, withRoutingStatus(profile, item, directory))
    if (problem) problems.push({ index, id, ...problem })
    return { id, success: !problem }
  })
  return { changed: [...changed.values()], result: { results, problems } }
}

/** [update-routing-status.if-current] (P) */
function notCurrent({ ifCurrent }: Item, { settings }: StoredProfile): ItemViolation | undefined {
  const { callRoutingStatus: now = 'not set' } = settings
  if (ifCurrent === undefined || ifCurrent === now) return undefined
  return {
    path: 'ifCurrent',
    rule: 'not-current',
    message: `callRoutingStatus is ${now} and not ${ifCurrent}`,
    expected: now,
    got: ifCurrent,
  }
}

function withRoutingStatus(
  profile: StoredProfile,
  { callRoutingStatus, chatRoutingStatus }: Item,
  directory: Directory,
): StoredProfile {
  const { settings } = profile
  const option = directory.statusOptions.get(settings.status ?? '')
  // [update-routing-status.idle] Nobody is told (P). A status that is on no list stands in nobody's way
  // [update-routing-status.idle-without-status].
  const eligible = <S extends string>(status: S, isAvailable: boolean | undefined) =>
    status === 'idle' && option && !isAvailable ? 'unavailable' : status
  return {
    ...profile,
    settings: {
      ...settings,
      ...(callRoutingStatus && {
        callRoutingStatus: eligible(callRoutingStatus, option?.availableForCalls),
      }),
      ...(chatRoutingStatus && {
        chatRoutingStatus: eligible(chatRoutingStatus, option?.availableForChats),
      }),
    },
  }
}

const shape = createValidator(AddressedRoutingStatusUpdate)

/** [update-routing-status.required] Items by their schema, and with a status to set: `ifCurrent` alone is no change (P). */
export const routingStatusItems: Validator = {
  accepts: (item) => shape.accepts(item) && !lacksStatus(item as Item),
  faults: function* (item, at) {
    yield* shape.faults(item, at)
    if (shape.accepts(item) && lacksStatus(item as Item)) yield statusMissing(item as Item, at)
  },
}

const lacksStatus = ({ callRoutingStatus, chatRoutingStatus, ifCurrent }: Item) =>
  callRoutingStatus === undefined && (chatRoutingStatus === undefined || ifCurrent !== undefined)

function statusMissing({ ifCurrent }: Item, at: string): Misfit {
  const path = `${at}.callRoutingStatus`.replace(/^\./, '')
  const message =
    ifCurrent === undefined
      ? `${path} or chatRoutingStatus is required`
      : `${path} is required with ifCurrent`
  return { path, message, expected: 'a routing status', got: 'nothing' }
}
