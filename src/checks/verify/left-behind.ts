import type { LeftBehind } from './profile.ts'

/** Says loudly that a profile is not as it was, unless the reason has been said. */
export function alarmOf({ id, why, body, byHand }: LeftBehind, said = ''): string {
  const isWritable = Object.keys(body.profiles[0]).length > 1
  const ways = [
    ...(isWritable ? ['send PATCH /profiles with the body that is printed'] : []),
    ...(byHand.length > 0 ? [`mend ${byHand.join(', ')} by hand`] : []),
  ]
  return `PROFILE ${id} MAY NOT BE AS IT WAS${said.includes(why) ? '' : ` (${why})`}: ${ways.join(', and ') || 'look at it'}.`
}
