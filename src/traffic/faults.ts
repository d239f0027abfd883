import type { ArmedFault, Fault } from '../../schemas/fault.ts'
import type { WorldNotes } from '../stores/world-notes.ts'
import { matchCall } from './match-call.ts'

/** What a fault is matched against. */
export type FaultedCall = {
  method: string
  path: string
  userId: number
  /** Path and query. */
  url: string
  /** Its connection has carried calls before: a browser that loses such a one sends the call again on a new one. */
  isOnUsedConnection: boolean
}

export type Phase = NonNullable<Fault['phase']>

/** As much of a world's notes as its faults are kept in. */
export type FaultNotes = Pick<WorldNotes, 'faults' | 'lastFault' | 'broken'>

/** The faults of one world, in the order they were armed. */
export type Faults = {
  /** Undefined when too many are armed. Faults that are spent make room. */
  arm: (fault: Fault, most?: number) => ArmedFault | undefined
  list: () => ArmedFault[]
  /** Removes one, or all. Returns whether there was any. */
  disarm: (id?: string) => boolean
  /**
   * [fault.times] The first fault that is due for this call in this phase. Counting and deciding are one step, so
   * `times` and `after` are exact however many calls run at once.
   */
  take: (call: FaultedCall, phase: Phase) => ArmedFault | undefined
}

/** How many faults of a world can be armed at once. */
export const mostFaults = 1000

export function faultsOf(notes: FaultNotes): Faults {
  return {
    arm: (fault, most = mostFaults) => {
      // [fault.spent]
      if (notes.faults.length >= most) notes.faults = notes.faults.filter((earlier) => !isSpent(earlier))
      if (notes.faults.length >= most) return undefined
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
      notes.broken = []
      return wasThere
    },
    take: (call, phase) => {
      for (const fault of notes.faults) {
        if ((fault.phase ?? 'before-commit') !== phase || !matcherOf(fault)(call)) continue
        // [fault.repetition]
        const again = `${fault.id} ${call.userId} ${call.method} ${call.url}`
        if (!call.isOnUsedConnection && notes.broken.includes(again)) {
          notes.broken = notes.broken.filter((other) => other !== again)
          return fault
        }
        if (isSpent(fault)) continue
        fault.matched += 1
        if (fault.matched <= (fault.after ?? 0)) continue
        fault.injected += 1
        if (fault.repetition && call.isOnUsedConnection)
          notes.broken = [...notes.broken.filter((other) => other !== again), again].slice(-mostFaults)
        return fault
      }
      return undefined
    },
  }
}

const matchers = new WeakMap<ArmedFault, ReturnType<typeof matchCall>>()

function matcherOf(fault: ArmedFault): ReturnType<typeof matchCall> {
  const matcher = matchers.get(fault) ?? matchCall(fault.match ?? {})
  matchers.set(fault, matcher)
  return matcher
}

const isSpent = ({ injected, times = Number.POSITIVE_INFINITY }: ArmedFault) => injected >= times
