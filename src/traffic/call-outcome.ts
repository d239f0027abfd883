import type { ProfileChange } from '../../schemas/journal.ts'
import type { StoredProfile } from '../../schemas/seed.ts'
import { differencesOf } from '../values/difference.ts'
import { shownJson } from '../values/redaction.ts'

/**
 * What came of a call. Profiles are immutable values, so what they were and what they became are references;
 * differences are made when somebody looks.
 */
export type CallOutcome = {
  /** What was answered: JSON or another text, or when `answerIsCut` its beginning. */
  answerText?: string | undefined
  answerIsCut?: boolean | undefined
  /** The profiles that it changed, and in the same order what they became. */
  before?: readonly StoredProfile[] | undefined
  after?: readonly StoredProfile[] | undefined
  /** Characters of the whole body: no more than that can be new in what the profiles became. */
  bodyLength?: number | undefined
}

/** Roughly what a changed copy of a profile takes, but for its `rawData`. */
const profileBytes = 512

/** [journal.outcome-bounds] What it takes in memory beyond what the call itself and the world hold. */
export function sizeOfOutcome({ answerText = '', before, after, bodyLength = 0 }: CallOutcome): number {
  let size = 2 * answerText.length
  if (!after) return size
  size += after.length * profileBytes + 2 * bodyLength
  for (let index = 0; index < after.length; index += 1) {
    size += copiedKeys(before?.[index]?.rawData, after[index]?.rawData) * 16
  }
  return size
}

/** Keys of those objects that a merge had to copy: the rest is one and the same in both. */
function copiedKeys(before: unknown, after: unknown): number {
  if (before === after || typeof after !== 'object' || after === null) return 0
  let count = 0
  for (const key in after) {
    count += 1 + copiedKeys((before as Record<string, unknown> | undefined)?.[key], after[key as never])
  }
  return count
}

export function forgetOutcome(call: CallOutcome): void {
  call.answerText = undefined
  call.before = undefined
  call.after = undefined
}

/** What became of each profile, place by place. [journal.jwt] */
export const profileChanges = ({ before = [], after = [] }: CallOutcome): ProfileChange[] =>
  after.map((profile, index) => ({
    id: profile.id,
    differences: shownJson(differencesOf(before[index], profile)),
  }))
