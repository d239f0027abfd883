import type { StoredSettings } from '../../schemas/seed.ts'
import type { Directory } from '../stores/directory.ts'
import type { ItemViolation } from '../traffic/violations.ts'
import type { Caller } from './caller.ts'

/** [vendor-rules.skills] Three keys share one permission (P; which three is our reading of "the three tag fields"). */
const sharedPermissions: Readonly<Record<string, string>> = {
  tagsOnRoute: 'updateUserProfileSkills',
  tagsOnEdit: 'updateUserProfileSkills',
}

/**
 * [vendor-rules.field-permission] The permission a settings key needs under `--vendor-rules`, such as
 * `updateUserProfileTeamIds` (P).
 */
export function permissionFor(key: string): string {
  return sharedPermissions[key] ?? `updateUserProfile${key.charAt(0).toUpperCase()}${key.slice(1)}`
}

/** What an item may not do beyond the published contract: per-field permissions and the role ceiling (P). */
export function vendorRuleBreaches(
  caller: Caller,
  settings: Partial<StoredSettings>,
  directory: Directory,
): ItemViolation[] {
  const breaches: ItemViolation[] = Object.keys(settings)
    .filter((key) => !caller.holds(permissionFor(key)))
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
