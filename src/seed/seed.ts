import { Seed, type StoredProfile } from '../../schemas/seed.ts'
import { statusesOf } from '../stores/directory.ts'
import { deepestData, deepestTeam, isDeeperThan } from '../values/depth.ts'
import { notPlain } from '../values/plain-json.ts'
import { withoutSecrets } from '../values/secrets.ts'
import { createValidator, faultAt, type ValidationFault } from '../values/validation.ts'
import { readableSeed } from './readable-seed.ts'

/** More are not told one by one. */
const mostFaults = 100

/** A seed document that cannot be used, with what is wrong with it: the first 100 faults. */
export class SeedError extends Error {
  readonly faults: readonly ValidationFault[]
  constructor(faults: readonly ValidationFault[]) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
    super(
      `the seed has ${faults.length > mostFaults ? `more than ${mostFaults} faults, of which the first ${mostFaults} are told` : count}`,
    )
    this.faults = faults.slice(0, mostFaults)
  }
}

/**
 * A copy of the value as a seed: what becomes of the value later does not matter. @throws {SeedError} naming every fault
 * by path, at most 100 of them
 */
export function parseSeed(value: unknown): Seed {
  const faults = checkSeed(value)
  if (faults.length > 0) throw new SeedError(faults)
  return JSON.parse(JSON.stringify(value))
}

/** What keeps a value from being a seed, by path: shape first, then references. One more than is told shows that there are more. */
export function checkSeed(value: unknown): ValidationFault[] {
  const faults: ValidationFault[] = []
  for (const fault of seedFaults(value)) {
    faults.push(fault)
    if (faults.length > mostFaults) break
  }
  return faults
}

const shape = createValidator(Seed)

function* seedFaults(value: unknown): Generator<ValidationFault> {
  const hasShape = shape.accepts(value)
  if (!hasShape) yield* shape.faults(value, '')
  const seed = hasShape ? (value as Seed) : readableSeed(value)
  const { tags = [], subchannels = [] } = seed
  const ids = { roles: newSet(), teams: newSet(), profiles: newSet(), tags: newSet(), subchannels: newSet() }
  yield* duplicates(seed.roles, 'roles', ids)
  yield* duplicates(seed.teams, 'teams', ids)
  yield* duplicates(seed.profiles, 'profiles', ids)
  yield* duplicates(tags, 'tags', ids)
  yield* duplicates(subchannels, 'subchannels', ids)
  yield* notPlain(seed.personas, 'personas')
  for (const [name, id] of Object.entries(seed.personas)) {
    if (!ids.profiles.has(id)) yield faultAt(`personas.${name}`, `there is no profile ${id}`)
  }
  yield* roleFaults(seed, ids)
  yield* treeFaults(seed.teams, 'team', ids.teams)
  yield* teamFaults(seed, ids)
  yield* treeFaults(tags, 'tag', ids.tags)
  yield* profileFaults(seed, ids)
}

type Ids = Record<'roles' | 'teams' | 'profiles' | 'tags' | 'subchannels', Set<number>>

const newSet = () => new Set<number>()

function* duplicates(
  entries: readonly { id: number }[],
  list: keyof Ids,
  ids: Ids,
): Generator<ValidationFault> {
  const seen = ids[list]
  for (const [index, { id }] of entries.entries()) {
    if (seen.has(id)) yield faultAt(`${list}[${index}].id`, `${id} is taken by an earlier entry`)
    seen.add(id)
  }
}

function* roleFaults({ roles }: Seed, ids: Ids): Generator<ValidationFault> {
  for (const [index, { baseRoleId }] of roles.entries()) {
    if (isMissing(baseRoleId, ids.roles))
      yield faultAt(`roles[${index}].baseRoleId`, `there is no role ${baseRoleId}`)
  }
}

function* teamFaults({ teams }: Seed, ids: Ids): Generator<ValidationFault> {
  for (const [index, { settings }] of teams.entries()) {
    if (isMissing(settings.roleId, ids.roles)) yield missingRole(settings.roleId, `teams[${index}]`)
  }
}

/** Something that may lie below another of its kind. */
type Node = { id: number; parent?: number | null }

function* treeFaults(
  nodes: readonly Node[],
  kind: 'team' | 'tag',
  ids: ReadonlySet<number>,
): Generator<ValidationFault> {
  const levels = levelsOf(nodes)
  for (const [index, { id, parent }] of nodes.entries()) {
    const at = `${kind}s[${index}].parent`
    if (typeof parent === 'number' && !ids.has(parent)) yield faultAt(at, `there is no ${kind} ${parent}`)
    const level = levels.get(id)
    if (level === inCircle) yield faultAt(at, `is below the ${kind} itself`)
    // [seed.team-depth] Of a chain the first one that is too deep says it for all below it.
    if (level === deepestTeam + 1) yield faultAt(at, `must leave the ${kind} at most ${deepestTeam} deep`)
  }
}

const inCircle = 0

/** How deep each lies, by id: 1 without a parent. Each is looked at once, whatever the tree is like. */
function levelsOf(nodes: readonly Node[]): ReadonlyMap<number, number> {
  const parents = new Map(nodes.map(({ id, parent }) => [id, parent]))
  const levels = new Map<number | null | undefined, number>()
  for (const { id: start } of nodes) {
    const way: number[] = []
    let id: number | null | undefined = start
    while (typeof id === 'number' && !levels.has(id)) {
      levels.set(id, inCircle)
      way.push(id)
      id = parents.get(id)
    }
    const circle = way.indexOf(id as number)
    let level = levels.get(id) ?? 0
    for (const below of way.slice(0, circle === -1 ? way.length : circle).reverse()) {
      level += 1
      levels.set(below, level)
    }
  }
  return levels as ReadonlyMap<number, number>
}

function* profileFaults(seed: Seed, ids: Ids): Generator<ValidationFault> {
  const { profiles } = seed
  const statuses = new Set(statusesOf(seed))
  for (let index = 0; index < profiles.length; index += 1) {
    const { settings, rawData } = profiles[index] as StoredProfile
    const { roleId, teamIds, status } = settings
    if (isMissing(roleId, ids.roles)) yield missingRole(roleId, `profiles[${index}]`)
    if (teamIds !== undefined && !teamIds.every((id) => ids.teams.has(id))) {
      yield* missingTeams(teamIds, ids, `profiles[${index}].settings.teamIds`)
    }
    if (status !== undefined && !statuses.has(status)) {
      yield faultAt(`profiles[${index}].settings.status`, `must be one of ${[...statuses].join(', ')}`)
    }
    if (rawData !== undefined) yield* unkeepable(rawData, `profiles[${index}].rawData`)
  }
}

function* missingTeams(teamIds: readonly number[], { teams }: Ids, at: string): Generator<ValidationFault> {
  for (const [place, id] of teamIds.entries()) {
    if (!teams.has(id)) yield faultAt(`${at}[${place}]`, `there is no team ${id}`)
  }
}

function* unkeepable(rawData: object, at: string): Generator<ValidationFault> {
  if (isDeeperThan(deepestData, rawData)) {
    yield faultAt(at, `must be nested at most ${deepestData} deep`)
    return
  }
  yield* notPlain(rawData, at)
  const found: string[] = []
  withoutSecrets(rawData, at, (path) => found.push(path))
  for (const path of found) yield faultAt(path, 'secrets are not kept; leave it out')
}

const isMissing = (id: number | undefined, ids: ReadonlySet<number>): id is number =>
  id !== undefined && !ids.has(id)

const missingRole = (id: number, at: string) => faultAt(`${at}.settings.roleId`, `there is no role ${id}`)
