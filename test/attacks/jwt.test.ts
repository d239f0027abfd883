import t from 'tap'
import { createTestMock } from '../support/mock.ts'
import { bearer } from '../support/signed-in.ts'

const payload = 'eyJ1c2VySWQiOjF9'
const jwt = `eyJhbGciOiJIUzI1NiJ9.${payload}.c2lnbmVkLXNpZ25lZA`

/** Calls that hold a token where a value or a name is expected. */
const items: [where: string, item: object][] = [
  ['a value that is kept', { lang: jwt }],
  ['a value in custom data', { rawData: { a: [jwt] } }],
  ['a key in custom data', { rawData: { [jwt]: 1 } }],
  ['a key above a secret', { rawData: { [jwt]: { password: 'x' } } }],
  ['a key far down above a secret', { rawData: { a: { b: [{ [jwt]: { c: { token: 'x' } } }] } } }],
  ['an unknown key', { [jwt]: 1 }],
  ['an unknown setting', { settings: { [jwt]: 1 } }],
  ['a key of the wrong type', { settings: { skillPriorities: { [jwt]: true } } }],
  ['a key that is kept', { settings: { skillPriorities: { [jwt]: 1 } } }],
]

// [journal.jwt]
t.test('a token that stands for a name or a value is shown by nothing that tells of calls', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const json = { 'content-type': 'application/json' }
  const hides = async (what: string, call: Promise<{ headers: object; body: string }>) => {
    const { headers, body } = await call
    t.notOk((JSON.stringify(headers) + body).includes(payload), what)
  }
  for (const [index, [where, item]] of items.entries()) {
    const headers = { ...json, ...bearer() }
    const body = JSON.stringify({ profiles: [{ id: 5, ...item }] })
    await hides(
      `answer to ${where}`,
      app.inject({ method: 'PATCH', url: '/api/mind/profiles', headers, payload: body }),
    )
    const id = index + 1
    for (const url of [`/requests/${id}`, `/requests/${id}/case`])
      await hides(`${url}: ${where}`, app.inject(`/__admin${url}`))
  }
  const changed = (await app.inject('/__admin/requests/1')).json().changes
  t.strictSame(
    changed,
    [{ id: 5, differences: [{ path: 'lang', before: 'de', after: '[redacted]' }] }],
    'the place is told',
  )
  for (const url of ['/requests', '/requests?format=har', '/coverage', '/sandboxes', '/faults'])
    await hides(url, app.inject(`/__admin${url}`))
  await hides('verify', app.inject({ method: 'POST', url: '/__admin/verify' }))

  const seeds = {
    'an unknown key': { [jwt]: 1 },
    'a persona of nobody': { personas: { [jwt]: 99 } },
    'custom data that is too deep': {
      profiles: [{ id: 1, settings: {}, [jwt]: 1, rawData: { [jwt]: { password: 'x' } } }],
    },
  }
  for (const [what, seed] of Object.entries(seeds)) {
    const document = { personas: {}, roles: [], teams: [], profiles: [], ...seed }
    await hides(
      `a seed with ${what}`,
      app.inject({ method: 'PUT', url: '/__admin/state', headers: json, payload: JSON.stringify(document) }),
    )
  }
  await hides(
    'a fault',
    app.inject({
      method: 'POST',
      url: '/__admin/faults',
      headers: json,
      payload: JSON.stringify({ [jwt]: 1 }),
    }),
  )
  await hides('a match', app.inject(`/__admin/requests?${jwt}=1`))
  await hides('an address', app.inject(`/__admin/${jwt}`))
})
