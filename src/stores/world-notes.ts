import type { ArmedFault, Delay } from '../../schemas/fault.ts'
import type { ScenarioName } from '../../schemas/scenario.ts'

/** What is injected into the traffic of a world, in plain data: as JSON it can be kept anywhere. */
export type WorldNotes = {
  /** In the order they were armed. */
  faults: ArmedFault[]
  /** How many have been armed. */
  lastFault: number
  /** Calls that were broken and that a browser sends again, by the fault that broke them. */
  broken: string[]
  /** Added to every call. */
  delay: Delay
  scenario: ScenarioName
  /** Calls since the scenario was chosen, or since its limit was lifted. */
  scenarioCalls: number
  /** Until when its limit holds, in milliseconds since 1970. */
  limitedUntil: number | undefined
  /** Where its clock has been stopped, in milliseconds since 1970. */
  stoppedAt: number | undefined
}

/** Nothing is bent. */
export const freshNotes = (): WorldNotes => ({
  faults: [],
  lastFault: 0,
  broken: [],
  delay: 0,
  scenario: 'happy',
  scenarioCalls: 0,
  limitedUntil: undefined,
  stoppedAt: undefined,
})
