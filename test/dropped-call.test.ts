import t from 'tap'
import { createMock } from '../src/library/create-mock.ts'

t.test('a call that broke a rule and whose answer never left is told as such', async (t) => {
  const mock = await createMock()
  t.teardown(() => mock.close())
  await mock.fault({ fault: 'EMPTY_RESPONSE', phase: 'after-commit', times: 1 })
  const call = fetch(`${mock.url}/profiles`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${mock.token('admin')}`, 'content-type': 'application/json' },
    body: '{"profiles":[{"id":5,"nickname":"Bob"}]}',
  })
  await t.rejects(call, 'the connection is closed')
  await t.rejects(mock.assertNoViolations(), {
    message:
      /^1 call broke a rule:\n\n#1 PATCH \/api\/mind\/profiles answered nothing\n {2}unknown-key: nickname is not/,
  })
})
