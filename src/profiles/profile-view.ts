import type { ProfileView, SettingsView } from '../../schemas/profile-view.ts'
import type { StoredProfile } from '../../schemas/seed.ts'
import type { Directory } from '../stores/directory.ts'
import { derivedSettings, type Inheritance } from './derived-settings.ts'
import type { Sight } from './sight.ts'

/** [get-profile.flat] A profile as the vendor shows it: own settings and the derived ones in one object (S, P). */
export function fullView(
  profile: StoredProfile,
  directory: Directory,
  sight: Sight,
  inheritance?: Inheritance,
): ProfileView {
  const { rawData: _onlyOnRequest, settings: own, lastSeen, ...shown } = profile
  const settings = { ...own, ...derivedSettings(profile, directory, inheritance) }
  return {
    ...shown,
    ...(lastSeen !== undefined && sight.lastSeenOf(profile.id) && { lastSeen }),
    settings: sight.hidesTags ? withoutHiddenTags(settings, sight) : settings,
  }
}

/** [vendor-rules.private-skills] Hidden tags are no skills that the caller sees (P). */
function withoutHiddenTags(settings: SettingsView, sight: Sight): SettingsView {
  const { skills, actualSkills } = settings
  return {
    ...settings,
    ...(skills?.tagIds && { skills: { ...skills, tagIds: skills.tagIds.filter(sight.tag) } }),
    ...(actualSkills?.tagIds && {
      actualSkills: { ...actualSkills, tagIds: actualSkills.tagIds.filter(sight.tag) },
    }),
  }
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
