// @vitest-environment happy-dom
import { createMock } from 'enneo-mock'
import { afterAll, afterEach, expect, test, vi } from 'vitest'

const mock = await createMock({ listen: false })
afterEach(() => vi.useRealTimers())
afterAll(() => mock.close())

test('with faked timers and the globals of a page the mock answers as ever', async () => {
  vi.useFakeTimers()
  await mock.fault({ status: 503, times: 1 })
  const send = () =>
    mock.fetch(`${mock.url}/profiles`, {
      method: 'PATCH',
      headers: { cookie: mock.cookie('manager') },
      body: '{"profiles":[]}',
    })
  expect([(await send()).status, (await send()).status]).toEqual([503, 200])
  await mock.reset()
})

test('a session ends when the faked clock says so', async () => {
  vi.useFakeTimers({ now: new Date('2030-01-01T08:00:00Z') })
  const headers = { cookie: mock.cookie('manager', { expiresIn: 3600 }) }
  const status = async () => (await mock.fetch(`${mock.url}/profile`, { headers })).status
  expect(await status()).toBe(200)
  vi.setSystemTime(new Date('2030-01-01T09:00:01Z'))
  expect(await status()).toBe(401)
})
