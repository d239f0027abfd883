import type { Seed } from '../../../schemas/seed.ts'
import type { Known, NotApplicable } from './known.ts'

/** The profile of the seed that all items of a case name, and the id that stands for it. */
export type Aim = { seedId: number; id: number } | { none: true }

/** No service gives out an id like this, and every one can read it. */
export const nobodysId = 2_147_483_647

/** The id at the target of a persona of the seed, or of nobody; undefined for any other profile of the seed. */
export function idAtTarget(seedId: number, { seed, callers }: Known): number | undefined {
  const persona = personaOf(seedId, seed)
  if (persona !== undefined) return callers.get(persona)?.id
  return seed.profiles.some(({ id }) => id === seedId) ? undefined : nobodysId
}

export const personaOf = (seedId: number, { personas }: Seed): string | undefined =>
  Object.keys(personas).find((name) => personas[name] === seedId)

/** In the text itself, so that it stays as the case has it. */
export const renamed = (text: string, { seedId, id }: { seedId: number; id: number }) =>
  text.replace(new RegExp(`("id":"?)${seedId}(?=[".,}])`, 'g'), `$1${id}`)

const pathId = /^\/(profile|roles|team|tag)\/(\d+)(?=$|[/?])/

/** Ids of the seed become ids of the target; those of nobody become one that nobody has anywhere. */
export function pathAtTarget(path: string, aim: Aim, known: Known): string | NotApplicable {
  const written = 'seedId' in aim ? aim : undefined
  const inQuery = written
    ? path.replace(new RegExp(`(userIds(?:\\[\\])?=)${written.seedId}(?=&|$)`, 'g'), `$1${written.id}`)
    : path
  const [, kind, digits] = pathId.exec(inQuery) ?? []
  if (digits === undefined) return inQuery
  const seedId = Number(digits)
  const { seed, roleIds, teamIds } = known
  const id = {
    profile: () => profileAt(seedId, written, known),
    roles: () => oneOf(seedId, seed.roles, roleIds),
    team: () => oneOf(seedId, seed.teams, teamIds),
    tag: () => oneOf(seedId, seed.tags, undefined),
  }[kind as 'profile']()
  return id === undefined
    ? { reason: 'reads something of which the target is not known to have one' }
    : inQuery.replace(pathId, `/${kind}/${id}`)
}

/** The same id if the target has it, else any that it has; nobody's for what the seed does not have either. */
function oneOf(
  seedId: number,
  inSeed: readonly { id: number }[] = [],
  atTarget: ReadonlySet<number> | undefined,
): number | undefined {
  if (!inSeed.some(({ id }) => id === seedId)) return nobodysId
  return atTarget?.has(seedId) ? seedId : [...(atTarget ?? [])][0]
}

function profileAt(
  seedId: number,
  written: { seedId: number; id: number } | undefined,
  known: Known,
): number | undefined {
  if (seedId === written?.seedId) return written.id
  if (!known.seed.profiles.some(({ id }) => id === seedId)) return seedId === 0 ? 0 : nobodysId
  return known.profile?.id ?? [...known.callers.values()].find(({ id }) => id !== undefined)?.id
}

export function onBehalf(
  header: string | undefined,
  known: Known,
): { headers: Record<string, string> } | NotApplicable {
  if (header === undefined || !/^\d+$/.test(header)) return { headers: {} }
  const id = idAtTarget(Number(header), known)
  return id === undefined
    ? { reason: 'is on behalf of somebody whose id at the target is not known' }
    : { headers: { 'x-enneo-on-behalf-of': String(id) } }
}
