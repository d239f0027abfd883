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
