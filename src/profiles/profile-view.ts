import type { ProfileView } from '../../schemas/profile-view.ts'
import type { StoredProfile } from '../../schemas/seed.ts'
import type { Directory } from '../stores/directory.ts'
import { derivedSettings, type Inheritance } from './derived-settings.ts'

/** [get-profile.flat] A profile as the vendor shows it: own settings and the derived ones in one object (S, P). */
export function fullView(
  profile: StoredProfile,
  directory: Directory,
  inheritance?: Inheritance,
): ProfileView {
  const { rawData: _onlyOnRequest, settings, ...shown } = profile
  return { ...shown, settings: { ...settings, ...derivedSettings(profile, directory, inheritance) } }
}

/** [get-profiles.format] Without settings and the last login (P). */
export function shortView({
  rawData: _rawData,
  settings: _settings,
  lastSeen: _lastSeen,
  ...shown
}: StoredProfile): ProfileView {
  return shown
}
