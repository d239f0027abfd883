import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Seed } from '../../schemas/seed.ts'
import { createTokens } from '../../src/http/tokens.ts'
import { startCommand } from '../support/command.ts'
import { noPostgres, postgresPrograms, startPostgres } from '../support/postgres.ts'

/** How often each engine's process is killed; `npm run test:stores` does it 30 times. */
const kills = Number(process.env.KILLS ?? 2)
const bulks = 200
const ids = Array.from({ length: 20 }, (_, index) => index + 5)
const secret = 'killed'
const authorization = `Bearer ${(await createTokens(secret, Date.now)).sign(1)}`

/** Two keys of `rawData` for each bulk, so that an item of which only a part is there can be told. */
const keysOf = (bulk: string) => [`${bulk}-a`, `${bulk}-b`]
const bodyOf = (bulk: string) =>
  JSON.stringify({
    profiles: ids.map((id) => ({ id, rawData: Object.fromEntries(keysOf(bulk).map((key) => [key, id])) })),
  })

/** Kills the process in the middle of so many bulks at once. Resolves with those that were answered. */
async function killDuringBulks(t: Test, store: string, round: number): Promise<Set<string>> {
  const {
    process: child,
    origin,
    finished,
  } = await startCommand(t, ['--store', store, '--jwt-secret', secret])
  const answered = new Set<string>()
  const killAfter = 1 + ((round * 37) % 120)
  const send = async (bulk: string) => {
    const init = { method: 'PATCH', headers: { authorization }, body: bodyOf(bulk) }
    const answer = await fetch(`${origin}/api/mind/profiles`, init)
    if (answer.status === 200) answered.add(bulk)
    if (answered.size === killAfter) child.kill('SIGKILL')
  }
  const names = Array.from({ length: bulks }, (_, index) => `${round}-${index}`)
  await Promise.allSettled(names.map(send))
  child.kill('SIGKILL')
  await finished
  t.ok(answered.size >= killAfter && answered.size < bulks, `${answered.size} of ${bulks} were answered`)
  return answered
}

async function killAgainAndAgain(t: Test, store: string): Promise<void> {
  for (let round = 1; round <= kills; round += 1) {
    const answered = await killDuringBulks(t, store, round)
    const {
      process: child,
      origin,
      finished,
    } = await startCommand(t, ['--store', store, '--jwt-secret', secret])
    const { profiles } = (await (await fetch(`${origin}/__admin/state`)).json()) as Seed
    const lost: string[] = []
    for (let index = 0; index < bulks; index += 1) {
      const bulk = `${round}-${index}`
      const found = ids.map((id) => {
        const rawData = profiles.find((profile) => profile.id === id)?.rawData ?? {}
        return keysOf(bulk).filter((key) => rawData[key] === id).length
      })
      const [first] = found
      const isWhole = found.every((count) => count === first) && first !== 1
      if (!isWhole || (answered.has(bulk) && first !== 2)) lost.push(`${bulk}: ${found}`)
    }
    t.strictSame(lost, [], `kill ${round}: nothing is lost or there in part`)
    child.kill()
    await finished
  }
}

// [store.answered]
t.test('what PGlite answered is there after kill -9', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'enneo-mock-killed-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  await killAgainAndAgain(t, `pglite:${folder}/data`)
})

const programs = postgresPrograms()
t.test(
  'what was answered on PostgreSQL is there after kill -9 of the mock',
  { skip: programs === undefined && noPostgres },
  async (t) => {
    const server = await startPostgres(programs as string)
    t.teardown(() => server.stop())
    await killAgainAndAgain(t, server.url)
  },
)
