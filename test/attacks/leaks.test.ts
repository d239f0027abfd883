import t from 'tap'
import { createMock, type Mock } from '../../src/library/create-mock.ts'

const secret = 'hunter2+must/never0be=seen'
const spelled = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), btoa(secret)]
const keys = [
  'password',
  'PASSWORD',
  'pass-word',
  'p.a.s.s.w.o.r.d',
  'user[password]',
  'image',
  'Token',
  'access_token',
  'accessToken',
  'ACCESS-TOKEN[]',
  'Access Token',
  'api-key',
  'sessionId',
  'Set-Cookie',
  'connect.sid',
  'client_secret',
]

async function sendEverywhere(mock: Mock, base: string): Promise<void> {
  const authorization = `Bearer ${mock.token('admin')}`
  const call = (method: string, path: string, body?: string, headers = {}) =>
    mock.fetch(base + path, {
      method,
      headers: { authorization, ...headers },
      ...(body !== undefined && { body }),
    })
  for (const key of keys) {
    const held = JSON.stringify({ [key]: secret }).slice(1, -1)
    const escaped = held.replace(/[a-z]/i, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)
    for (const pair of [held, escaped]) {
      // A key that is a path of keys names a secret in a query only.
      if (!key.includes('user[')) {
        await call('PATCH', '/profiles', `{"profiles":[{"id":5,"rawData":{"a":{${pair}}}}]}`)
        await call('PATCH', '/profiles', `{"profiles":[{"id":5,"lang":1,"x":[{${pair}}]}]}`)
        await call('PATCH', '/profile/5', `{"rawData":{${pair}}}`)
        await call('PATCH', '/profiles', `{"profiles":[{${pair}`)
      }
    }
    await call('GET', `/profiles?${encodeURIComponent(key)}=${encodeURIComponent(secret)}`)
    await call('GET', `/nothing?${encodeURIComponent(key)}=${encodeURIComponent(secret)}`)
  }
  await call('PATCH', '/profile/5', JSON.stringify({ password: secret, image: secret }))
  for (const name of ['authorization', 'cookie', 'x-api-key', 'password'])
    await call('GET', '/profile', undefined, { [name]: `connect.sid=${secret}` })
}

t.test('no secret is in anything that the control plane hands out', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  for (const world of [mock, mock.sandbox('a')]) {
    await sendEverywhere(mock, world.url)
    const read = async (path: string, init: RequestInit = {}) => {
      const answer = await mock.fetch(world.adminUrl + path, init)
      return `${JSON.stringify([...answer.headers])} ${await answer.text()}`
    }
    await world.snapshot('s')
    await mock.fetch(`${world.url}/profiles`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${mock.token('admin')}` },
      body: '{"profiles":[{"id":5,"lang":"xx"}]}',
    })
    await world.restore('s')
    const calls = await world.requests()
    t.ok(calls.length > keys.length * 8, 'much was sent')
    const paths = [
      '/state',
      '/state/profiles',
      '/state/profiles/5',
      '/requests',
      '/requests?format=har',
      '/coverage',
    ]
    paths.push('/faults', '/settings', '/snapshots', '/sandboxes')
    for (const { id } of calls) paths.push(`/requests/${id}`, `/requests/${id}/case`)
    const shown = new Map<string, string>()
    for (const path of paths) shown.set(path, await read(path))
    shown.set('POST /verify', await read('/verify', { method: 'POST', body: '{}' }))
    shown.set('POST /requests/find', await read('/requests/find', { method: 'POST', body: '{}' }))
    for (const [path, text] of shown) {
      for (const form of spelled) t.notOk(text.includes(form), `${path} does not show ${form}`)
    }
    t.match(shown.get('/requests?format=har'), '[redacted]', 'where it was can be seen')
  }
})
