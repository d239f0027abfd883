import { type Static, Type } from '@sinclair/typebox'
import { AuthProfile } from './auth-profile.ts'
import { ProfileSettings } from './mind-profile.ts'
import { UndocumentedSettings } from './undocumented-settings.ts'

/** Settings as shown: own and derived values together (S). `status` may be one of the client's own list (P). */
export const SettingsView = Type.Composite([
  Type.Omit(ProfileSettings, ['status']),
  Type.Partial(Type.Object({ status: Type.String({ example: 'available' }) })),
  UndocumentedSettings,
])
export type SettingsView = Static<typeof SettingsView>

/** A profile as shown: flat, without anything that is write only (S, P). */
export const ProfileView = Type.Composite([
  Type.Omit(AuthProfile, ['image', 'password']),
  Type.Partial(Type.Object({ settings: SettingsView })),
])
export type ProfileView = Static<typeof ProfileView>

/** Custom data of the client, shown only when asked for (P). */
export const RawData = Type.Unsafe<Record<string, unknown>>(
  Type.Object({}, { additionalProperties: true, description: 'Custom data of the client' }),
)
