import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createMock } from '../src/library/create-mock.ts'
import { readSeed } from '../src/seed/seed-file.ts'
import { noBrowser, openBrowser } from './support/browser.ts'

const seed = await readSeed()
/** What a page sees of an answer, or the name of the error that it gets instead. */
type Seen = { status?: number; body?: string; headers?: Record<string, string>; error?: string }

/** Runs in the page. */
async function ask([url, init]: [string, RequestInit]): Promise<Seen> {
  try {
    const answer = await fetch(url, init)
    const headers: Record<string, string> = {}
    answer.headers.forEach((value, name) => {
      headers[name] = value
    })
    return { status: answer.status, body: await answer.text(), headers }
  } catch (error) {
    return { error: (error as Error).name }
  }
}

t.test('pages of a real browser', { skip: noBrowser, timeout: 60_000 }, async (t) => {
  const front = createServer((_request, answer) =>
    answer.setHeader('content-type', 'text/html').end('<!doctype html><title>page</title>'),
  )
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const { port } = front.address() as AddressInfo
  const mock = await createMock()
  const mockPort = new URL(mock.url).port
  const browser = await openBrowser()
  t.teardown(async () => {
    await browser.close()
    front.closeAllConnections()
    front.close()
    await mock.close()
  })

  /** A page of an origin that has been opened, in a profile of its own. */
  const open = async (t: Test, address: string) => {
    const context = await browser.newContext()
    t.teardown(() => context.close())
    const page = await context.newPage()
    await page.goto(address)
    return {
      page,
      fetch: (url: string, init: RequestInit = {}) =>
        page.evaluate(ask, [url, init] as [string, RequestInit]),
    }
  }
  const bearer = `Bearer ${mock.token('admin')}`
  const update = (body: string) => ({
    method: 'PATCH',
    headers: { authorization: bearer, 'content-type': 'application/json', 'x-own': 'a' },
    body,
  })
  const changed = async () => {
    await mock.resetAll()
    await mock.fetch(`${mock.url}/profiles`, update('{"profiles":[{"id":5,"lang":"xx"}]}'))
    return mock.state()
  }

  for (const host of ['127.0.0.1', 'localhost', 'app.localhost']) {
    t.test(`a page of http://${host} on another port uses the API and the control plane`, async (t) => {
      await mock.resetAll()
      const { fetch } = await open(t, `http://${host}:${port}/`)
      const answer = await fetch(
        `${mock.url}/profiles`,
        update('{"profiles":[{"id":5,"lang":"xx","nonsense":1}]}'),
      )
      t.match(answer, { status: 200, body: '{"results":[{"id":5,"success":true}]}' })
      t.match(answer.headers, { 'x-mock-violations': /nonsense/ })
      const state = await fetch(`${mock.adminUrl}/state`)
      t.equal(JSON.parse(state.body ?? '').profiles[4].lang, 'xx')
      await mock.fault({ status: 503, times: 1 })
      const injected = await fetch(`${mock.url}/profiles`, update('{}'))
      t.match(injected, { status: 503, headers: { 'x-mock-fault': 'fault-1', 'retry-after': '1' } })
      t.match(await fetch(`${mock.url}/profile`), { status: 401, headers: { 'www-authenticate': 'Bearer' } })
      t.match(await fetch(`${mock.url}/nothing`), { status: 404 })
      t.match(await fetch(`${mock.adminUrl}/reset`, { method: 'POST' }), { status: 200 })
      t.strictSame(await mock.state(), seed)
    })
  }

  t.test('a page of localhost signs in by the cookie of POST /tokens', async (t) => {
    await mock.resetAll()
    const { fetch } = await open(t, `http://localhost:${port}/`)
    const credentials = 'include'
    t.match(await fetch(`${mock.url}/profile`, { credentials }), { status: 401 })
    const body = '{"persona":"agent"}'
    t.match(await fetch(`${mock.adminUrl}/tokens`, { method: 'POST', credentials, body }), { status: 200 })
    const own = await fetch(`${mock.url}/profile`, { credentials })
    t.equal(JSON.parse(own.body ?? '').id, 3)
  })

  t.test('a foreign page can neither read nor change anything', async (t) => {
    const before = await changed()
    const { page, fetch } = await open(t, `http://foreign.test:${port}/`)
    const refused: [what: string, url: string, init?: RequestInit][] = [
      ['read the state', `${mock.adminUrl}/state`],
      ['reset', `${mock.adminUrl}/reset`, { method: 'POST' }],
      ['reset behind a path', `${mock.sandbox('a').adminUrl}/reset`, { method: 'POST' }],
      [
        'get a token',
        `${mock.adminUrl}/tokens`,
        { method: 'POST', body: '{"persona":"admin"}', credentials: 'include' },
      ],
      ['read a profile', `${mock.url}/profile`, { headers: { authorization: bearer } }],
      ['change a profile', `${mock.url}/profiles`, update('{"profiles":[{"id":5,"lang":"yy"}]}')],
      ['remove the journal', `${mock.adminUrl}/requests`, { method: 'DELETE' }],
      ['replace the state', `${mock.adminUrl}/state`, { method: 'PUT', body: '{}' }],
    ]
    for (const [what, url, init] of refused)
      t.strictSame(await fetch(url, init), { error: 'TypeError' }, what)
    // Requests that a browser sends without asking first.
    for (const path of ['/reset', '/reset?all=true', '/snapshots/s', '/faults', '/requests/count']) {
      const blind = await fetch(mock.adminUrl + path, {
        method: 'POST',
        mode: 'no-cors',
        body: '{"status":500}',
      })
      t.equal(blind.status, 0, path)
    }
    await page.evaluate(`navigator.sendBeacon('${mock.adminUrl}/reset')`)
    await page.setContent(`<form method="post" action="${mock.adminUrl}/reset"><button>send</button></form>`)
    const [answer] = await Promise.all([page.waitForNavigation(), page.click('button')])
    t.equal(answer?.status(), 403)
    t.strictSame(await mock.state(), before)
    t.strictSame([(await mock.faults()).length, (await mock.requests({ method: 'PATCH' })).length], [0, 1])
    await t.rejects(mock.restore('s'))
  })

  t.test('a foreign name that points at the mock itself is refused by the control plane', async (t) => {
    const before = await changed()
    const origin = `http://foreign.test:${mockPort}`
    const { fetch } = await open(t, `${origin}/api/mind/health`)
    t.match(await fetch('/__admin/state'), { status: 403, body: /loopback names only/ })
    t.match(await fetch('/__admin/reset', { method: 'POST' }), { status: 403 })
    t.match(await fetch('/__sandbox/a/__admin/reset', { method: 'POST' }), { status: 403 })
    t.match(await fetch('/__admin/tokens', { method: 'POST', body: '{"persona":"admin"}' }), { status: 403 })
    t.strictSame(await mock.state(), before)
  })

  t.test('a frame without an origin of its own is as foreign', async (t) => {
    const before = await changed()
    const { page } = await open(t, `http://localhost:${port}/`)
    await page.setContent('<iframe sandbox="allow-scripts" srcdoc="<p>a frame</p>"></iframe>')
    await page.frameLocator('iframe').locator('p').waitFor()
    const frame = page.frames()[1]
    const tryIt = (path: string, init: RequestInit) =>
      frame?.evaluate(ask, [mock.adminUrl + path, init] as [string, RequestInit])
    t.strictSame(await tryIt('/state', {}), { error: 'TypeError' })
    t.strictSame(await tryIt('/reset', { method: 'POST' }), { error: 'TypeError' })
    t.strictSame(await mock.state(), before)
  })

  t.test('a listed origin is trusted, and only that one', async (t) => {
    const listed = `http://listed.test:${port}`
    const own = await createMock({ corsOrigin: [listed] })
    t.teardown(() => own.close())
    const { fetch } = await open(t, listed)
    t.match(await fetch(`${own.adminUrl}/reset`, { method: 'POST' }), { status: 200 })
    t.match(await fetch(`${own.url}/profile`, { headers: { authorization: bearer } }), { status: 200 })
    const other = await open(t, `http://foreign.test:${port}/`)
    t.strictSame(await other.fetch(`${own.adminUrl}/state`), { error: 'TypeError' })
  })
})
