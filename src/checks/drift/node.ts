import type { Facts } from './said.ts'

/** One of the schemas that together say what holds at a place, or whatever else says something of it. */
export type Part = {
  /** Where it stands in its document, the same wherever it is used. */
  id: string
  /** Where that is in a reader's words. */
  path: string
  /** Where it is among the parts. */
  position: string
  facts: Facts
  /** The types that its alternatives come to, for a schema that names none beside them. */
  implied?: string[] | undefined
}

/** Which way a value goes. */
export type Side = 'request' | 'response'

/** What a document says of one place, whichever way it is put together. */
export type Node = {
  /** The fact that says that there is such a thing; without it there is nothing else to say. */
  presence?: string
  /** All that say something of it, first the one that stands there. */
  parts: readonly [Part, ...Part[]]
  /** What they come to. */
  facts: Facts
  implied?: string[] | undefined
  side?: Side
  /** A read-only value is not sent, a write-only one not shown. */
  isReadOnly?: boolean
  isWriteOnly?: boolean
  /** Only looked for where both documents have the place, so a schema may hold itself. */
  children: () => Child[]
}

export type Child = {
  /** What it is called among the children, the same in both documents. */
  step: string
  /** Children that only one document has belong together if this is the same. */
  alike?: string
  /** Its path, from that of what it belongs to. */
  pathFrom: (path: string) => string
  /** Without it in one document there is nothing to compare. */
  isOptional?: boolean
  node: Node
}

export const samePath = (path: string): string => path

const nothingSaid: Facts = new Map()

/** A place of which one part says all. */
export const nodeOf = (
  { pointer, path }: { pointer: string; path: string },
  said: Record<string, unknown>,
  rest: Omit<Node, 'parts' | 'facts'>,
): Node => {
  const facts = new Map(Object.entries(said).filter(([, value]) => value !== undefined))
  return { ...rest, parts: [{ id: pointer, path, position: '', facts }], facts }
}

/** The same parts where they speak of one of their children. */
export const partsBelow = (
  { parts }: Pick<Node, 'parts'>,
  { step, pathFrom }: Pick<Child, 'step' | 'pathFrom'>,
  factsOf: (part: Part, index: number) => Facts = () => nothingSaid,
): Node['parts'] =>
  parts.map((part, index) => ({
    id: `${part.id} ${step}`,
    path: pathFrom(part.path),
    position: part.position,
    facts: factsOf(part, index),
  })) as unknown as Node['parts']

/** What stands for a child that a document does not have. */
export const nothingFor = (child: Child, parent: Node, facts: Facts = nothingSaid): Node => ({
  ...child.node,
  parts: partsBelow(parent, child),
  facts,
  implied: undefined,
  children: () => [],
})
