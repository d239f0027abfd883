import type { CreateMockOptions, Mock } from './library/create-mock.ts'

export type { AuthProfile } from '../schemas/auth-profile.ts'
export type { CoverageReport, OperationCoverage } from '../schemas/coverage.ts'
export type { ArmedFault, Delay, Fault } from '../schemas/fault.ts'
export type { JournalDetail, JournalEntry, JournalMatch, Misfit, Violation } from '../schemas/journal.ts'
export type { MindProfile, ProfileSettings } from '../schemas/mind-profile.ts'
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
export type { Drift, DriftFinding } from './checks/drift/drift.ts'
export type { Report as VerifyReport } from './checks/verify/report.ts'
export type { Control, ControlClient, ControlOptions, TokenOptions, Who } from './library/control-client.ts'
export type { CreateMockOptions, Mock } from './library/create-mock.ts'
export type { MountOptions } from './library/mount.ts'
export type { SeedSize } from './seed/generate-seed.ts'

import * as library from './library/library.ts'

export { createControlClient, generateSeed, SeedError, SettingsError } from './library/library.ts'

/** The clock of whoever imports this, looked up at each call: a test may put another one in its place. */
const now = () => Date.now()

/**
 * A mock in this process: by default on a free port of loopback, on the built-in seed, and quiet. Resolves when it
 * listens. @throws {SettingsError} or {SeedError} for what cannot be used; rejects on a busy port; never ends the process
 */
export const createMock = (options?: CreateMockOptions): Promise<Mock> => library.createMock(options, now)

/**
 * The mock as a Fastify plugin: `app.register(enneoMock, { prefix: '/mock' })` answers at /mock/api/mind and
 * /mock/__admin. It lives in a scope of its own and leaves the host's parsers, hooks and errors alone.
 */
export const enneoMock = library.mountBy(now)
