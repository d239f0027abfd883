import { randomBytes } from 'node:crypto'
import type { Surroundings } from '../start.ts'

/** Those of this process, but for the clock, which is that of whoever uses the library. */
export const surroundingsAt = (now: () => number): Surroundings => ({
  now,
  random: Math.random,
  randomSecret: () => randomBytes(24).toString('base64url'),
})
