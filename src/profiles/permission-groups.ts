/** [get-role.groups] The vendor's groups in their order (P), and which permission is in which (A, by name). */
const groups: readonly [label: string, permissions: readonly string[]][] = [
  [
    'Tickets',
    [
      'allowTicketCherryPicking',
      'customerSearch',
      'deleteTicket',
      'filterTicketsOfColleagues',
      'forwardTicket',
      'refreshAiAgents',
      'refreshCustomer',
      'refreshFull',
      'refreshText',
      'selectTicketOutsideRequiredSkills',
      'updateTechnicalTicketFields',
      'updateTicket',
    ],
  ],
  ['Conversations', ['allowedToSendReplies', 'createConversation']],
  ['Application of AI', ['executeIntent', 'updateIntent']],
  ['Template Management', ['manageTemplates']],
  ['Knowledge Base (Wiki) Management', []],
  ['Data and reports', ['analytics']],
  ['Tag Management', ['viewPrivateTags']],
  [
    'User Management',
    [
      'createApiToken',
      'createSpecificProfile',
      'deleteSpecificProfile',
      'exportUserProfiles',
      'manageServiceWorkers',
      'readAnyUserProfile',
      'readUserLastSeenDate',
      'readUserNamesOfNonTeamMates',
      'readUserStatus',
      'updateSpecificProfile',
      'updateSpecificProfileStatus',
    ],
  ],
  ['Team and Role Management', ['manageRoles', 'manageTeams', 'viewAllTeams']],
  ['AI Agent Management', ['createAiAgent', 'updateAiAgent']],
  ['AI Quality Control', []],
  ['Automatic ticket processing', ['executeAutoProcessing']],
  ['Settings', ['readSecretSettings', 'settingsUiOverview', 'updateClientSettings']],
  ['Quality Management', []],
  ['Apps', []],
  ['Partner Management', []],
  ['Neo Workbench', []],
  ['Other technical permissions', []],
]

const labelOf = new Map(groups.flatMap(([label, names]) => names.map((name) => [name, label] as const)))

const groupOf = (name: string) =>
  name.startsWith('updateUserProfile')
    ? 'User Management'
    : (labelOf.get(name) ?? 'Other technical permissions')

/** Permissions by group, in order; every group is there, with or without any. */
export function groupedPermissions(permissions: Iterable<string>): { label: string; names: string[] }[] {
  const names = [...new Set(permissions)].sort()
  return groups.map(([label]) => ({ label, names: names.filter((name) => groupOf(name) === label) }))
}
