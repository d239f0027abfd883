import { isDeeperThan } from '../../values/depth.ts'

/** Deeper than anything a service means; what looks into values would exhaust the stack. */
const deepest = 1000

/** The value of a JSON text, wrapped so that null is told from none. */
export function parsed(text: string): { value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isDeeperThan(deepest, value) ? undefined : { value }
  } catch {
    return undefined
  }
}
