import type { ArmedFault, Delay } from '../../schemas/fault.ts'
import type { ScenarioName } from '../../schemas/scenario.ts'

/** What bends the traffic of a world, in plain data: as JSON it can be kept anywhere. */
export type WorldNotes = {
  /** In the order they were armed. */
  faults: ArmedFault[]
  /** How many have been armed. */
  lastFault: number
  /** Added to every call. */
  delay: Delay
  scenario: ScenarioName
  /** Calls since the scenario was chosen. */
  scenarioCalls: number
}

/** Nothing is bent. */
export const freshNotes = (): WorldNotes => ({
  faults: [],
  lastFault: 0,
  delay: 0,
  scenario: 'happy',
  scenarioCalls: 0,
})
