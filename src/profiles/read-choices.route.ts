import type { FastifyInstance } from 'fastify'
import {
  type SubchannelsQuery,
  statusOptionsOperation,
  subchannelsOperation,
} from '../../schemas/read-choices.ts'
import { supersetRolesOperation } from '../../schemas/read-profiles.ts'
import { StatusFlags, type StatusOption, type StatusOptionView } from '../../schemas/status-option.ts'
import type { Subchannel, SubchannelView } from '../../schemas/subchannel.ts'
import { signedInCall } from './call.ts'
import { byId } from './lists.ts'
import { addOperation, idOf } from './operation-route.ts'
import { existingProfile } from './read-profiles.route.ts'

/** What else a form chooses from: GET /profile/timeTrackingStatusOptions, /profile/{id}/supersetRoles and /settings/subchannel (P). */
export function readChoicesRoutes(app: FastifyInstance): void {
  // [get-status-options.list]
  addOperation(app, statusOptionsOperation, {
    handler: async (request) => {
      const { statusOptions } = await signedInCall(request).world.directory()
      return { success: true, timeTrackingStatusOptions: [...statusOptions.values()].map(optionView) }
    },
  })

  // [get-superset-roles.list]
  addOperation(app, supersetRolesOperation, {
    handler: async (request) => {
      const { world } = signedInCall(request)
      await existingProfile(world, idOf(request))
      return { success: true, supersetRoles: (await world.directory()).supersetRoles ?? [] }
    },
  })

  // [get-subchannels.list] [get-subchannels.channels] [get-subchannels.id]
  addOperation(app, subchannelsOperation, {
    handler: async (request) => {
      const { subchannels } = await signedInCall(request).world.directory()
      const { channels = [], channel, id } = request.query as SubchannelsQuery
      const wanted = [...channels, ...(channel ? [channel] : [])]
      const isWanted = (of: Subchannel['channel']) =>
        wanted.length === 0 || wanted.includes('all') || wanted.includes(of) || isVoice(of, wanted)
      const found = subchannels.filter(
        (subchannel) => isWanted(subchannel.channel) && (id === undefined || subchannel.id === id),
      )
      return { success: true, subchannels: found.map(subchannelView).sort(byId) }
    },
  })
}

/** Another word for the same channel (P). */
const isVoice = (channel: string, wanted: readonly string[]) =>
  channel === 'phone' && wanted.includes('voice')

const noFlag = Object.fromEntries(Object.keys(StatusFlags.properties).map((flag) => [flag, false]))

function optionView({ id, label = id, longLabel = label, ...option }: StatusOption): StatusOptionView {
  return { id, label, longLabel, description: '', icon: '', ...noFlag, ...option } as StatusOptionView
}

function subchannelView({ enabled = true, ...subchannel }: Subchannel): SubchannelView {
  const status = enabled ? 'active' : 'inactive'
  return { isDefault: false, interface: 'internal', ...subchannel, enabled, status, data: {} }
}
