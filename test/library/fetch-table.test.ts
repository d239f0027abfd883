import t, { type Test } from 'tap'
import { createMock, type Mock } from '../../src/index.ts'

/** What somebody sees of one use of fetch: the answer, or the error. */
async function seen(send: typeof fetch, mock: Mock, use: Use): Promise<unknown> {
  try {
    const answer = await use(send, mock)
    if (!(answer instanceof Response)) return answer
    const headers = Object.fromEntries(answer.headers)
    delete headers.date
    const { status, statusText, ok, redirected, type, url, bodyUsed } = answer
    const clone = answer.clone()
    const text = await answer.text().catch(outcome)
    const cloned = [clone.url, clone.type, clone.redirected]
    return { status, statusText, ok, redirected, type, url, bodyUsed, headers, text, cloned }
  } catch (error) {
    return outcome(error)
  }
}

const outcome = (error: unknown) => {
  if (!(error instanceof Error)) return { thrown: error }
  const { name, message } = error
  return {
    name,
    message: /Invalid URL|parse URL/.test(message) ? 'no address' : message,
    by: error.constructor.name,
  }
}

type Use = (send: typeof fetch, mock: Mock) => Promise<unknown>

const signedIn = (mock: Mock) => ({ cookie: mock.cookie('admin') })
const profile = (mock: Mock) => `${mock.url}/profile/5`
const body = '{"profiles":[{"id":5,"lang":"fr"}]}'

const uses: Record<string, Use> = {
  'a read': (send, mock) => send(profile(mock), { headers: signedIn(mock) }),
  'a read of a URL object, with a hash': (send, mock) =>
    send(new URL(`${profile(mock)}?a=b#c`), { headers: signedIn(mock) }),
  'a Request': (send, mock) => send(new Request(profile(mock), { headers: signedIn(mock) })),
  'a change': (send, mock) =>
    send(`${mock.url}/profiles`, { method: 'PATCH', headers: signedIn(mock), body }),
  'a change from a stream': (send, mock) =>
    send(`${mock.url}/profiles`, {
      method: 'PATCH',
      headers: signedIn(mock),
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit),
  'the method patch in small letters': (send, mock) =>
    send(`${mock.url}/profiles`, { method: 'patch', headers: signedIn(mock), body }),
  'the method get in small letters': (send, mock) =>
    send(profile(mock), { method: 'get', headers: signedIn(mock) }),
  HEAD: (send, mock) => send(profile(mock), { method: 'HEAD', headers: signedIn(mock) }),
  'a preflight': (send, mock) => send(profile(mock), { method: 'OPTIONS' }),
  'a refusal': (send, mock) => send(profile(mock)),
  'an unknown path': (send, mock) => send(`${mock.url}/nothing`),
  'a body with GET': (send, mock) => send(profile(mock), { body }),
  'a bad method': (send, mock) => send(profile(mock), { method: 'a b' }),
  'a bad header': (send, mock) => send(profile(mock), { headers: { 'a b': 'c' } }),
  'no address': (send) => send('/api/mind'),
  'what is no signal': (send, mock) => send(profile(mock), { signal: {} as AbortSignal }),
  'an aborted signal': (send, mock) => send(profile(mock), { signal: AbortSignal.abort() }),
  'a reason of its own': (send, mock) =>
    send(profile(mock), { signal: AbortSignal.abort(new RangeError('mine')) }),
  'a reason that is no error': (send, mock) => send(profile(mock), { signal: AbortSignal.abort('because') }),
  'an aborted signal of a Request': (send, mock) =>
    send(new Request(profile(mock), { signal: AbortSignal.abort() })),
  'an abort while it runs': async (send, mock) => {
    await mock.delay(10_000)
    const abort = new AbortController()
    const running = send(profile(mock), { headers: signedIn(mock), signal: abort.signal })
    setTimeout(() => abort.abort(new RangeError('mine')), 50)
    return running
  },
  'a timeout': async (send, mock) => {
    await mock.delay(10_000)
    return send(profile(mock), { headers: signedIn(mock), signal: AbortSignal.timeout(50) })
  },
  'an abort while the body is read': async (send, mock) => {
    const abort = new AbortController()
    const events = await send(`${mock.adminUrl}/events`, { signal: abort.signal })
    // Which reason comes is not the same in every version of Node.
    abort.abort()
    return events.text().catch(({ name }) => name)
  },
  'a body that never ends, read in part': async (send, mock) => {
    const events = await send(`${mock.adminUrl}/events`)
    const reader = events.body?.getReader()
    const first = await reader?.read()
    await reader?.cancel()
    return Buffer.from(first?.value ?? []).toString()
  },
  ...Object.fromEntries(
    (['CONNECTION_RESET_BY_PEER', 'EMPTY_RESPONSE', 'MALFORMED_RESPONSE_CHUNK'] as const).map((fault) => [
      fault,
      async (send, mock) => {
        await mock.fault({ fault })
        return send(`${mock.url}/profiles`, { method: 'PATCH', headers: signedIn(mock), body })
      },
    ]),
  ),
  ...Object.fromEntries(
    [301, 302, 303, 307, 308].flatMap((status) =>
      (['GET', 'PATCH'] as const).flatMap((method) =>
        (['follow', 'manual', 'error'] as const).map((redirect) => [
          `${status} of a ${method}, redirect ${redirect}`,
          async (send: typeof fetch, mock: Mock) => {
            await mock.fault({
              match: { path: '/profiles' },
              status,
              headers: { location: '../mind/profile/5' },
            })
            const init = { method, redirect, headers: signedIn(mock), ...(method !== 'GET' && { body }) }
            return send(`${mock.url}/profiles`, init)
          },
        ]),
      ),
    ),
  ),
  'a redirect in a circle': async (send, mock) => {
    await mock.fault({ status: 302, headers: { location: '/api/mind/profile/5' } })
    return send(profile(mock), { headers: signedIn(mock) })
  },
  'a redirect to nowhere': async (send, mock) => {
    await mock.fault({ status: 302, headers: { location: 'http://[' } })
    return send(profile(mock), { headers: signedIn(mock) })
  },
  'a redirect to another scheme': async (send, mock) => {
    await mock.fault({ status: 302, headers: { location: 'ftp://localhost/a' } })
    return send(profile(mock), { headers: signedIn(mock) })
  },
  'a redirect without an address': async (send, mock) => {
    await mock.fault({ status: 302 })
    return send(profile(mock), { headers: signedIn(mock) })
  },
  'several headers of one name': async (send, mock) => {
    const answer = await send(`${mock.adminUrl}/tokens`, { method: 'POST', body: '{"persona":"admin"}' })
    return answer.headers.getSetCookie().length
  },
  'what the mock was sent': async (send, mock) => {
    await send(`${mock.url}/profiles`, { method: 'PATCH', headers: { 'x-a': 'b' }, body })
    await send(`${mock.url}/profiles`, {
      method: 'POST',
      headers: [
        ['x-a', '1'],
        ['x-a', '2'],
      ],
    })
    return (await mock.requests()).map(({ at, id, duration, ...entry }) => entry)
  },
  'no call after an aborted signal': async (send, mock) => {
    await send(profile(mock), { signal: AbortSignal.abort() }).catch(() => {})
    return mock.count()
  },
}

async function opened(t: Test): Promise<Mock> {
  const mock = await createMock()
  t.teardown(() => mock.close())
  return mock
}

for (const [what, use] of Object.entries(uses)) {
  t.test(`mock.fetch does as fetch does: ${what}`, async (t) => {
    const mock = await opened(t)
    const bySocket = await seen(fetch, mock, use)
    await mock.resetAll()
    t.strictSame(await seen(mock.fetch, mock, use), bySocket)
  })
}

t.test('after close it fails as fetch does, and says why', async (t) => {
  const mock = await opened(t)
  await mock.close()
  const use: Use = (send) => send(`${mock.url}/profile`)
  t.strictSame(await seen(mock.fetch, mock, use), await seen(fetch, mock, use))
  await t.rejects(mock.fetch(mock.url), {
    cause: { message: /has been closed; createMock\(\) makes another/ },
  })
  await t.rejects(mock.state(), { message: 'This mock has been closed; createMock() makes another.' })
})

t.test('an address of another host reaches the mock, as behind a tool that intercepts calls', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  const answer = await mock.fetch('https://production.example.test/api/mind/profile/5', {
    headers: signedIn(mock),
  })
  t.strictSame([answer.status, answer.url], [200, 'https://production.example.test/api/mind/profile/5'])
})

