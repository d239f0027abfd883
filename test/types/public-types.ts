/**
 * Held by the type-check alone: every line after an `@ts-expect-error` must not compile, all others must.
 * Nothing here is ever run.
 */
import Fastify from 'fastify'
import {
  type ArmedFault,
  type Control,
  type CreateMockOptions,
  createControlClient,
  createMock,
  type Drift,
  type DriftFinding,
  enneoMock,
  type Fault,
  generateSeed,
  type JournalEntry,
  type JournalMatch,
  type Mock,
  type MountOptions,
  type ProfileUpdate,
  type ScenarioName,
  type Seed,
  SeedError,
  SettingsError,
  type StoredProfile,
  type UpdateProfilesFaults,
  type UpdateProfilesResults,
  type VerifyReport,
} from '../../src/index.ts'

declare const mock: Mock

export const faults: Fault[] = [
  {},
  { status: 503, times: 2, after: 1, match: { method: 'PATCH', path: '/api/mind/profiles', userId: 1 } },
  { fault: 'CONNECTION_RESET_BY_PEER', phase: 'after-commit', delay: '200-800' },
  { fault: 'EMPTY_RESPONSE' },
  { fault: 'MALFORMED_RESPONSE_CHUNK', delay: 5 },
  { body: { anything: [1] }, headers: { 'Retry-After': '7' } },
  // @ts-expect-error no such key
  { staus: 503 },
  // @ts-expect-error a status is a number
  { status: '503' },
  // @ts-expect-error no such way to break a connection
  { fault: 'TIMEOUT' },
  // @ts-expect-error no such phase
  { status: 500, phase: 'later' },
  // @ts-expect-error a header is a text
  { headers: { 'retry-after': 7 } },
  // @ts-expect-error no such key to match by
  { match: { url: '/a' } },
  // @ts-expect-error a user is named by id
  { match: { userId: 'admin' } },
  // @ts-expect-error how often is a number
  { status: 500, times: 'always' },
]

export const names: ScenarioName[] = ['happy', 'empty', 'flaky', 'slow', 'rate-limited', 'auth-expired']
// @ts-expect-error no such scenario
export const noName: ScenarioName = 'sad'

export const seeds: Seed[] = [
  { personas: {}, roles: [], teams: [], profiles: [] },
  {
    personas: { boss: 1 },
    statusOptions: ['away'],
    supersetRoles: ['Admin'],
    roles: [{ id: 1, name: 'a', permissions: ['updateSpecificProfile'] }],
    teams: [{ id: 1, name: 'a', parent: null, settings: { roleId: 1, skills: { tagIds: [1] } } }],
    profiles: [
      { id: 1, type: 'enneo', rawData: { a: { b: 1 } }, settings: { status: 'away', teamIds: [1] } },
    ],
  },
  // @ts-expect-error profiles are missing
  { personas: {}, roles: [], teams: [] },
  // @ts-expect-error a persona is an id
  { personas: { boss: 'Max' }, roles: [], teams: [], profiles: [] },
  // @ts-expect-error a profile has settings
  { personas: {}, roles: [], teams: [], profiles: [{ id: 1 }] },
  // @ts-expect-error no password is ever kept
  { personas: {}, roles: [], teams: [], profiles: [{ id: 1, settings: {}, password: 'a' }] },
  // @ts-expect-error what is derived is not kept
  { personas: {}, roles: [], teams: [], profiles: [{ id: 1, settings: { actualRoleId: 1 } }] },
  // @ts-expect-error a parent is an id or null
  { personas: {}, roles: [], teams: [{ id: 1, name: 'a', parent: 'b', settings: {} }], profiles: [] },
  // @ts-expect-error permissions are a list of names
  { personas: {}, roles: [{ id: 1, name: 'a', permissions: 'all' }], teams: [], profiles: [] },
]

export const updates: ProfileUpdate[] = [
  { id: 1 },
  { id: 1, lang: 'de', password: 'a', image: 'YQ==', rawData: { a: 1 }, settings: null },
  { id: 1, settings: { status: 'busy', teamIds: [1], skills: { tagIds: [1], channels: [] } } },
  { id: 1, callRoutingStatus: 'idle', chatRoutingStatus: 'acw' },
  // @ts-expect-error an item says whom it is for
  { lang: 'de' },
  // @ts-expect-error an id is a number
  { id: '1' },
  // @ts-expect-error no such status
  { id: 1, settings: { status: 'sleeping' } },
  // @ts-expect-error team ids are a list
  { id: 1, settings: { teamIds: 1 } },
  // @ts-expect-error a language is a text
  { id: 1, lang: 5 },
  // @ts-expect-error no such key
  { id: 1, langauge: 'de' },
  // @ts-expect-error no such routing status
  { id: 1, callRoutingStatus: 'asleep' },
]

