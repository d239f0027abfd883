import { setTimeout as sleep } from 'node:timers/promises'
import type { Delay } from '../../schemas/fault.ts'

/** Milliseconds to wait: the number itself, or one from the range. `random` gives 0 up to, not including, 1. */
export function millisecondsOf(delay: Delay, random: () => number): number {
  if (typeof delay === 'number') return delay
  const [from = 0, to = 0] = delay.split('-').map(Number)
  return Math.floor(Math.min(from, to) + random() * (Math.abs(to - from) + 1))
}

/** Waits, but no longer than somebody is there to wait for: an aborted wait ends at once and is no error. */
export async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal }).catch(() => {})
}
