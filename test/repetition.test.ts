import t from 'tap'
import { createMock } from '../src/library/create-mock.ts'
import { noBrowser, openBrowser } from './support/browser.ts'

/** What a page makes of a call whose connection is reset once. */
const cases = [
  { times: 1, seen: '200', calls: ['broken', 200] },
  { times: 1, repetition: true, seen: 'TypeError: Failed to fetch', calls: ['broken', 'broken'] },
]

// [fault.repetition]
t.test(
  'a browser sends a call again whose connection broke, unless that is broken too',
  {
    skip: noBrowser,
  },
  async (t) => {
    const mock = await createMock()
    const browser = await openBrowser()
    t.teardown(async () => {
      await browser.close()
      await mock.close()
    })
    const page = await browser.newPage()
    for (const { seen, calls, ...fault } of cases) {
      await page.goto(`${mock.adminUrl}/health`)
      await mock.fault({ match: { method: 'PATCH' }, fault: 'CONNECTION_RESET_BY_PEER', ...fault })
      const call = { url: `${mock.url}/profiles`, authorization: `Bearer ${mock.token('admin')}` }
      const told = await page.evaluate(async ({ url, authorization }) => {
        const headers = { authorization, 'content-type': 'application/json' }
        const body = '{"profiles":[{"id":5,"lang":"en"}]}'
        return fetch(url, { method: 'PATCH', headers, body }).then(({ status }) => String(status), String)
      }, call)
      t.equal(told, seen)
      t.strictSame(
        (await mock.requests()).map(({ status }) => status ?? 'broken'),
        calls,
      )
      await mock.reset()
    }
  },
)
