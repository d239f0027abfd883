import type { Operation } from './operation.ts'
import {
  ownProfileOperation,
  profileOperation,
  profilesOperation,
  supersetRolesOperation,
} from './read-profiles.ts'
import { roleOperation, rolesOperation } from './read-roles.ts'
import { teamListOperation, teamTreeOperation } from './read-teams.ts'
import { documentOperation, healthOperation, versionOperation } from './service.ts'
import { updateProfileOperation } from './update-profile.ts'
import { updateProfilesOperation } from './update-profiles.ts'

/** Everything the mock answers below the base path. */
export const operations: readonly Operation[] = [
  updateProfilesOperation,
  profilesOperation,
  ownProfileOperation,
  profileOperation,
  updateProfileOperation,
  supersetRolesOperation,
  rolesOperation,
  roleOperation,
  teamListOperation,
  teamTreeOperation,
  healthOperation,
  versionOperation,
  documentOperation,
]
