import { isDeepStrictEqual } from 'node:util'
import type { StoredProfile } from '../../schemas/seed.ts'
import type { Sandbox } from './sandboxes.ts'

/** The ids of the profiles that are as they were before, or why nothing was put back. */
export type Undo = { profiles: number[]; refused?: never } | { refused: string }

/**
 * [undo.put-back] Puts each profile that a call changed back as it was before, all or none: one that has been changed
 * since stays, and so do the others [undo.changed-since]. [undo.replicas] The journal is this process's own, the world is not.
 */
export async function undoCall({ world, journal }: Sandbox, id: number): Promise<Undo> {
  const { before = [], after = [] } = journal.outcome(id)
  if (after.length === 0)
    return { refused: `call ${id} changed nothing, or what it changed is no longer kept` }
  const ids = after.map((profile) => profile.id)
  const changedSince = await world.update(ids, (stored) => {
    const other = after.find((profile) => !isSame(stored.get(profile.id), profile))
    return { changed: other ? [] : before, result: other }
  })
  if (changedSince) return { refused: reasonOf(changedSince, id, journal) }
  journal.markUndone(id)
  return { profiles: ids }
}

/** A store may have kept them as JSON, which does not tell -0 from 0. */
const isSame = (stored: StoredProfile | undefined, profile: StoredProfile) =>
  stored === profile || (stored !== undefined && isDeepStrictEqual(asJson(stored), asJson(profile)))

const asJson = (profile: StoredProfile): unknown => JSON.parse(JSON.stringify(profile))

function reasonOf({ id: profileId }: StoredProfile, id: number, journal: Sandbox['journal']): string {
  const later = journal.changedLater(id, profileId)
  const changer = later
    ? `call ${later.id} (${later.method} ${later.path}): undo that one first`
    : 'something that is no call of this mock, such as an earlier undo, a restored snapshot, PUT /state or another mock on the same store'
  return `nothing was put back: profile ${profileId} has been changed since call ${id} by ${changer}`
}
