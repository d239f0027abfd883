import t from 'tap'
import { createTurns } from '../../src/stores/turns.ts'

t.test('runs of one name follow each other, those of another do not wait for them', async (t) => {
  const inTurn = createTurns()
  const order: string[] = []
  let finish = () => {}
  const first = inTurn('a', () => new Promise<void>((resolve) => (finish = resolve)))
  const second = inTurn('a', async () => order.push('a'))
  await inTurn('b', async () => order.push('b'))
  t.strictSame(order, ['b'])
  finish()
  await Promise.all([first, second])
  t.strictSame(order, ['b', 'a'])
})

t.test('a run that fails holds up nobody', async (t) => {
  const inTurn = createTurns()
  const failed = inTurn('a', () => Promise.reject(new Error('failed')))
  const next = inTurn('a', async () => 'next')
  await t.rejects(failed, { message: 'failed' })
  t.equal(await next, 'next')
  t.equal(await inTurn('a', async () => 'later'), 'later')
})
