import { readFile } from 'node:fs/promises'
import type { Seed } from '../../schemas/seed.ts'
import { defaultSeedFile } from '../values/package-info.ts'

const types = ['user', 'enneo', 'serviceWorker']

/** What of a seed can be used but is probably a slip, in sentences: each value once, with its first place. */
export async function seedWarnings({ profiles, roles }: Seed): Promise<string[]> {
  const builtIn: Seed = JSON.parse(await readFile(defaultSeedFile, 'utf8'))
  const permissions = new Set(builtIn.roles.flatMap((role) => role.permissions))
  const unknownTypes = placesOf(
    profiles.map(({ type }, index) => [type, `profiles[${index}].type`]),
    (type) => types.includes(type),
  )
  const unknownPermissions = placesOf(
    roles.flatMap((role, index) =>
      role.permissions.map((name, place): Mention => [name, `roles[${index}].permissions[${place}]`]),
    ),
    (name) => permissions.has(name),
  )
  return [
    ...unknownTypes.map(
      ([type, at]) => `${at}: ${JSON.stringify(type)} is none of the known types ${types.join(', ')}`,
    ),
    ...unknownPermissions.map(
      ([name, at]) => `${at}: ${JSON.stringify(name)} is no permission that the mock knows`,
    ),
  ]
}

type Mention = readonly [value: string | undefined, at: string]

function placesOf(
  places: readonly Mention[],
  isKnown: (value: string) => boolean,
): [value: string, at: string][] {
  const found = new Map<string, { at: string; more: number }>()
  for (const [value, at] of places) {
    if (value === undefined || isKnown(value)) continue
    const before = found.get(value)
    if (before) before.more += 1
    else found.set(value, { at, more: 0 })
  }
  return [...found].map(([value, { at, more }]) => [value, more === 0 ? at : `${at} and ${more} more`])
}
