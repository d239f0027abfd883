import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { createMock } from '../../src/library/create-mock.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { type Query, type SentCall, sentCall } from './arbitrary.ts'
import { createOracle, derived, type Expected, type Profile } from './oracle.ts'

/** How many calls, and with which numbers the first of them are made; `npm run fuzz` sends 200,000. */
const requests = Number(process.env.REQUESTS ?? 5000)
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
/** After so many the state begins anew, so that it stays near what a call is about. */
const round = 500

t.setTimeout(3_600_000)

const paths = {
  updateProfiles: () => '/profiles',
  updateRoutingStatuses: () => '/profiles/routingStatus',
  updateProfile: (id: number) => `/profile/${id}`,
  updateRoutingStatus: (id: number) => `/profile/${id}/routingStatus`,
}

function queryText(query: Query): string {
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const entry of value) text.append(`${name}[]`, String(entry))
    else text.append(name, String(value))
  }
  return text.toString()
}

/** Calls one after the other, with the state of the oracle beside that of the mock. */
async function disagreement(calls: readonly SentCall[]): Promise<string | undefined> {
  const document = await readSeed()
  const mock = await createMock({ listen: false, seed: document })
  const oracle = createOracle(document)
  const tokens = new Map<number, string>()
  const signedIn = (id: number) => {
    const token = tokens.get(id) ?? mock.token(id)
    tokens.set(id, token)
    return token
  }
  try {
    for (const [index, call] of calls.entries()) {
      const who = { caller: call.caller, behalf: call.behalf }
      const isKnown = oracle.profile(who.caller) && (who.behalf === undefined || oracle.profile(who.behalf))
      const send = async (method: string, path: string, body?: unknown) => {
        const answer = await mock.inject({
          method: method as 'GET',
          url: `/api/mind${path}`,
          headers: {
            authorization: `Bearer ${signedIn(call.caller)}`,
            'content-type': 'application/json',
            ...(call.behalf !== undefined && { 'x-enneo-on-behalf-of': String(call.behalf) }),
          },
          ...(body !== undefined && { payload: JSON.stringify(body) }),
        })
        return { status: answer.statusCode, body: answer.json() }
      }
      const differs = (what: string, got: unknown, wanted: unknown) =>
        isDeepStrictEqual(got, wanted)
          ? undefined
          : `call ${index} ${JSON.stringify(call)}: ${what} is ${JSON.stringify(got)}, the oracle says ${JSON.stringify(wanted)}`
      let found: string | undefined
      if (call.kind === 'find') {
        const { status, body } = await send('GET', `/profiles?${queryText(call.query)}`)
        const ids = body.profiles?.map(({ id }: Profile) => id)
        found = isKnown
          ? differs('the list', ids, oracle.find(call.query))
          : differs('the status', status, 401)
      } else if (call.kind === 'look') {
        const { status, body } = await send('GET', `/profile/${call.id}?${queryText(call.query)}`)
        const profile = oracle.profile(call.id)
        found = differs('the status', status, isKnown ? (profile ? 200 : 404) : 401)
        if (!found && status === 200 && profile) {
          const { forceInheritance, teamIds, includeRawData } = call.query
          const { rawData, settings, ...flat } = profile
          found = differs('the profile', body, {
            ...flat,
            ...(includeRawData === true && rawData !== undefined && { rawData }),
            settings: {
              ...settings,
              ...derived(profile, document, {
                force: forceInheritance === true,
                ...(teamIds !== undefined && { teamIds: teamIds as number[] }),
              }),
            },
          })
        }
      } else {
        const { status, body } = await send('PATCH', paths[call.kind]('id' in call ? call.id : 0), call.body)
        const wanted: Expected =
          'id' in call ? oracle[call.kind](who, call.id, call.body) : oracle[call.kind](who, call.body)
        found = differs('the status', status, wanted.status)
        const results = body.results?.map(({ message: _, ...entry }: { message?: string }) => entry)
        if (!found && wanted.results) found = differs('results', results, wanted.results)
        const { profiles } = (await mock.inject('/__admin/state')).json()
        found ??= differs('the state', profiles, JSON.parse(JSON.stringify(oracle.state())))
      }
      if (found) return found
    }
    return undefined
  } finally {
    await mock.close()
  }
}

t.test(`${requests} random calls are answered as the rules say (SEED=${seed})`, async (t) => {
  for (let done = 0; done < requests; done += round) {
    const count = Math.min(round, requests - done)
    const calls = fc.sample(sentCall, { seed: seed + done, numRuns: count })
    const found = await disagreement(calls)
    if (found) {
      t.fail(`SEED=${seed + done}: ${found}`)
      break
    }
  }
  t.pass('all of them')
})
