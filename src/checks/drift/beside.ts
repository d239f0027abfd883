import type { Place } from './place.ts'
import type { View } from './view.ts'

/** The schema that stands in the other view where this one does: the component of its name, else the one in its place. */
export function counterpartOf(part: Place, from: View, to: View): Place | undefined {
  const namesake = part.path.startsWith('components.')
    ? to.parts.find(({ path }) => path === part.path)
    : undefined
  if (namesake || from.owners.length !== to.owners.length) return namesake
  return to.owners[from.owners.indexOf(part)]
}

/** What stands in the other view where this does, which may be all of it. */
export const besides = (
  part: Place | undefined,
  from: View,
  to: View,
  roots: readonly [from: Place, to: Place],
): Place | undefined => part && (part.value === roots[0].value ? roots[1] : counterpartOf(part, from, to))

/** The schemas of both views that stand for each other. */
export const pairsOfParts = (
  a: View,
  b: View,
  ourRoot: Place,
  theirRoot: Place,
): { ours: Place; theirs: Place }[] =>
  a.parts.flatMap((ours) => {
    const theirs = besides(ours, a, b, [ourRoot, theirRoot])
    return theirs ? [{ ours, theirs }] : []
  })
