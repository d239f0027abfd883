// A process of its own for test/library/create-mock.test.ts: it uses a mock in every loud way, closes it, and must end by itself.
import { createMock } from '../../src/library/create-mock.ts'

const mock = await createMock()
const headers = { cookie: mock.cookie('admin') }
const ask = (init: RequestInit) => fetch(`${mock.url}/profiles`, init).catch(() => {})
await ask({})
await ask({ method: 'PATCH', headers, body: '{"profiles":[{"id":5,"nonsense":1}]}' })
await ask({ method: 'PATCH', headers, body: '{' })
await mock.fault({ fault: 'EMPTY_RESPONSE', times: 1 })
await ask({ headers })
await mock.close()

// Nothing but its own end keeps the process running here.
const silent = await createMock({ listen: false })
await silent.fetch(`${silent.adminUrl}/events`)
const long = JSON.stringify({ profiles: [{ id: 5, rawData: { a: 'x'.repeat(50_000) } }] })
for (let n = 0; n < 20; n += 1)
  await silent.fetch(`${silent.url}/profiles`, {
    method: 'PATCH',
    headers: { cookie: silent.cookie('admin') },
    body: long,
  })
// The exit code alone does not tell it where something else has set one.
const early = () => console.log('ended before it was closed')
process.once('exit', early)
await silent.close()
process.off('exit', early)
