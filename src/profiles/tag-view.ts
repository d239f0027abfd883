import type { TagsQuery } from '../../schemas/read-tags.ts'
import type { Tag, TagView } from '../../schemas/tag.ts'
import type { Directory } from '../stores/directory.ts'
import { type Sight, withParents } from './sight.ts'

/** A tag as the vendor shows it, with the published defaults where the seed says nothing (P; A for the lesser formats). */
export function tagView(tag: Tag, directory: Directory, format: TagsQuery['format'] = 'full'): TagView {
  const { id, name, parent = null, type = 'skill', visibility = 'public', color = 'grey', ...detection } = tag
  const names = withParents(id, directory).map((above) => above.name)
  const shown = { id, name, fullName: names.reverse().join(': '), parent, type, visibility, color }
  // [get-tags.format]
  if (format !== 'full') return shown
  return {
    ...shown,
    reference: 'ticket',
    properties: [],
    sla: null,
    priority: 'do-not-change',
    channels: [],
    subchannels: [],
    detectionDetails: {},
    assignment: [],
    ...detection,
  }
}

/** [get-tags.hidden] Whether a tag is shown: neither it nor one above it is disabled, unless asked for, or hidden (P). */
export function isShown(
  tag: Tag,
  directory: Directory,
  sight: Sight,
  { includeDisabled = false }: Pick<TagsQuery, 'includeDisabled'> = {},
): boolean {
  const isDisabled = withParents(tag.id, directory).some(({ visibility }) => visibility === 'disabled')
  return sight.tag(tag.id) && (includeDisabled || !isDisabled)
}
