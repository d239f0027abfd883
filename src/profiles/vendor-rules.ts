import type { StoredSettings } from '../../schemas/seed.ts'
import type { Directory } from '../stores/directory.ts'
import type { ItemViolation } from '../traffic/violations.ts'
import type { Caller } from './caller.ts'

/** [vendor-rules.skills] One permission for all that is made of tags (P; A which keys "the three tag fields" are). */
const sharedPermissions: Readonly<Record<string, string>> = {
  tagsOnRoute: 'updateUserProfileSkills',
  tagsOnEdit: 'updateUserProfileSkills',
  excludedTagIds: 'updateUserProfileSkills',
  skillPriorities: 'updateUserProfileSkills',
}

/** The permission a settings key needs where each needs one, such as `updateUserProfileTeamIds` (P). */
export function permissionFor(key: string): string {
  return sharedPermissions[key] ?? `updateUserProfile${key.charAt(0).toUpperCase()}${key.slice(1)}`
}

/** [update-profile.own-settings] Settings that everybody may change of the own profile (P for status and routing status). */
const freeOfOwn: ReadonlySet<string> = new Set(['status', 'callRoutingStatus', 'chatRoutingStatus'])

/**
 * Whether a caller may write a settings key, by its permission or by one that stands for it; for a caller's own profile,
 * if `ownId` says that it may be, some are free.
 */
export function mayWriteSetting(caller: Caller, key: string, ownId?: number, ...instead: string[]): boolean {
  const permissions = [permissionFor(key), ...instead]
  return ownId !== undefined && freeOfOwn.has(key)
    ? caller.mayChange(ownId, ...permissions)
    : caller.holds(...permissions)
}

/** What an item may not do beyond the published contract: per-field permissions and the role ceiling (P). */
export function vendorRuleBreaches(
  caller: Caller,
  settings: Partial<StoredSettings>,
  directory: Directory,
  ownId?: number,
): ItemViolation[] {
  // [vendor-rules.field-permission]
  const breaches: ItemViolation[] = Object.keys(settings)
    .filter((key) => !mayWriteSetting(caller, key, ownId))
    .map((key) => ({
      path: `settings.${key}`,
      rule: 'field-permission',
      message: `${caller.description} does not hold ${permissionFor(key)}`,
      expected: `a caller who holds ${permissionFor(key)}`,
      got: caller.description,
    }))
  // [vendor-rules.role-ceiling] [vendor-rules.role-in-force]
  const role = settings.roleId === undefined ? undefined : directory.roles.get(settings.roleId)
  if (role && role.permissions.size > caller.roleSize) {
    breaches.push({
      path: 'settings.roleId',
      rule: 'role-ceiling',
      message: `the role ${role.name} has more permissions than that of ${caller.description}`,
      expected: `a role of at most ${caller.roleSize} permissions`,
      got: `${role.name} with ${role.permissions.size}`,
    })
  }
  return breaches
}