/** What `enneo-mock drift --json` prints. */
export const difference: DriftFinding = {
  path: 'components.schemas.AuthProfile.lang',
  alsoAt: [],
  kind: 'property-removed',
  breaking: true,
  mockDepends: true,
  file: 'schemas/auth-profile.ts',
  message: 'property removed: string',
  expected: 'string',
  got: null,
}
export const drifts: Drift[] = [
  { differences: [difference], notCompared: ['GET /roles'] },
  // @ts-expect-error no such kind
  { differences: [{ ...difference, kind: 'property-lost' }], notCompared: [] },
  // @ts-expect-error what was not compared is listed
  { differences: [] },
]

export const options: CreateMockOptions[] = [
  {},
  { port: 0, host: '127.0.0.1', auth: 'any', vendorRules: true, corsOrigin: ['https://a.example'] },
  { seed: './seed.json', watch: true },
  { seed: seeds[0] as Seed, listen: false, bodyLimit: 1024, logLevel: 'debug' },
  // @ts-expect-error no such setting
  { prot: 8005 },
  // @ts-expect-error no such mode
  { auth: 'none' },
  // @ts-expect-error a port is a number
  { port: '8005' },
  // @ts-expect-error a seed is a document or a path
  { seed: { profiles: [] } },
]

export const mounts: MountOptions[] = [
  { seed: './seed.json', adminApiToken: 'a', requireSandbox: true, maxSandboxes: 5, journalLimit: 2 ** 20 },
  // @ts-expect-error sign-in is always checked there
  { auth: 'off' },
  // @ts-expect-error the host listens
  { port: 1 },
]

export async function methods(): Promise<void> {
  const created: Mock = await createMock({ listen: false })
  const texts: string[] = [
    created.url,
    created.adminUrl,
    created.token('admin'),
    created.token(3, { expiresIn: -1 }),
    created.cookie('agent'),
  ]
  const answer: Response = await created.fetch(created.url)
  const { results = [] } = (await answer.json()) as UpdateProfilesResults
  const ids: (number | undefined)[] = results.map(({ id }) => id)
  const messages: (string | undefined)[] | undefined = (
    (await answer.json()) as UpdateProfilesFaults
  ).results?.map(({ message }) => message)
  const state: Seed = await created.state()
  const profile: StoredProfile = await created.profile(1)
  const armed: ArmedFault = await created.fault({ status: 500 })
  const counts: number = armed.matched + armed.injected + (await created.count({ status: 200 }))
  const entries: JournalEntry[] = await created.requests({ body: { profiles: [] } })
  const match: JournalMatch = { method: 'PATCH', userId: 1, violation: 'unknown-key' }
  const sandbox: Control = created.sandbox('a')
  await sandbox.scenario('flaky')
  await sandbox.delay('200-800')
  await created.delay(5)
  await created.snapshot()
  await created.restore('a')
  await created.resetAll()
  await created.assertNoViolations()
  await created.replaceState(await generateSeed({ profiles: 100 }))
  await created.close()
  const remote = createControlClient({ origin: 'http://localhost:8005', adminToken: 'a' })
  const remoteToken: string = await remote.token('admin')
  const refusals: Error[] = [new SettingsError('a'), new SeedError([])]
  await Fastify().register(enneoMock, { prefix: '/mock', jwtSecret: 'a' })
  void [texts, ids, messages, state, profile, counts, entries, match, remoteToken, refusals]

  // @ts-expect-error no such scenario
  await mock.scenario('sad')
  // @ts-expect-error no such key of a fault
  await mock.fault({ staus: 503 })
  // @ts-expect-error a delay is a number or a range
  await mock.delay({ from: 200, to: 800 })
  // @ts-expect-error no such criterion
  await mock.requests({ url: '/' })
  // @ts-expect-error a status is a number
  await mock.count({ status: '200' })
  // @ts-expect-error no whole seed
  await mock.replaceState({ profiles: [] })
  // @ts-expect-error whom to sign in is a name or an id
  mock.token({ userId: 1 })
  // @ts-expect-error how long is a number of seconds
  mock.token('admin', { expiresIn: '1h' })
  // @ts-expect-error a snapshot is named by text
  await mock.snapshot(1)
  // @ts-expect-error a sandbox has no sandboxes
  mock.sandbox('a').sandbox('b')
  // @ts-expect-error a sandbox is not closed by itself
  await mock.sandbox('a').close()
  // @ts-expect-error an origin is needed
  createControlClient({})
  // @ts-expect-error the token of another process has to be waited for
  const text: string = remote.token('admin')
  // @ts-expect-error an entry cannot be changed into anything
  const wrong: number = (await mock.requests())[0]?.path
  // @ts-expect-error no such option of the plugin
  await Fastify().register(enneoMock, { prefix: '/mock', port: 1 })
  // @ts-expect-error a seed has a size
  await generateSeed({})
  void [text, wrong]
}

export const differentIn = ({ cases, counts }: VerifyReport): string[] =>
  counts.different === 0
    ? []
    : cases.flatMap(({ name, verdict, differences = [] }) =>
        verdict === 'different'
          ? [name, ...differences.map(({ what, expected, got }) => what + expected + got)]
          : [],
      )
// @ts-expect-error no such verdict
export const noVerdict: VerifyReport['cases'][number]['verdict'] = 'skipped'
