import timers from 'node:timers'
import type { Seed } from '../../schemas/seed.ts'
import { withFreshDates } from '../seed/fresh-dates.ts'
import type { Sandboxes } from '../traffic/sandboxes.ts'

// Taken when this is loaded: a test may fake them later.
const { setTimeout, clearTimeout } = timers

/** After a reset that failed, in ms. */
const patience = 1000
/** Node's timers hold no longer time. */
const longest = 2 ** 31 - 1

/** [demo.aligned] Resets are due at whole multiples of their distance since 1970, so all mocks agree and no restart puts one off. */
export const lastReset = (now: number, minutes: number): number => {
  const distance = minutes * 60_000
  return Math.floor(now / distance) * distance
}

export const nextReset = (now: number, minutes: number): number => lastReset(now, minutes) + minutes * 60_000

type Log = { warn: (about: object, message: string) => void }

/**
 * [demo.reset] Begins everything anew whenever that is due, and now if it was missed. Resolves with whether it was, and with how to stop.
 */
export async function keepResetting(
  sandboxes: Sandboxes,
  seed: Seed,
  minutes: number,
  log: Log,
): Promise<{ wasDue: boolean; stop: () => void }> {
  // The store does it once for each time, also where a timer is early.
  const renew = async () => {
    const due = lastReset(sandboxes.now(), minutes)
    return sandboxes.renew(withFreshDates(seed, due), due)
  }
  let timer: ReturnType<typeof setTimeout>
  let isStopped = false
  const wait = (ms: number) => {
    if (!isStopped) timer = setTimeout(reset, Math.min(ms, longest)).unref()
  }
  const waitForNext = () => {
    const now = sandboxes.now()
    wait(nextReset(now, minutes) - now)
  }
  const reset = () =>
    renew().then(waitForNext, (error: Error) => {
      log.warn({ reason: error.message }, 'the reset of the demo failed and is tried again')
      wait(patience)
    })
  const wasDue = await renew()
  waitForNext()
  return {
    wasDue,
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
