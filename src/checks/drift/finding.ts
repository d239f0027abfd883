/** What differs; docs/drift.md explains each. */
export type Kind =
  | `${'path' | 'operation' | 'parameter' | 'request-body' | 'media-type' | 'status'}-${'added' | 'removed'}`
  | `${'property' | 'required' | 'enum' | 'enum-value'}-${'added' | 'removed'}`
  | `${'type' | 'format' | 'nullable' | 'read-only' | 'write-only'}-changed`
  | `${'composition' | 'constraint' | 'media-type' | 'parameter-location' | 'security'}-changed`

/** What a difference does, by the side of a call it is on. */
export type Effect = {
  /** Clients that send what was right are refused or not understood. */
  request: boolean
  /** Clients that read get what they do not expect. */
  response: boolean
  /** The mock's own answers would no longer be right. */
  answers: boolean
}

/** Less is right than before, or more is, or both. */
export const effectOf = (narrows: boolean, widens: boolean): Effect => ({
  request: narrows,
  response: widens,
  answers: narrows,
})

export const harmless: Effect = effectOf(false, false)

/** The place in both documents: names that are the same wherever the part is used, and paths for readers. */
export type Spot = { ours: string; theirs: string; path: string; theirPath: string }

/** One difference at one place. `about` names the rule that changed where the kind does not. */
export type Found = { kind: Kind; spot: Spot; expected: unknown; got: unknown; about?: string }

/** One difference between two schemas, whichever side of a call they are on. */
export type Finding = Found & { effect: Effect }

/** A difference and whom it concerns: clients, and what the mock checks or answers. */
export type Told = Found & { operationId?: unknown; breaking: boolean; mockDepends: boolean }

/** Whatever a request may hold, the mock checks it. */
export const onRequest = ({ effect, ...found }: Finding): Told => ({
  ...found,
  breaking: effect.request,
  mockDepends: true,
})

export const onResponse = ({ effect, ...found }: Finding): Told => ({
  ...found,
  breaking: effect.response,
  mockDepends: effect.answers,
})

/** The spot of what is no schema, and so is used in one place only. */
export const spotAt = (path: string): Spot => ({ ours: path, theirs: path, path, theirPath: path })

/** Findings that come from one edit, first at this path. */
export type Edit<F extends Found> = { path: string; findings: [F, ...F[]] }

/** With what else each of our parts was compared. */
export type Counterparts = ReadonlyMap<string, ReadonlySet<string>>

/**
 * One edit each, however often the edited part is used: the same part of their document, or every counterpart of the
 * same part of ours. An edit of only some counterparts is told where they are.
 */
export function editsOf<F extends Found>(findings: readonly F[], counterparts: Counterparts): Edit<F>[] {
  const byTheirs = grouped(findings, ({ spot, ...finding }) => `${spot.theirs} ${what(finding)}`)
  const byOurs = grouped(byTheirs, ([{ spot, ...finding }]) => `${spot.ours} ${what(finding)}`)
  return byOurs.flatMap((groups) => {
    const [[{ spot }]] = groups
    const isEverywhere = groups.length >= (counterparts.get(spot.ours)?.size ?? 1)
    if (isEverywhere) return [{ path: spot.path, findings: groups.flat() as [F, ...F[]] }]
    return groups.map((group) => ({ path: group[0].spot.theirPath, findings: group }))
  })
}

const what = ({ kind, expected, got, about }: Omit<Found, 'spot'>) =>
  JSON.stringify([kind, expected, got, about])

/** In groups of the same key, each in order. */
export function grouped<T>(all: readonly T[], keyOf: (entry: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const entry of all) {
    const key = keyOf(entry)
    const group = groups.get(key)
    if (group) group.push(entry)
    else groups.set(key, [entry])
  }
  return [...groups.values()]
}
