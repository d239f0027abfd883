import { type Static, Type } from '@sinclair/typebox'
import { Enum } from './enum.ts'

/** Ready-made situations, to show or to test. */
export const ScenarioName = Enum(['happy', 'empty', 'flaky', 'slow', 'rate-limited', 'auth-expired'])
export type ScenarioName = Static<typeof ScenarioName>

/** Body of PUT /__admin/scenario. */
export const ScenarioChoice = Type.Object({ name: ScenarioName }, { additionalProperties: false })
export type ScenarioChoice = Static<typeof ScenarioChoice>
