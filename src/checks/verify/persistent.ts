import type { NoAnswer, Send, WireAnswer } from './wire.ts'

/** Resolves after so many milliseconds. */
export type Wait = (ms: number) => Promise<unknown>

const pausesMs = [250, 1000]
const longestPauseMs = 5000

/**
 * Sends again, a few times, what got no whole answer or one that means: later. For requests that may arrive twice. Other
 * answers are nobody's hiccup.
 */
export const persistent =
  (send: Send, wait: Wait): Send =>
  async (request) => {
    for (const pauseMs of pausesMs) {
      const answer = await send(request).catch(() => ({ problem: 'nobody is there' }))
      if (!isHiccup(answer)) return answer
      await wait(Math.max(pauseMs, askedPauseMs(answer)))
    }
    return send(request)
  }

const isHiccup = (answer: WireAnswer | NoAnswer) =>
  'problem' in answer || answer.status === 429 || answer.status >= 500

/** What the target asks for, in seconds; where it names a date, the usual pause will do. */
function askedPauseMs(answer: WireAnswer | NoAnswer): number {
  const seconds = 'problem' in answer ? 0 : Number(answer.headers['retry-after'] ?? 0)
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, longestPauseMs) : 0
}
