import t, { type Test } from 'tap'
import { createMock } from '../../src/library/create-mock.ts'
import { resolveSettings } from '../../src/settings.ts'
import { startMock } from '../../src/start.ts'
import { createTestMock } from '../support/mock.ts'
import { signedIn } from '../support/signed-in.ts'

/** Values by series, as `name{labels}`. Every line must be a comment or a series with a number, which may be `Nan`. */
function seriesOf(t: Test, text: string): Map<string, number> {
  const series = new Map<string, number>()
  for (const line of text.trimEnd().split('\n')) {
    if (line === '' || /^# (HELP|TYPE) \w+ \S/.test(line)) continue
    const [, name = '', value] = /^(\w+(?:\{(?:\w+="(?:[^"\\\n]|\\[\\"n])*",?)+\})?) (\S+)$/.exec(line) ?? []
    t.ok(value === 'Nan' || !Number.isNaN(Number(value)), `a series: ${line}`)
    t.notOk(series.has(name), `only once: ${name}`)
    series.set(name, Number(value))
  }
  return series
}

// [metrics.format] [metrics.bounded]
t.test(
  'GET /metrics counts calls by operation and status, and no label holds what a caller sent',
  async (t) => {
    const mock = await createMock({ selfCheck: true })
    t.teardown(() => mock.close())
    const scrape = async () => {
      const answer = await fetch(`${new URL(mock.url).origin}/__admin/metrics`)
      t.equal(answer.status, 200)
      t.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
      return answer.text()
    }
    const before = seriesOf(t, await scrape())
    t.equal(before.get('enneo_mock_violations_total'), 0)
    t.equal(before.get('enneo_mock_sandboxes'), 0)
    t.equal(before.get('enneo_mock_journal_bytes'), 0)
    t.notOk([...before.keys()].some((name) => name.startsWith('enneo_mock_calls_total')))

    const { get, patch } = signedIn(mock)
    await patch([{ id: 5, lang: 'xx' }])
    await patch([{ id: 5, lang: 'yy', 'made up': 1, another: 2 }])
    await patch([{ id: 5, lang: 7 }])
    await get('/profile/5')
    await get('/nowhere/to-be-seen')
    await signedIn(mock, 1, { 'x-mock-sandbox': 'not-to-be-seen' }).get('/profile/5')
    await mock.fault({ fault: 'EMPTY_RESPONSE', times: 1 })
    await t.rejects(fetch(`${mock.url}/profile/6`, { headers: { authorization: `Bearer ${mock.token(1)}` } }))
    // A journal that is cleared takes nothing away from what has been counted.
    const bytes = seriesOf(t, await scrape()).get('enneo_mock_journal_bytes') as number
    await mock.clearRequests()

    const text = await scrape()
    const after = seriesOf(t, text)
    const calls = [...after].filter(([name]) => name.startsWith('enneo_mock_calls_total'))
    t.strictSame(Object.fromEntries(calls), {
      'enneo_mock_calls_total{operation="bulkUpdateSpecificProfiles",status="200"}': 2,
      'enneo_mock_calls_total{operation="bulkUpdateSpecificProfiles",status="400"}': 1,
      'enneo_mock_calls_total{operation="getSpecificProfile",status="200"}': 2,
      'enneo_mock_calls_total{operation="none",status="404"}': 1,
      'enneo_mock_calls_total{operation="getSpecificProfile",status="none"}': 1,
    })
    const spent = after.get(
      'enneo_mock_call_seconds_total{operation="bulkUpdateSpecificProfiles",status="200"}',
    ) as number
    t.ok(spent > 0 && spent < 60, `two calls took ${spent} s`)
    t.ok((after.get('enneo_mock_violations_total') as number) >= 3)
    t.equal(after.get('enneo_mock_sandboxes'), 1)
    t.equal(after.get('enneo_mock_store_up'), 1)
    t.ok(bytes > (after.get('enneo_mock_journal_bytes') as number), 'cleared calls take no bytes')
    t.ok((after.get('process_resident_memory_bytes') as number) > 10_000_000)
    t.notMatch(text, /to-be-seen/)
    t.notMatch(text, mock.token(1))
  },
)

t.test('GET /metrics of a store that is away is an answer all the same, which says so', async (t) => {
  const { contentType, metricsOf } = await import('../../src/admin/metrics.ts')
  t.match(contentType, 'text/plain')
  const mock = await preparedMock(t)
  const names = async () => {
    throw new Error('away')
  }
  const series = seriesOf(t, await metricsOf({ ...mock.sandboxes, names }))
  t.equal(series.get('enneo_mock_store_up'), 0)
  t.notOk(series.has('enneo_mock_sandboxes'))
})

const surroundings = { now: Date.now, random: Math.random, randomSecret: () => 'made-up' }
async function preparedMock(t: Test, given = {}) {
  const settings = resolveSettings({ flags: { port: '0', logLevel: 'silent', ...given }, env: {} })
  const mock = await startMock(settings, surroundings)
  t.teardown(() => mock.app.close())
  return mock
}

// [metrics.format]
t.test('GET /metrics is guarded like the rest', async (t) => {
  const { origin } = await preparedMock(t, { adminApiToken: 'a-token' })
  t.equal((await fetch(`${origin}/__admin/metrics`)).status, 401)
  const headers = { authorization: 'Bearer a-token' }
  t.equal((await fetch(`${origin}/__admin/metrics`, { headers })).status, 200)
  const closed = await preparedMock(t, { disableAdminApi: 'true' })
  t.equal((await fetch(`${closed.origin}/__admin/metrics`)).status, 404)
})

t.test('without the package GET /metrics says what to install; another failure is one', async (t) => {
  const answerTo = async (error: Error) => {
    const app = await createTestMock({}, { loadMetrics: () => Promise.reject(error) })
    t.teardown(() => app.close())
    return app.inject('/__admin/metrics')
  }
  const missing = await answerTo(Object.assign(new Error('no package'), { code: 'ERR_MODULE_NOT_FOUND' }))
  t.strictSame(
    [missing.statusCode, missing.json()],
    [
      404,
      {
        message:
          'metrics need a package that is missing; install it with npm install prom-client and start again',
      },
    ],
  )
  t.equal((await answerTo(new Error('broken'))).statusCode, 500)
})
