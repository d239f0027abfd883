import { type Static, Type } from '@sinclair/typebox'
import { Enum } from './enum.ts'

/** [get-subchannels.no-such-channel] Channels that have subchannels: not `system` and `walkIn` (P). `voice` is another word for `phone` (P). */
export const SubchannelChannel = Enum(['email', 'portal', 'phone', 'letter', 'chat', 'internal'])

const named = {
  id: Type.Integer({ example: 1 }),
  channel: SubchannelChannel,
  name: Type.String({ example: 'Support' }),
}

const optional = {
  isDefault: Type.Boolean({ description: 'One of each channel', example: false }),
  interface: Type.String({ example: 'internal' }),
  enabled: Type.Boolean({ example: true }),
}

/** A subchannel of a seed, such as a mailbox (P). */
export const Subchannel = Type.Composite([Type.Object(named), Type.Partial(Type.Object(optional))], {
  additionalProperties: false,
})
export type Subchannel = Readonly<Static<typeof Subchannel>>

/** As shown. Older pages have `enabled` and newer ones `status`, so both are there (A). */
export const SubchannelView = Type.Object({
  ...named,
  ...optional,
  status: Enum(['active', 'inactive']),
  data: Type.Object({}, { description: 'Always empty: the mock keeps no credentials' }),
})
export type SubchannelView = Static<typeof SubchannelView>
