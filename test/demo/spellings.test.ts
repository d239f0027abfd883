import { connect } from 'node:net'
import t from 'tap'
import { createMock } from '../../src/library/create-mock.ts'

const visitor = { cookie: `enneo-mock-visitor=${'v'.repeat(32)}` }

// [demo.spelling]
t.test('however a path is spelled, a visitor does not leave their own sandbox', async (t) => {
  const mock = await createMock({ demo: 60, adminApiToken: 'a', listen: false })
  t.teardown(() => mock.close())
  const headers = { ...visitor, authorization: `Bearer ${mock.token('admin')}` }
  const asOperator = (url: string) => mock.inject({ url, headers: { authorization: 'Bearer a' } })
  const payload = { profiles: [{ id: 5, lang: 'xx' }] }
  const change = (url: string) => mock.inject({ method: 'PATCH', url, headers, payload })
  for (const url of [
    '/%61pi/mind/profiles',
    '/api/%6Dind/profiles',
    '/api%2Fmind/profiles',
    '//api/mind/profiles',
    '/./api/mind/profiles',
    'http://localhost/api/mind/profiles',
    'http://localhost/%61pi/mind/profiles',
    '/%5F%5Fsandbox/a/api/mind/profiles',
    '/__sandbox/a/%61pi/mind/profiles',
  ]) {
    const { statusCode } = await change(url)
    t.equal((await mock.profile(5)).lang, 'de', `${url} ${statusCode}`)
  }
  t.notMatch((await asOperator('/__admin/sandboxes')).body, '"name":"a"')
  await change('/api/mind/profiles')
  for (const url of ['/%5F%5Fadmin/state/profiles/5', '/__%61dmin/state/profiles/5']) {
    const answer = await mock.inject({ url, headers: visitor })
    t.ok(answer.statusCode >= 400 || answer.json<{ lang: string }>().lang === 'xx', url)
  }
  for (const url of ['/%5F%5Fadmin/sandboxes', '/__admin/%73andboxes', '/__admin/state/../sandboxes'])
    t.ok((await mock.inject({ url, headers: visitor })).statusCode >= 400, url)
  const named = { ...visitor, 'x-mock-sandbox': 'a' }
  t.equal((await mock.inject({ url: '/%5F%5Fadmin/state', headers: named })).statusCode, 400)
})

t.test('nor does what stands behind a #', async (t) => {
  const mock = await createMock({ demo: 60, adminApiToken: 'a' })
  t.teardown(() => mock.close())
  const port = Number(new URL(mock.url).port)
  const status = (path: string) =>
    new Promise<string | undefined>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
      })
      socket.once('data', (bytes) => {
        socket.destroy()
        resolve(/^HTTP\/1.1 (\d+)/.exec(String(bytes))?.[1])
      })
      socket.once('error', reject)
    })
  t.equal(await status('/__admin/state#'), '200')
  t.equal(await status('/__admin/sandboxes'), '403')
  t.equal(await status('/__admin/sandboxes#/__admin/state'), '403')
  t.equal(await status('/__admin/sandboxes?/__admin/state'), '403')
  t.equal(await status('/__admin/metrics#/__admin/state'), '403')
})
