import type { Kind } from './kinds.ts'

/** The file that holds an operation, by the vendor's operation id. */
export const operationFiles: Readonly<Record<string, string>> = {
  bulkUpdateSpecificProfiles: 'schemas/update-profiles.ts',
  updateSpecificProfile: 'schemas/update-profile.ts',
  bulkUpdateRoutingStatus: 'schemas/update-routing-status.ts',
  updateRoutingStatus: 'schemas/update-routing-status.ts',
  getProfile: 'schemas/read-profiles.ts',
  getSpecificProfile: 'schemas/read-profiles.ts',
  getProfiles: 'schemas/read-profiles.ts',
  getSupersetRoles: 'schemas/read-profiles.ts',
  getRoles: 'schemas/read-roles.ts',
  getRole: 'schemas/read-roles.ts',
  getTeamList: 'schemas/read-teams.ts',
  getTeamTree: 'schemas/read-teams.ts',
  getTeam: 'schemas/read-teams.ts',
  getTags: 'schemas/read-tags.ts',
  getTagTree: 'schemas/read-tags.ts',
  getTag: 'schemas/read-tags.ts',
  getTimeTrackingStatusOptions: 'schemas/read-choices.ts',
  getSubchannels: 'schemas/read-choices.ts',
  getHealth: 'schemas/service.ts',
  getVersion: 'schemas/service.ts',
  getOpenApiDocument: 'schemas/service.ts',
}

/** The file that holds a component. */
export const componentFiles: Readonly<Record<string, string>> = {
  MindProfile: 'schemas/mind-profile.ts',
  AuthProfile: 'schemas/auth-profile.ts',
  RoutingStatus: 'schemas/routing-status.ts',
}

/** The file to change first where it is not the one of the schema. */
export const filesOfKinds: Readonly<Partial<Record<Kind, string>>> = {
  'path-added': 'schemas/operations.ts',
  'operation-added': 'schemas/operations.ts',
  'read-only-changed': 'schemas/read-only.ts',
  'security-changed': 'src/profiles/authentication.ts',
  // The published `oneOf` is made here from what is meant; docs/decisions/published-oneof.md.
  'composition-changed': 'src/contract/json-schema.ts',
}

/** The file of this project to change first. */
export function fileToChange(kind: Kind, path: string, operationId: unknown): string {
  const [, component] = /^components\.schemas\.(\w+)/.exec(path) ?? []
  return (
    filesOfKinds[kind] ??
    entryOf(componentFiles, component) ??
    entryOf(operationFiles, operationId) ??
    'schemas/operations.ts'
  )
}

/** A document may call a thing `constructor`. */
const entryOf = (files: Readonly<Record<string, string>>, name: unknown) =>
  typeof name === 'string' && Object.hasOwn(files, name) ? files[name] : undefined
