import t from 'tap'
import { alarmOf } from '../../../src/checks/verify/left-behind.ts'

const left = (fields: object, byHand: string[]): Parameters<typeof alarmOf>[0] => ({
  id: 5,
  why: 'it answered 401',
  body: { profiles: [{ id: 5, ...fields }] },
  byHand,
})

const alarms: [what: string, left: Parameters<typeof alarmOf>[0], said: string, alarm: string][] = [
  [
    'fields that can be written',
    left({ lang: 'de' }, []),
    '',
    'PROFILE 5 MAY NOT BE AS IT WAS (it answered 401): send PATCH /profiles with the body that is printed.',
  ],
  [
    'keys that no body can put back',
    left({}, ['nickname', 'settings.x']),
    '',
    'PROFILE 5 MAY NOT BE AS IT WAS (it answered 401): mend nickname, settings.x by hand.',
  ],
  [
    'both',
    left({ lang: 'de' }, ['nickname']),
    '',
    'PROFILE 5 MAY NOT BE AS IT WAS (it answered 401): send PATCH /profiles with the body that is printed, and mend nickname by hand.',
  ],
  [
    'nothing that is known, and the reason has been said',
    left({}, []),
    'The run ended, since it answered 401.',
    'PROFILE 5 MAY NOT BE AS IT WAS: look at it.',
  ],
]

for (const [what, leftBehind, said, alarm] of alarms) {
  t.test(`${what}: the alarm says what to do`, async (t) => t.equal(alarmOf(leftBehind, said), alarm))
}
