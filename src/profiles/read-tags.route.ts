import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import {
  type TagsQuery,
  type TagTreeQuery,
  tagOperation,
  tagsOperation,
  tagTreeOperation,
} from '../../schemas/read-tags.ts'
import { misfit, whatCame } from '../values/validation.ts'
import { signedInCall } from './call.ts'
import { byId, hasText, treeOf } from './lists.ts'
import { addOperation, idOf } from './operation-route.ts'
import { refusal, unfit } from './refusal.ts'
import { sightOf } from './sight.ts'
import { isShown, tagView } from './tag-view.ts'

/** GET /tag, /tag/tree and /tag/{id} (P). */
export function readTagsRoutes(app: FastifyInstance, { vendorRules }: { vendorRules: boolean }): void {
  const seen = async (request: FastifyRequest) => {
    const { world, caller } = signedInCall(request)
    const directory = await world.directory()
    return { directory, sight: sightOf(caller, directory, vendorRules) }
  }
  const shownTags = async (request: FastifyRequest, { type, includeDisabled, format }: TagsQuery) => {
    const { directory, sight } = await seen(request)
    return (
      [...directory.tags.values()]
        .filter((tag) => isShown(tag, directory, sight, { includeDisabled: includeDisabled === true }))
        .map((tag) => tagView(tag, directory, format))
        // [get-tags.type]
        .filter((tag) => type === undefined || tag.type === type)
        .sort(byId)
    )
  }

  // [get-tags.list]
  addOperation(app, tagsOperation, {
    onRequest: [refuseDetectionFilter],
    handler: async (request) => {
      const query = request.query as TagsQuery
      const { q = '' } = query
      const tags = await shownTags(request, query)
      // A full name ends with the name.
      return { success: true, tags: tags.filter(({ fullName }) => hasText(fullName, q)) }
    },
  })

  // [get-tag-tree.roots]
  addOperation(app, tagTreeOperation, {
    handler: async (request) => {
      // One whose parent is of another type is a root [get-tag-tree.type].
      return treeOf(await shownTags(request, request.query as TagTreeQuery))
    },
  })

  // [get-tag.flat] [get-tag.unknown]
  addOperation(app, tagOperation, {
    handler: async (request) => {
      const { directory, sight } = await seen(request)
      const tag = directory.tags.get(idOf(request))
      if (!tag || !isShown(tag, directory, sight))
        throw refusal('not-found', `there is no tag ${idOf(request)}`)
      return tagView(tag, directory)
    },
  })
}

/** [get-tags.detection-filter] (P) */
const refuseDetectionFilter: onRequestHookHandler = (request, _reply, done) => {
  const { detectionFilter } = request.query as { detectionFilter?: unknown }
  if (detectionFilter === undefined) return done()
  const got = whatCame(detectionFilter, 'detectionFilter')
  done(unfit('parameter-unfit', [misfit('detectionFilter', 'left out', got)]))
}
