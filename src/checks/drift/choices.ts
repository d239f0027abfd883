import { isDeepStrictEqual } from 'node:util'
import type { Choice } from './alternatives.ts'
import type { Change } from './changes.ts'
import { effectOf } from './finding.ts'
import { isDescribed, type View } from './view.ts'

/** Choices that read the same belong together, wherever they stand; the others in order. */
export function pairsOfChoices(
  ours: readonly Choice[],
  theirs: readonly Choice[],
): [ours: Choice | undefined, theirs: Choice | undefined][] {
  const rest = [...theirs]
  const same = ours.map((choice) => {
    const index = rest.findIndex((other) => isDeepStrictEqual(textOf(choice), textOf(other)))
    return [choice, index === -1 ? undefined : rest.splice(index, 1)[0]] as const
  })
  return [
    ...same.map(([choice, other]): [Choice, Choice | undefined] => [choice, other ?? rest.shift()]),
    ...rest.map((other): [undefined, Choice] => [undefined, other]),
  ]
}

const textOf = ({ keyword, branches }: Choice) => [keyword, branches.map(({ value }) => value)]

/** Whether alternatives stand in place of the other schema, not beside what both say. */
export const isInstead = (one: View, other: View): boolean =>
  one.choices.length > 0 && !isDescribed(one) && other.choices.length === 0 && isDescribed(other)

/** Fewer alternatives let less through, and so do alternatives that were not asked for before. */
export function choiceChange(
  ours: Choice | undefined,
  theirs: Choice | undefined,
  isInstead: boolean,
): Omit<Change, 'kind'> {
  const count = (choice: Choice | undefined) =>
    choice?.branches.length ?? (isInstead ? 1 : Number.POSITIVE_INFINITY)
  const text = (choice: Choice | undefined) =>
    choice ? `${choice.keyword} ${choice.branches.length} schemas` : isInstead ? 'one schema' : null
  const [was, is] = [count(ours), count(theirs)]
  const isStricter = is < was || (is === was && theirs?.keyword === 'oneOf')
  return { expected: text(ours), got: text(theirs), effect: effectOf(isStricter, !isStricter) }
}
