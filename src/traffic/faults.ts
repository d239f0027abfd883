import type { ArmedFault, Fault } from '../../schemas/fault.ts'
import { matchCall } from './match-call.ts'

/** What a fault is matched against. */
export type FaultedCall = { method: string; path: string; userId: number }

export type Phase = NonNullable<Fault['phase']>

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

export function createFaults(): Faults {
  let armed: { fault: ArmedFault; isMeant: ReturnType<typeof matchCall> }[] = []
  let lastId = 0
  return {
    arm: (fault) => {
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
      return wasThere
    },
    take: (call, phase) => {
      for (const { fault, isMeant } of armed) {
        if ((fault.phase ?? 'before-commit') !== phase || !isMeant(call)) continue
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
