import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { createGuard } from '../../src/admin/guard.ts'
import { createTestMock } from '../support/mock.ts'

const machineOnly = 'the control plane answers this machine only; set an admin token to open it'
const foreignHost = 'the control plane answers to loopback names only; use http://localhost'

t.test('on loopback a call from another machine is refused whatever name it uses', async (t) => {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const from = (remoteAddress: string) => app.inject({ url: '/__admin/state', remoteAddress })
  t.strictSame(
    [(await from('192.0.2.1')).statusCode, (await from('192.0.2.1')).json()],
    [403, { message: machineOnly }],
  )
  t.equal((await from('2001:db8::1')).statusCode, 403)
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    t.equal((await from(address)).statusCode, 200)
})

t.test(
  'a connection that has no address is of no machine, and one only maps to loopback whole',
  async (t) => {
    const guard = createGuard({ kind: 'loopback' }, () => true)
    for (const remoteAddress of [undefined, '', '12::ffff:7.0.0.1']) {
      const request = { method: 'GET', url: '/__admin/state', headers: {}, socket: { remoteAddress } }
      t.throws(
        () => guard(request as unknown as FastifyRequest),
        { message: machineOnly },
        String(remoteAddress),
      )
    }
  },
)

const proxied = 'a proxy passed this on for another machine; set an admin token to open it'
const passedOn: [what: string, headers: Record<string, string>, refusal?: string][] = [
  ['for this machine', { 'x-forwarded-for': '127.0.0.1' }],
  ['for this machine by two', { 'x-forwarded-for': '127.0.0.1,::1' }],
  ['for this machine by three', { 'x-forwarded-for': '127.0.0.1 , ::ffff:127.0.0.1,  ::1' }],
  ['for another machine', { 'x-forwarded-for': '192.0.2.1' }, proxied],
  ['for another machine by one of this', { 'x-forwarded-for': '192.0.2.1,127.0.0.1' }, proxied],
  ['for this machine by another', { 'x-forwarded-for': '127.0.0.1,192.0.2.1' }, proxied],
  ['for nobody', { 'x-forwarded-for': '' }, proxied],
  ['by a name of this machine', { 'x-forwarded-host': 'localhost:1,mock.localhost' }],
  ['by a listed name', { 'x-forwarded-host': 'app.example.com' }],
  ['by a foreign name', { 'x-forwarded-host': 'evil.example' }, foreignHost],
  ['by a foreign name after one of its own', { 'x-forwarded-host': 'localhost,evil.example' }, foreignHost],
]

t.test('what a proxy passes on is answered', async (t) => {
  const app = await createTestMock({ corsOrigin: ['https://app.example.com'] })
  t.teardown(() => app.close())
  for (const [what, headers, refusal] of passedOn) {
    const answer = await app.inject({ url: '/__admin/state', headers: { host: 'localhost', ...headers } })
    if (refusal === undefined) t.equal(answer.statusCode, 200, what)
    else t.strictSame([answer.statusCode, answer.json()], [403, { message: refusal }], `not ${what}`)
  }
})
