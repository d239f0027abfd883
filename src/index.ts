export type { AuthProfile } from '../schemas/auth-profile.ts'
export type { CoverageReport, OperationCoverage } from '../schemas/coverage.ts'
export type { ArmedFault, Delay, Fault } from '../schemas/fault.ts'
export type { JournalDetail, JournalEntry, JournalMatch, Misfit, Violation } from '../schemas/journal.ts'
export type { MindProfile, Settings as ProfileSettings } from '../schemas/mind-profile.ts'
export type { ProfileView, SettingsView } from '../schemas/profile-view.ts'
export type { RefusalName } from '../schemas/refusals.ts'
export type { RoutingStatus } from '../schemas/routing-status.ts'
export type { ScenarioName } from '../schemas/scenario.ts'
export type { Role, Seed, StoredProfile, Team } from '../schemas/seed.ts'
export type {
  AddressedProfileUpdate as ProfileUpdate,
  UpdateProfilesFaults,
  UpdateProfilesResults,
} from '../schemas/update-profiles.ts'
export type { Difference, Drift } from './checks/drift/drift.ts'
export type { Report as VerifyReport } from './checks/verify/report.ts'
export {
  type Control,
  type ControlClient,
  type ControlOptions,
  createControlClient,
  type TokenOptions,
  type Who,
} from './library/control-client.ts'
export { type CreateMockOptions, createMock, type Mock } from './library/create-mock.ts'
export { enneoMock, type MountOptions } from './library/mount.ts'
export { generateSeed, type SeedSize } from './seed/generate-seed.ts'
export { SeedError } from './seed/seed.ts'
export { SettingsError } from './settings.ts'
