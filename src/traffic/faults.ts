import type { ArmedFault, Fault } from '../../schemas/fault.ts'
import type { WorldNotes } from '../stores/world-notes.ts'

/** What a fault is matched against. */
export type FaultedCall = { method: string; path: string; userId: number }

export type Phase = NonNullable<Fault['phase']>

/** As much of a world's notes as its faults are kept in. */
export type FaultNotes = Pick<WorldNotes, 'faults' | 'lastFault'>

/** The faults of one world, in the order they were armed. */
export type Faults = {
  arm: (fault: Fault) => ArmedFault
  list: () => ArmedFault[]
  /** Removes one, or all. Returns whether there was any. */
  disarm: (id?: string) => boolean
  /**
   * [fault.times] The first fault that is due for this call in this phase. Counting and deciding are one step, so
   * `times` and `after` are exact however many calls run at once.
   */
  take: (call: FaultedCall, phase: Phase) => ArmedFault | undefined
}

export function faultsOf(notes: FaultNotes): Faults {
  return {
    arm: (fault) => {
      notes.lastFault += 1
      const entry = { id: `fault-${notes.lastFault}`, matched: 0, injected: 0, ...fault }
      notes.faults.push(entry)
      return entry
    },
    list: () => notes.faults.map((fault) => ({ ...fault })),
    disarm: (id) => {
      const left = id === undefined ? [] : notes.faults.filter((fault) => fault.id !== id)
      const wasThere = left.length < notes.faults.length
      notes.faults = left
      return wasThere
    },
    take: (call, phase) => {
      for (const fault of notes.faults) {
        if ((fault.phase ?? 'before-commit') !== phase || !matches(fault, call)) continue
        if (fault.injected >= (fault.times ?? Number.POSITIVE_INFINITY)) continue
        fault.matched += 1
        if (fault.matched <= (fault.after ?? 0)) continue
        fault.injected += 1
        return fault
      }
      return undefined
    },
  }
}

function matches({ match = {} }: Fault, { method, path, userId }: FaultedCall): boolean {
  return (
    (match.method === undefined || match.method.toUpperCase() === method) &&
    (match.path === undefined || match.path === path) &&
    (match.userId === undefined || match.userId === userId)
  )
}
