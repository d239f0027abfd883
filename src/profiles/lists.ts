/** Order of every list that is read (A). */
export const byId = (a: { id: number }, b: { id: number }) => a.id - b.id

/** [query.text] Capital and small letters are the same (A). */
export const hasText = (name: string, text: string) => name.toLowerCase().includes(text.toLowerCase())

export type Branch<T> = T & { children: Branch<T>[] }

/** Each below its parent; a root is one whose parent is not among them. No seed has circles. */
export function treeOf<T extends { id: number; parent: number | null }>(nodes: readonly T[]): Branch<T>[] {
  const branches = new Map(
    nodes.map((node): [number | null, Branch<T>] => [node.id, { ...node, children: [] }]),
  )
  const roots: Branch<T>[] = []
  for (const branch of branches.values()) {
    const siblings = branches.get(branch.parent)?.children ?? roots
    siblings.push(branch)
  }
  return roots
}
