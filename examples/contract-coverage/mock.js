import { writeFileSync } from 'node:fs'
import { after } from 'node:test'
import { createMock } from 'enneo-mock'

// Each test file runs in a process of its own, with a mock of its own.
export const mock = await createMock({ listen: false })

// What its tests exercised of the contract goes to a file; `npm test` adds the files up.
after(async () => {
  writeFileSync(`coverage/${process.pid}.json`, JSON.stringify(await mock.coverage()))
  await mock.close()
})

/** Stands for your own code. */
export const updateProfiles = (who, profiles) =>
  mock.fetch(`${mock.url}/profiles`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${mock.token(who)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ profiles }),
  })
