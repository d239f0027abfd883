import timers from 'node:timers'
import type { Delay } from '../../schemas/fault.ts'

// Those of Node, whatever a test has put in their place.
const { setTimeout, clearTimeout } = timers

/** Milliseconds to wait: the number itself, or one from the range. `random` gives 0 up to, not including, 1. */
export function millisecondsOf(delay: Delay, random: () => number): number {
  if (typeof delay === 'number') return delay
  const [from = 0, to = 0] = delay.split('-').map(Number)
  return Math.floor(Math.min(from, to) + random() * (Math.abs(to - from) + 1))
}

/** Waits, but no longer than somebody is there to wait for: `watch` is told how to end it. */
export function wait(milliseconds: number, watch: (end: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    watch(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
