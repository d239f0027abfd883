import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import type { CaseFile } from '../../src/checks/cases.ts'
import { callersOf } from '../../src/checks/verify/flags.ts'
import { reportText } from '../../src/checks/verify/report.ts'
import { run } from '../../src/checks/verify/run.ts'
import { basePath } from '../../src/http/paths.ts'
import { createTokens } from '../../src/http/tokens.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { developmentSecret } from '../../src/start.ts'
import { openStore } from '../../src/stores/open-store.ts'
import { type Case, caseFiles } from './cases.ts'
import { createTestMock } from './mock.ts'

/** A request as it arrived; the path is the whole one. */
export type Arrived = { method: string; path: string; headers: IncomingHttpHeaders; body: string }
/** `status: 0` hangs up without an answer. */
export type Given = { status: number; headers: Record<string, string>; body: string }
/** What a wrong server does with a request; `pass` is what the mock would do with it. */
export type Alter = (
  request: Arrived,
  pass: (request: Arrived) => Promise<Given>,
  mock: FastifyInstance,
) => Promise<Given> | Given

/** A profile that has every documented key, so that whatever a case writes can be put back. */
export const fullProfile: StoredProfile = {
  id: 5,
  firstName: 'Jürgen',
  lastName: 'Müller',
  email: 'juergen.mueller@stadtwerke.example',
  phone: '+49 30 23125 105',
  lastSeen: '2026-11-20 09:02:17',
  type: 'user',
  isSsoOnly: 0,
  lang: 'de',
  nameAlias: 'Jupp',
  externalId: 'EMP-10005',
  rawData: { costCenter: '4711', hr: { contract: 'full-time', since: '2016-02-01' } },
  settings: {
    roleId: 2,
    status: 'available',
    supersetRole: 'Alpha',
    teamIds: [2],
    inheritTeamSettings: false,
    isPersonalFilters: false,
    skills: { tagIds: [11], channels: ['phone'] },
    ticketsFilters: { groups: [4], intents: ['x'], tagIds: [31], personalQueue: false, onlyIntents: false },
    limitTicketBacklogAccess: false,
    ticketBacklogRequiredTagIds: [31],
    tagsOnRoute: [91],
    tagsOnEdit: [93],
    nameReports: 'Rote Beete',
    callRoutingStatus: 'idle',
    chatRoutingStatus: 'idle',
  },
}

/** The default seed with other profiles in place of those of the same ids. */
export async function seedWithProfiles(...others: StoredProfile[]): Promise<Seed> {
  const seed = await readSeed()
  const profiles = seed.profiles.map((profile) => others.find(({ id }) => id === profile.id) ?? profile)
  return { ...seed, profiles }
}

export const tokens = await createTokens(developmentSecret, Date.now)

type Target = {
  mock: FastifyInstance
  origin: string
  base: string
  arrived: Arrived[]
  /** From now on nobody answers there. */
  close: () => void
}

/** A server that listens, with a mock behind it; it tells what arrived. */
export async function openTarget(
  t: Test,
  alter: Alter = (request, pass) => pass(request),
  seed?: Seed,
): Promise<Target> {
  const mock = await createTestMock({}, seed ? { store: await openStore(seed) } : {})
  const arrived: Arrived[] = []
  const pass = async ({ method, path, headers, body }: Arrived): Promise<Given> => {
    const { 'content-length': _length, 'transfer-encoding': _encoding, ...others } = headers
    const answer = await mock.inject({
      method: method as 'GET',
      url: path,
      headers: others,
      ...(body !== '' && { body }),
    })
    const kept = Object.entries(answer.headers).filter(
      ([name]) => !/^(content-length|date|connection)$/.test(name),
    )
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
      body: answer.body,
    }
  }
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming
    const request = { method, path: url, headers, body: await text(incoming) }
    arrived.push(request)
    const answer = await alter(request, pass, mock)
    if (answer.status === 0) outgoing.destroy()
    else outgoing.writeHead(answer.status, answer.headers).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  t.teardown(async () => {
    close()
    await mock.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { mock, origin, base: origin + basePath, arrived, close }
}

/** Flags that sign in as each persona by token and by cookie. */
export const allCredentials = Object.entries({ admin: 1, manager: 2, agent: 3, service: 4 }).flatMap(
  ([persona, id]) => [
    '--token',
    `${persona}=${tokens.sign(id)}`,
    '--cookie',
    `${persona}=${tokens.sign(id)}`,
  ],
)

/** Whether a case is among those of a run. */
export type IsWanted = (example: Case, file: string) => boolean

export const casesOf = (isWanted: IsWanted): CaseFile[] =>
  caseFiles.map(({ name, cases }) => ({ name, cases: cases.filter((one) => isWanted(one, name)) }))

/** The command without its pauses, on the cases that are wanted: the report, as it is printed both ways, and how it ends. */
export async function verifyHere(
  t: Test,
  base: string,
  args: readonly string[],
  isWanted: IsWanted = () => true,
) {
  const given = (flag: string) => args.filter((_, index) => args[index - 1] === flag)
  const [secret] = given('--jwt-secret')
  const [profileId] = given('--profile-id')
  const printed = t.capture(console, 'log', () => {})
  const report = await run({
    target: base,
    readCases: async () => casesOf(isWanted),
    callers: await callersOf({ token: given('--token'), cookie: given('--cookie') }),
    secret,
    profileId: profileId === undefined ? undefined : Number(profileId),
    isJson: true,
    wait: async () => {},
  }).finally(printed.restore)
  const { problem = '', counts } = report
  const json = String(printed()[0]?.args[0])
  return { code: problem ? 2 : counts.different > 0 ? 1 : 0, problem, report, json, text: reportText(report) }
}

/** The cases of a file. */
export const inFile =
  (...files: string[]): IsWanted =>
  (_, file) =>
    files.includes(file)

/** Cases that write each field of the profile. */
export const ofFields = inFile('update-profiles-fields-accepted')
