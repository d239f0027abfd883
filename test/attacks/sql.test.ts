import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { createMock, type Mock } from '../../src/library/create-mock.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { noPostgres, postgresPrograms, startPostgres } from '../support/postgres.ts'

const texts = [
  "'; drop schema enneo_mock cascade; --",
  "' or '1'='1",
  "\\'; delete from enneo_mock.profiles; --",
  '$$; delete from enneo_mock.worlds; $$',
  '$1',
  '%',
  '_',
  '\\',
  '"',
  "E'\\\\x00'",
  '{1,2}',
  '{"a","b"}',
  '\u0000',
  '\ud800',
  'ʼ; select pg_sleep(10); --',
]

const seed = await readSeed()

/** Every place where a text can get to the store; all of them through its answers. */
async function sendEverywhere(mock: Mock): Promise<unknown[]> {
  const seen: unknown[] = []
  const headers = { authorization: `Bearer ${mock.token('admin')}` }
  const send = async (method: string, url: string, body?: unknown) => {
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const answer = await mock.fetch(url, init)
    const text = await answer.text()
    seen.push([method, new URL(url).pathname, answer.status, /requests|health/.test(url) ? '' : text])
  }
  for (const text of texts) {
    const encoded = encodeURIComponent(Buffer.from(text).toString())
    const item = { id: 5, firstName: text, nameAlias: text, externalId: text, rawData: { [text]: [text] } }
    const settings = { supersetRole: text, nameReports: text, skills: { channels: [text] } }
    await send('PATCH', `${mock.url}/profiles`, { profiles: [{ ...item, settings }] })
    await send('PATCH', `${mock.url}/profile/6`, { lastName: text, rawData: { a: { [text]: text } } })
    await send('GET', `${mock.url}/profile/5?includeRawData=true`)
    for (const key of ['q', 'channels', 'show', 'lastSeen', 'userIds[]', 'teamIds', 'roleId', text])
      await send('GET', `${mock.url}/profiles?${encodeURIComponent(Buffer.from(key).toString())}=${encoded}`)
    await send('GET', `${mock.url}/roles?q=${encoded}`)
    await send('GET', `${mock.url}/profile/${encoded}`)
    await send('GET', `${mock.adminUrl}/state/profiles?q=${encoded}`)
    await send('POST', `${mock.adminUrl}/snapshots/${encoded}`)
    await send('POST', `${mock.adminUrl}/snapshots/${encoded}/restore`)
    await send('DELETE', `${mock.adminUrl}/snapshots/${encoded}`)
    await send('POST', `${mock.adminUrl}/tokens`, { persona: text })
    await send('POST', `${mock.adminUrl}/faults`, {
      status: 500,
      body: text,
      match: { method: text, path: '/no' },
    })
    await send('DELETE', `${mock.adminUrl}/faults/${encoded}`)
    await send('PUT', `${mock.adminUrl}/scenario`, { name: text })
    await send('GET', `${new URL(mock.url).origin}/__sandbox/${encoded}/__admin/state`)
    const people = seed.profiles.map((profile) => ({ ...profile, lastName: text }))
    const roles = seed.roles.map((role) => ({
      ...role,
      name: text,
      permissions: [...role.permissions, text],
    }))
    await send('PUT', `${mock.adminUrl}/state`, {
      ...seed,
      personas: { ...seed.personas, [text]: 5 },
      profiles: people,
      roles,
    })
    await send('GET', `${mock.adminUrl}/state`)
    await send('POST', `${mock.adminUrl}/reset`)
  }
  seen.push(await mock.faults(), await mock.state())
  return seen
}

/** The same on a store; its clock stands still, so that answers can be compared. */
async function answersOn(store?: string): Promise<unknown[]> {
  const options = { listen: false, ...(store !== undefined && { store, jwtSecret: 'shared' }) }
  const mock = await createMock(options, () => 1_900_000_000_000)
  try {
    return await sendEverywhere(mock)
  } finally {
    await mock.close()
  }
}

const inMemory = await answersOn()

t.test('in memory every text is kept as it was sent, and nothing fails', async (t) => {
  const shown = JSON.stringify(inMemory)
  for (const text of texts) t.ok(shown.includes(JSON.stringify(JSON.stringify(text)).slice(1, -1)), text)
  t.notMatch(shown, /"(GET|POST|PUT|PATCH|DELETE)","[^"]*",5\d\d/)
})

t.test('on PGlite no text is ever SQL: each answer is that of the store in memory', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'enneo-mock-sql-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  t.strictSame(await answersOn(`pglite:${folder}`), inMemory)
})

const programs = postgresPrograms()
t.test('so it is on PostgreSQL', { skip: programs === undefined && noPostgres }, async (t) => {
  const server = await startPostgres(String(programs))
  t.teardown(() => server.stop())
  t.strictSame(await answersOn(server.url), inMemory)
})
