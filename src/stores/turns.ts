/** Runs one thing after the other by name, whatever became of the one before. */
export type InTurn = <R>(name: string, run: () => Promise<R>) => Promise<R>

export function createTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return (name, run) => {
    const result = (last.get(name) ?? Promise.resolve()).then(run)
    const turn = result
      .catch(() => {})
      .then(() => {
        if (last.get(name) === turn) last.delete(name)
      })
    last.set(name, turn)
    return result
  }
}