t.test('a redirect to another host takes no credentials along', async (t) => {
  const mock = await opened(t)
  await mock.fault({
    match: { path: '/roles' },
    status: 302,
    headers: { location: 'http://other.localhost/api/mind/profile' },
  })
  const answer = await mock.fetch(`${mock.url}/roles`, { headers: signedIn(mock) })
  t.strictSame([answer.status, answer.redirected], [401, true])
})

t.test(
  'a long answer that is read slowly arrives whole, and one that is never read does not hold up the end',
  async (t) => {
    const mock = await opened(t)
    await mock.fault({ status: 200, body: 'x'.repeat(1_000_000) })
    const read = async () => (await mock.fetch(profile(mock), { headers: signedIn(mock) })).text()
    t.equal((await read()).length, 1_000_000)
    await mock.fetch(profile(mock), { headers: signedIn(mock) })
    await mock.close()
  },
)

t.test('events that nobody reads do not hold up the end, and break off there', async (t) => {
  const mock = await createMock({ listen: false })
  const events = await mock.fetch(`${mock.adminUrl}/events`)
  const long = JSON.stringify({ profiles: [{ id: 5, rawData: { a: 'x'.repeat(50_000) } }] })
  for (let n = 0; n < 20; n += 1)
    await mock.fetch(`${mock.url}/profiles`, { method: 'PATCH', headers: signedIn(mock), body: long })
  await mock.close()
  await t.rejects(events.text(), { name: 'TypeError', message: 'terminated' })
})
