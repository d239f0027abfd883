import type { Operation } from './operation.ts'
import { statusOptionsOperation, subchannelsOperation } from './read-choices.ts'
import {
  ownProfileOperation,
  profileOperation,
  profilesOperation,
  supersetRolesOperation,
} from './read-profiles.ts'
import { roleOperation, rolesOperation } from './read-roles.ts'
import { tagOperation, tagsOperation, tagTreeOperation } from './read-tags.ts'
import { teamListOperation, teamOperation, teamTreeOperation } from './read-teams.ts'
import { documentOperation, healthOperation, versionOperation } from './service.ts'
import { updateProfileOperation } from './update-profile.ts'
import { updateProfilesOperation } from './update-profiles.ts'
import { updateRoutingStatusesOperation, updateRoutingStatusOperation } from './update-routing-status.ts'

/** Everything the mock answers below the base path; a path without an id stands before one that it would fit. */
export const operations: readonly Operation[] = [
  updateProfilesOperation,
  updateRoutingStatusesOperation,
  profilesOperation,
  ownProfileOperation,
  statusOptionsOperation,
  profileOperation,
  updateProfileOperation,
  updateRoutingStatusOperation,
  supersetRolesOperation,
  rolesOperation,
  roleOperation,
  teamListOperation,
  teamTreeOperation,
  teamOperation,
  tagsOperation,
  tagTreeOperation,
  tagOperation,
  subchannelsOperation,
  healthOperation,
  versionOperation,
  documentOperation,
]
