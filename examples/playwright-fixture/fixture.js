import { test as base } from '@playwright/test'
import { createControlClient } from 'enneo-mock/client'

const mocks = createControlClient({ origin: 'http://localhost:8015' })

/** A mock for each test: `mock.url` is the address of a sandbox that nobody else uses. */
export const test = base.extend({
  mock: async ({ browserName: _ }, use, { testId, retry }) => {
    const mock = mocks.sandbox(`${testId}-${retry}`)
    await mock.reset()
    await use(mock)
    await mock.assertNoViolations({ status: 200 })
  },
})
export { expect } from '@playwright/test'
