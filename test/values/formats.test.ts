import t from 'tap'
import { instantOf } from '../../schemas/formats.ts'

const instants: [text: string, instant: string | undefined][] = [
  ['2023-12-01 14:30:00', '2023-12-01T14:30:00.000Z'],
  ['2023-12-01', '2023-12-01T00:00:00.000Z'],
  ['2023-12-01T14:30', '2023-12-01T14:30:00.000Z'],
  ['2023-12-01T14:30:00+02:00', '2023-12-01T12:30:00.000Z'],
  ['2023-13-01', undefined],
  ['yesterday', undefined],
]

for (const [text, instant] of instants) {
  t.test(`${text} is ${instant ?? 'no date-time'}`, async (t) => {
    const milliseconds = instantOf(text)
    t.equal(Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString(), instant)
  })
}
