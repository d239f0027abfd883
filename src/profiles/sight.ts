import type { Tag } from '../../schemas/tag.ts'
import type { Directory } from '../stores/directory.ts'
import type { Caller } from './caller.ts'

/** What a caller may see. */
export type Sight = {
  lastSeenOf: (profileId: number) => boolean
  /** When others were last seen. */
  lastSeen: boolean
  team: (id: number) => boolean
  tag: (id: number) => boolean
  /** Whether there may be a tag that is not seen. */
  hidesTags: boolean
}

/** Without `--vendor-rules`. */
export const everything: Sight = {
  lastSeenOf: () => true,
  lastSeen: true,
  team: () => true,
  tag: () => true,
  hidesTags: false,
}

/** Everything, or with `--vendor-rules` what the caller's permissions and teams show (P). */
export function sightOf(caller: Caller, directory: Directory, vendorRules: boolean): Sight {
  if (!vendorRules) return everything
  // [vendor-rules.last-seen]
  const lastSeen = caller.holds('readUserLastSeenDate') || caller.holds('readAnyUserProfile')
  const seesPrivateTags = caller.holds('viewPrivateTags')
  return {
    // [vendor-rules.own-last-seen]
    lastSeenOf: (profileId) => lastSeen || caller.id === profileId,
    lastSeen,
    team: caller.seesTeam,
    hidesTags: !seesPrivateTags,
    // [vendor-rules.private-tags] An id that no tag has hides nothing (A).
    tag: (id) =>
      seesPrivateTags || !withParents(id, directory).some(({ visibility }) => visibility === 'private'),
  }
}

/** A tag and those above it, itself first. */
export function withParents(id: number, { tags }: Directory): Tag[] {
  const line: Tag[] = []
  for (let tag = tags.get(id); tag; tag = tags.get(tag.parent ?? Number.NaN)) line.push(tag)
  return line
}
