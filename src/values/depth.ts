/** Deeper data could not be merged or shown again without exhausting the stack (A). */
export const deepestData = 100

/** How many levels a tree of teams may have: a deeper one could not be answered as one document (A). */
export const deepestTeam = 100

/** Whether a JSON value has more than so many levels of objects and arrays. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const key in value) if (isDeeperThan(levels - 1, value[key as never])) return true
  return false
}
