import type { ArmedFault, Fault } from '../../schemas/fault.ts'
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

/** The faults of one world, in the order they were armed. */
export type Faults = {
  /** Undefined when too many are armed. Faults that are spent make room. */
  arm: (fault: Fault) => ArmedFault | undefined
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

export function createFaults(): Faults {
  let armed: { fault: ArmedFault; isMeant: ReturnType<typeof matchCall> }[] = []
  /** Calls that were broken and that a browser sends again, by the fault that broke them. */
  const broken = new Set<string>()
  let lastId = 0
  return {
    arm: (fault) => {
      // [fault.spent]
      if (armed.length >= mostFaults) armed = armed.filter(({ fault: earlier }) => !isSpent(earlier))
      if (armed.length >= mostFaults) return undefined
      lastId += 1
      const entry = { id: `fault-${lastId}`, matched: 0, injected: 0, ...fault }
      armed = [...armed, { fault: entry, isMeant: matchCall(fault.match ?? {}) }]
      return entry
    },
    list: () => armed.map(({ fault }) => ({ ...fault })),
    disarm: (id) => {
      const left = id === undefined ? [] : armed.filter(({ fault }) => fault.id !== id)
      const wasThere = left.length < armed.length
      armed = left
      broken.clear()
      return wasThere
    },
    take: (call, phase) => {
      for (const { fault, isMeant } of armed) {
        if ((fault.phase ?? 'before-commit') !== phase || !isMeant(call)) continue
        // [fault.repetition]
        const again = `${fault.id} ${call.userId} ${call.method} ${call.url}`
        if (!call.isOnUsedConnection && broken.delete(again)) return fault
        if (isSpent(fault)) continue
        fault.matched += 1
        if (fault.matched <= (fault.after ?? 0)) continue
        fault.injected += 1
        if (fault.repetition && call.isOnUsedConnection) {
          if (broken.size === mostFaults) broken.clear()
          broken.add(again)
        }
        return fault
      }
      return undefined
    },
  }
}

const isSpent = ({ injected, times = Number.POSITIVE_INFINITY }: ArmedFault) => injected >= times
