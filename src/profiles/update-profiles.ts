import type { StoredProfile, StoredSettings } from '../../schemas/seed.ts'
import type { AddressedProfileUpdate } from '../../schemas/update-profiles.ts'
import type { Directory } from '../stores/directory.ts'
import type { Revision } from '../stores/profile-store.ts'
import { type ItemViolation, Violations } from '../traffic/violations.ts'
import type { Caller } from './caller.ts'
import { mergePatch } from './merge-patch.ts'
import { vendorRuleBreaches } from './vendor-rules.ts'
import { writableFields } from './writable-fields.ts'

/** Who asks, and by which rules. */
export type UpdateContext = { caller: Caller; vendorRules: boolean }

/** What became of one item: it was applied, or failed whole because of the problems. */
export type ItemOutcome = { id: number; problems: readonly ItemViolation[] }

/** What a bulk update comes to: refused as a whole, or one outcome per item in request order. */
export type UpdateOutcome =
  | { refused: string }
  | { refused?: never; items: readonly ItemOutcome[]; violations: Violations }

/** The rules of an update, after sign-in, permission and validation (BEHAVIOUR: one request, steps 7 and 8). */
export function updateProfiles(
  context: UpdateContext,
  items: readonly AddressedProfileUpdate[],
  stored: ReadonlyMap<number, StoredProfile>,
  directory: Directory,
): Revision<UpdateOutcome> {
  const { caller } = context
  const enneoTarget = items.find((item) => stored.get(item.id)?.type === 'enneo')
  if (enneoTarget && !caller.holds('enneoAdmin')) {
    const refused = `profile ${enneoTarget.id} is an enneo user, and ${caller.description} does not hold enneoAdmin`
    return { changed: [], result: { refused } }
  }

  const changed = new Map<number, StoredProfile>()
  const violations = new Violations()
  const outcomes = items.map((item, index) => {
    const { id } = item
    const { updated, ignored, problems } = updateProfile(
      context,
      changed.get(id) ?? stored.get(id),
      item,
      directory,
    )
    for (const entry of ignored) violations.add({ index, id, ...entry })
    for (const problem of problems) violations.add({ index, id, ...problem })
    if (updated) changed.set(id, updated)
    return { id, problems }
  })
  return { changed: [...changed.values()], result: { items: outcomes, violations } }
}

/** One profile after one item, or the problems that stop it; `ignored` keys do not. */
function updateProfile(
  { caller, vendorRules }: UpdateContext,
  profile: StoredProfile | undefined,
  item: AddressedProfileUpdate,
  directory: Directory,
): { updated?: StoredProfile; ignored: readonly ItemViolation[]; problems: readonly ItemViolation[] } {
  if (!profile) {
    return { ignored: [], problems: [missing('id', 'profile', item.id)] }
  }
  const { fields, ignored } = writableFields(item)
  const patch = withRoutingStatusInSettings(fields)
  const { settings = {} } = patch
  const problems = missingReferences(settings, directory)
  if (vendorRules) problems.push(...vendorRuleBreaches(caller, settings, directory))
  if (problems.length > 0) return { ignored, problems }
  return { updated: mergePatch(profile, patch) as StoredProfile, ignored, problems }
}

type Patch = { settings?: Partial<StoredSettings> }

/** The same value stands at two places; it is kept under `settings`, and the top level wins (A). */
function withRoutingStatusInSettings(fields: Record<string, unknown>): Patch {
  if (fields.callRoutingStatus === undefined && fields.chatRoutingStatus === undefined) return fields
  const { callRoutingStatus, chatRoutingStatus, ...patch } = fields
  const settings = { ...(patch.settings as object | undefined) }
  if (callRoutingStatus !== undefined) Object.assign(settings, { callRoutingStatus })
  if (chatRoutingStatus !== undefined) Object.assign(settings, { chatRoutingStatus })
  return { ...patch, settings }
}

/** A role or team that does not exist fails the item (A). */
function missingReferences(
  { roleId, teamIds }: Partial<StoredSettings>,
  directory: Directory,
): ItemViolation[] {
  const problems: ItemViolation[] = []
  if (roleId !== undefined && !directory.roles.has(roleId)) {
    problems.push(missing('settings.roleId', 'role', roleId))
  }
  const unknown = teamIds?.find((teamId) => !directory.teams.has(teamId))
  if (unknown !== undefined) {
    problems.push(missing('settings.teamIds', 'team', unknown))
  }
  return problems
}

const missing = (path: string, what: 'profile' | 'role' | 'team', id: number): ItemViolation => ({
  path,
  rule: `unknown-${what}`,
  message: `there is no ${what} ${id}`,
  expected: `the id of a ${what}`,
  got: String(id),
})
