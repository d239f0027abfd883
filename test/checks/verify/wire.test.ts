import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { createSend, Unreachable } from '../../../src/checks/verify/wire.ts'

const limits = { patienceMs: 10_000, mostBytes: 10 }

t.test('an answer without a body is an empty one', async (t) => {
  const server = createServer((_request, answer) => answer.writeHead(204).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const send = createSend(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, limits)
  t.match(await send({ method: 'GET', path: '/', headers: { connection: 'close' } }), {
    status: 204,
    body: '',
  })
})

t.test('a request that cannot be sent is told without what it holds', async (t) => {
  const send = createSend('http://127.0.0.1:1', limits)
  const request = { method: 'GET', path: '/', headers: { authorization: 'Bearer line\nbreak' } }
  await t.rejects(send(request), new Unreachable('the request cannot be sent'))
})
