import type { StoredProfile } from '../../schemas/seed.ts'
import type { AddressedProfileUpdate, UpdateProfilesResults } from '../../schemas/update-profiles.ts'
import type { Directory } from '../stores/directory.ts'
import type { Revision } from '../stores/profile-store.ts'
import { createViolations, type Violation, type Violations } from '../traffic/violations.ts'
import type { Caller } from './caller.ts'
import { mergePatch } from './merge-patch.ts'
import { writableFields } from './writable-fields.ts'

/** What a bulk update comes to: refused as a whole, or one result per item in request order. */
export type UpdateOutcome =
  | { refused: string }
  | { refused?: never; results: UpdateProfilesResults['results']; violations: Violations }

/** The rules of PATCH /profiles, after sign-in, permission and validation (BEHAVIOUR: one request, steps 7 to 9). */
export function updateProfiles(
  caller: Caller,
  items: readonly AddressedProfileUpdate[],
  stored: ReadonlyMap<number, StoredProfile>,
  directory: Directory,
): Revision<UpdateOutcome> {
  const enneoTarget = items.find((item) => stored.get(item.id)?.type === 'enneo')
  if (enneoTarget && !caller.holds('enneoAdmin')) {
    const refused = `profile ${enneoTarget.id} is an enneo user, and ${caller.description} does not hold enneoAdmin`
    return { changed: [], result: { refused } }
  }

  const changed = new Map<number, StoredProfile>()
  const violations = createViolations()
  const results = items.map((item, index) => {
    const { id } = item
    const note = (entry: ItemViolation) => violations.add({ index, id, ...entry })
    const profile = changed.get(id) ?? stored.get(id)
    if (!profile) {
      note({ path: 'id', rule: 'unknown-profile', message: `there is no profile ${id}` })
      return { id, success: false }
    }
    const { updated, ignored, problems } = updateProfile(profile, item, directory)
    ignored.forEach(note)
    problems.forEach(note)
    if (problems.length > 0) return { id, success: false }
    changed.set(id, updated)
    return { id, success: true }
  })
  return { changed: [...changed.values()], result: { results, violations } }
}

export type ItemViolation = Pick<Violation, 'path' | 'rule' | 'message'>

/** One profile after one item. With `problems` the item fails whole; `ignored` keys do not stop it. */
export function updateProfile(
  profile: StoredProfile,
  item: AddressedProfileUpdate,
  directory: Directory,
): { updated: StoredProfile; ignored: ItemViolation[]; problems: ItemViolation[] } {
  const { fields, ignored } = writableFields(item)
  const patch = withRoutingStatusInSettings(fields)
  return {
    updated: mergePatch(profile, patch) as StoredProfile,
    ignored: ignored.map(({ path, rule }) => ({
      path,
      rule,
      message: rule === 'read-only' ? `${path} cannot be written and was ignored` : `${path} is not documented and was ignored`,
    })),
    problems: missingReferences(patch.settings ?? {}, directory),
  }
}

type Patch = { settings?: Partial<StoredProfile['settings']> }

/** The same value stands at two places; it is kept under `settings`, and the top level wins (A). */
function withRoutingStatusInSettings(fields: Record<string, unknown>): Patch {
  const { callRoutingStatus, chatRoutingStatus, ...patch } = fields
  if (callRoutingStatus === undefined && chatRoutingStatus === undefined) return patch
  const settings = { ...(patch.settings as object | undefined) }
  if (callRoutingStatus !== undefined) Object.assign(settings, { callRoutingStatus })
  if (chatRoutingStatus !== undefined) Object.assign(settings, { chatRoutingStatus })
  return { ...patch, settings }
}

/** A role or team that does not exist fails the item (A). */
function missingReferences({ roleId, teamIds = [] }: Partial<StoredProfile['settings']>, directory: Directory): ItemViolation[] {
  const problems: ItemViolation[] = []
  if (roleId !== undefined && !directory.roles.has(roleId)) {
    problems.push({ path: 'settings.roleId', rule: 'unknown-role', message: `there is no role ${roleId}` })
  }
  const unknown = teamIds.find((teamId) => !directory.teams.has(teamId))
  if (unknown !== undefined) {
    problems.push({ path: 'settings.teamIds', rule: 'unknown-team', message: `there is no team ${unknown}` })
  }
  return problems
}
