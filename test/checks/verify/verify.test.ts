import t, { type Test } from 'tap'
import { developmentSecret } from '../../../src/start.ts'
import { caseFiles } from '../../support/cases.ts'
import {
  type Arrived,
  allCredentials,
  fullProfile,
  openTarget,
  seedWithProfiles,
  tokens,
  verifyHere,
} from '../../support/target.ts'

// Hundreds of cases, one after the other, on a busy machine.
t.setTimeout(180_000)

const full = await seedWithProfiles(fullProfile)
const enneo = await seedWithProfiles({ ...fullProfile, type: 'enneo' })

const secret = ['--jwt-secret', developmentSecret]
const write = (id: number, more: string[] = []) => [
  ...allCredentials,
  ...more,
  '--write',
  '--profile-id',
  `${id}`,
]

/**
 * Why cases are not applicable even where everything is given, and how many of them: a new case changes one line at
 * most, and none when it runs there.
 */
const neverApplicable: Record<string, number> = {
  'has an item for nobody, or for another profile': 39,
  'has items for several profiles': 21,
  'signs in as profile 12 of the default seed': 2,
  'signs in as profile 34 of the default seed': 3,
  'means something else with what this target holds': 10,
  'is on behalf of profile 12 of the default seed': 1,
  'has items in text that cannot be parsed': 4,
  'holds something that a lax server could take for another profile': 14,
  'has an item without an id, which is aimed at nobody': 3,
  'needs a target started with other settings': 90,
  'is about a path that is not documented': 16,
  'holds image: what was there before cannot be read, so not be put back': 8,
  'uses POST: only GET and PATCH are sent': 6,
  'holds password: what was there before cannot be read, so not be put back': 7,
  'holds settings.password: what was there before cannot be read, so not be put back': 4,
  'uses DELETE: only GET and PATCH are sent': 4,
  'uses PUT: only GET and PATCH are sent': 3,
  'uses OPTIONS: only GET and PATCH are sent': 3,
  'sends a query that is not documented': 9,
  'profile 5 has no nickname, which could not be taken away again': 2,
  'signs in as profile 20 of the default seed': 2,
  'profile 5 has no roleId, which could not be taken away again': 1,
  'profile 5 has no üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü1, which could not be taken away again': 1,
  'uses PROPFIND: only GET and PATCH are sent': 1,
  'profile 5 has no settings.lang, which could not be taken away again': 1,
  'profile 5 has no constructor, which could not be taken away again': 1,
  'changes a routing status alone, which is not put back': 47,
  'sends the header content-encoding': 6,
  'profile 5 has no note, which could not be taken away again': 1,
  'profile 5 has no settings.nickname, which could not be taken away again': 1,
  'profile 5 has no settings.skillPriorities, which could not be taken away again': 1,
}

const unknown = /^speaks of \$\w+, which is not known of this target$/
const items = /^has items: needs --write --profile-id <id>$/
const credentials = /^needs --token (\w+=)?<token>$/
const cookies = /^needs --cookie (\w+=)?<value>$/
const ownToken = /^makes a token of its own: needs --jwt-secret <secret>$/
const lacks = (id: number) => new RegExp(`^profile ${id} has no \\S+, which could not be taken away again$`)

/** For each run the reasons that come on top of these. */
const runs: [name: string, flags: string[], reasons: RegExp[], seed?: typeof full][] = [
  ['without anybody signed in', [], [items, credentials, cookies, ownToken, unknown]],
  ['with nothing but the secret of its tokens', secret, [items, credentials, cookies, unknown]],
  [
    'with the token of an agent',
    ['--token', `agent=${tokens.sign(3)}`],
    [items, credentials, cookies, ownToken, unknown],
  ],
  ['with every persona', allCredentials, [items, ownToken]],
  ['with the secret of its tokens', [...allCredentials, ...secret], [items]],
  ['writing profile 5', write(5), [ownToken, lacks(5)]],
  ['writing profile 7, with the secret', write(7, secret), [lacks(7)]],
  ['writing profile 12', write(12), [ownToken, lacks(12)]],
  ['writing profile 34, which has hardly any fields', write(34), [ownToken, lacks(34)]],
  ['writing an enneo user', write(5), [ownToken], enneo],
]

/** A run in which nothing is different and that leaves the state as it was; how often each reason was given. */
async function reasonsOf(t: Test, flags: string[], seed?: typeof full): Promise<Record<string, number>> {
  const { mock, base, arrived } = await openTarget(t, undefined, seed)
  const state = async () => (await mock.inject('/__admin/state')).json()
  const before = await state()
  const { code, problem, report } = await verifyHere(t, base, flags)
  t.strictSame(
    report.cases.filter(({ verdict }) => verdict === 'different'),
    [],
  )
  t.strictSame([code, problem], [0, ''])
  t.equal(report.cases.length, caseFiles.flatMap(({ cases }) => cases).length)
  t.strictSame(await state(), before)
  t.strictSame(
    arrived.filter((request) => !isHarmless(request) && !isAimed(request, Number(flags.at(-1)))),
    [],
    'every item names the profile that may be written',
  )
  const counts: Record<string, number> = {}
  for (const { verdict, reason = '' } of report.cases) {
    if (verdict === 'not applicable') counts[reason] = (counts[reason] ?? 0) + 1
  }
  return counts
}

/** A read, or an update without an id and without anything in a list. */
const isHarmless = ({ method, path, body }: Arrived) =>
  method === 'GET'
    ? body === ''
    : method === 'PATCH' && path === '/api/mind/profiles' && !/\d|"id"|\[\s*[^\s\]]/.test(body)

function isAimed({ method, path, body }: Arrived, id: number): boolean {
  if (method !== 'PATCH' || path === `/api/mind/profile/${id}`) return method === 'PATCH'
  const value = JSON.parse(body)
  const items: { id: unknown }[] = [value.profiles ?? value].flat()
  return /^\/api\/mind\/profiles\/?$/i.test(path) && items.every((item) => Number(item.id) === id)
}

t.test('a server that lets everything in gets nothing that could change anything', async (t) => {
  const { base, arrived } = await openTarget(t, (request, pass) =>
    request.method === 'GET'
      ? pass(request)
      : { status: 200, headers: { 'content-type': 'application/json' }, body: '{"results":[]}' },
  )
  t.equal((await verifyHere(t, base, allCredentials)).code, 1)
  t.ok(arrived.length > 200, `${arrived.length} requests`)
  const updates = arrived.filter(({ method }) => method === 'PATCH')
  t.ok(updates.length > 30, `${updates.length} of them updates`)
  t.strictSame(
    arrived.filter((request) => !isHarmless(request)),
    [],
  )
})

t.test('the mock itself, writing a profile that has every key, with the secret: all the same', async (t) => {
  t.strictSame(await reasonsOf(t, write(5, secret), full), neverApplicable)
})

for (const [name, flags, reasons, seed] of runs) {
  t.test(`the mock itself, ${name}: all the same, and the state as it was`, async (t) => {
    const others = Object.keys(await reasonsOf(t, flags, seed)).filter(
      (reason) => !(reason in neverApplicable),
    )
    t.strictSame(
      others.filter((reason) => !reasons.some((known) => known.test(reason))),
      [],
      'no case is left out for another reason',
    )
    t.strictSame(
      reasons.filter((known) => !others.some((reason) => known.test(reason))),
      [],
      'each of these reasons is given',
    )
  })
}
