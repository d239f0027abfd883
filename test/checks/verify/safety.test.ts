import t from 'tap'
import { forgetSettingsOfEnvironment, runHere } from '../../support/run-here.ts'
import { allCredentials, fullProfile, openTarget, seedWithProfiles } from '../../support/target.ts'

forgetSettingsOfEnvironment()
t.setTimeout(300_000)

/** Whatever comes is fine: as lax as a server can be. */
const laxAnswer = (body: unknown) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

t.test('a server that lets everything in gets nothing that could change anything', async (t) => {
  const { base, arrived } = await openTarget(t, (request, pass) =>
    request.method === 'GET' ? pass(request) : laxAnswer({ results: [] }),
  )
  const { code } = await runHere(t, ['verify', base, '--json', ...allCredentials])
  t.equal(code, 1)
  t.ok(arrived.length > 200, `${arrived.length} requests`)
  const patches = arrived.filter(({ method }) => method === 'PATCH')
  t.ok(patches.length > 30, `${patches.length} of them updates`)
  t.strictSame(
    arrived.filter(({ method, body }) => method !== 'PATCH' && (method !== 'GET' || body !== '')),
    [],
  )
  t.strictSame(
    patches.filter(({ path, body }) => path !== '/api/mind/profiles' || /\d|"id"|\[\s*[^\s\]]/.test(body)),
    [],
  )
})

t.test('with --write every item that arrives names that one profile', async (t) => {
  const seed = await seedWithProfiles({ ...fullProfile, id: 7 })
  const { base, arrived } = await openTarget(t, undefined, seed)
  await runHere(t, ['verify', base, '--json', ...allCredentials, '--write', '--profile-id', '7'])
  const written = arrived.filter(({ method, body }) => method !== 'GET' && /\d/.test(body))
  t.ok(written.length > 300, `${written.length} requests with items`)
  const isAimed = ({ method, path, body }: (typeof written)[number]) => {
    if (method !== 'PATCH' || path === '/api/mind/profile/7') return method === 'PATCH'
    const value = JSON.parse(body)
    const items: { id: unknown }[] = [value.profiles ?? value].flat()
    return /^\/api\/mind\/profiles\/?(\?.*)?$/i.test(path) && items.every(({ id }) => Number(id) === 7)
  }
  t.strictSame(
    written.filter((request) => !isAimed(request)),
    [],
  )
})
