import { isDeepStrictEqual } from 'node:util'
import { mergePatch } from '../../values/merge-patch.ts'
import type { Case, Credential } from '../cases.ts'
import { isObject, type Json } from './json.ts'
import type { Known } from './known.ts'
import type { Plan } from './plan.ts'
import { putBack } from './put-back.ts'
import { ignoredKeysOf, kept, watched } from './shown-profile.ts'
import { correctlyChanged, laxlyChanged } from './updated-profile.ts'

/** Why a case with items would say nothing about this profile, or could not be undone. */
export function whyNotWritten(
  example: Case,
  plan: Plan & { seedId: number },
  known: Known,
): string | undefined {
  const { id, view } = known.profile as { id: number; view: Json }
  const { before, request } = plan.items
  const all = [...before, ...request]
  const seedType = known.seed.profiles.find((profile) => profile.id === plan.seedId)?.type
  if ((view.type ?? 'user') !== seedType) return `needs a profile of type ${seedType}`
  if (seedType === 'enneo' && known.callers.get('admin')?.permissions?.includes('enneoAdmin') === false) {
    return 'needs a --token whose caller holds enneoAdmin'
  }
  // What somebody may do with the own profile does not show on another's.
  const isSingle = plan.request.path !== '/profiles'
  if ((before.length > 0 || isSingle) && signersOf(example, known).includes(plan.seedId))
    return 'is about a caller of its own'
  const reference = all.map((item) => unlikeSeed(item, known)).find((reason) => reason !== undefined)
  if (reference !== undefined) return reference
  const now = kept(view, all.flatMap(ignoredKeysOf))
  const { stuck } = putBack(now, all.reduce(laxlyChanged, now))
  const secret = stuck.find((path) => /(^|\.)(password|image)$/.test(path))
  if (secret !== undefined) return `holds ${secret}: what was there before cannot be read, so not be put back`
  if (stuck[0] !== undefined) return `profile ${id} has no ${stuck[0]}, which could not be taken away again`
  return dependsOnSeed(example, plan, now) ? `depends on what profile ${id} holds` : undefined
}

const signersOf = ({ before = [], request }: Case, { seed }: Known) =>
  [...before, request].flatMap(({ bearer, cookie, headers }) => [
    ...[bearer, cookie].map((credential) => userIdOf(credential, seed.personas)),
    Number(headers?.['x-enneo-on-behalf-of']),
  ])

const userIdOf = (credential: Credential | undefined, personas: Record<string, number>): unknown =>
  typeof credential === 'string' ? personas[credential] : (credential as { userId?: unknown })?.userId

/** A role or team that exists in the seed and not at the target, or the other way round. */
function unlikeSeed({ settings }: Json, { seed, roleIds, teamIds }: Known): string | undefined {
  if (!isObject(settings)) return undefined
  const references: [string, unknown[], readonly { id: number }[], ReadonlySet<number> | undefined][] = [
    ['role', [settings.roleId], seed.roles, roleIds],
    ['team', Array.isArray(settings.teamIds) ? settings.teamIds : [], seed.teams, teamIds],
  ]
  for (const [what, ids, inSeed, atTarget] of references) {
    for (const id of ids.filter((entry): entry is number => Number.isInteger(entry))) {
      if (atTarget === undefined) return `names a ${what}, and those of the target cannot be read`
      const exists = inSeed.some((entry) => entry.id === id)
      if (exists !== atTarget.has(id)) return `needs a target with${exists ? '' : 'out'} ${what} ${id}`
    }
  }
  return undefined
}

/** Whether the items come to something else here than the change that the case tells of. */
function dependsOnSeed(
  { answer, change = {} }: Case,
  { seedId, items }: Plan & { seedId: number },
  now: Json,
) {
  const begun = items.before.reduce(correctlyChanged, now)
  const results = (answer.body as { results?: { success: boolean }[] } | undefined)?.results
  const applied =
    answer.status === 200 ? items.request.filter((_, index) => results?.[index]?.success ?? true) : []
  const changed = applied.reduce(correctlyChanged, begun)
  return !isDeepStrictEqual(watched(changed), watched(mergePatch(begun, change[seedId] ?? {}) as Json))
}
