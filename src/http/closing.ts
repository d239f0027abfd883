/**
 * Ends what still waits or streams when the server closes. Not an AbortSignal: the DOM of somebody's test may stand in
 * that one's place, and Node takes only its own.
 */
export type Closing = {
  hasBegun: () => boolean
  /** Calls back once, at once if it has begun. Returns how to stop that. */
  onceBegun: (end: () => void) => () => void
  begin: () => void
}

export function createClosing(): Closing {
  const ends = new Set<() => void>()
  let hasBegun = false
  return {
    hasBegun: () => hasBegun,
    onceBegun: (end) => {
      if (hasBegun) end()
      else ends.add(end)
      return () => ends.delete(end)
    },
    begin: () => {
      hasBegun = true
      for (const end of ends) end()
      ends.clear()
    },
  }
}
