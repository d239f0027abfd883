import { Settings } from '../../schemas/mind-profile.ts'
import { Seed, type StoredProfile } from '../../schemas/seed.ts'
import { deepestData, deepestTeam, isDeeperThan } from '../values/depth.ts'
import { notPlain } from '../values/plain-json.ts'
import { hasSecretKey, withoutSecrets } from '../values/secrets.ts'
import { createValidator, type Fault } from '../values/validation.ts'
import { readableSeed } from './readable-seed.ts'

/** More are not told one by one. */
const mostFaults = 100

/** A seed document that cannot be used, with what is wrong with it: the first 100 faults. */
export class SeedError extends Error {
  readonly faults: readonly Fault[]
  constructor(faults: readonly Fault[]) {
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
export function checkSeed(value: unknown): Fault[] {
  const faults: Fault[] = []
  for (const fault of seedFaults(value)) {
    faults.push(fault)
    if (faults.length > mostFaults) break
  }
  return faults
}

const shape = createValidator(Seed)

function* seedFaults(value: unknown): Generator<Fault> {
  const hasShape = shape.accepts(value)
  if (!hasShape) yield* shape.faults(value, '')
  const seed = hasShape ? (value as Seed) : readableSeed(value)
  const ids: Ids = { roles: new Set(), teams: new Set(), profiles: new Set() }
  yield* duplicates(seed.roles, 'roles', ids)
  yield* duplicates(seed.teams, 'teams', ids)
  yield* duplicates(seed.profiles, 'profiles', ids)
  yield* notPlain(seed.personas, 'personas')
  for (const [name, id] of Object.entries(seed.personas)) {
    if (!ids.profiles.has(id)) yield fault(`personas.${name}`, `there is no profile ${id}`)
  }
  yield* teamFaults(seed, ids)
  yield* profileFaults(seed, ids)
}

type Ids = Record<'roles' | 'teams' | 'profiles', Set<number>>

function* duplicates(entries: readonly { id: number }[], list: keyof Ids, ids: Ids): Generator<Fault> {
  const seen = ids[list]
  for (const [index, { id }] of entries.entries()) {
    if (seen.has(id)) yield fault(`${list}[${index}].id`, `${id} is taken by an earlier entry`)
    seen.add(id)
  }
}

function* teamFaults(seed: Seed, ids: Ids): Generator<Fault> {
  const levels = levelsOf(seed.teams)
  for (const [index, { id, parent, settings }] of seed.teams.entries()) {
    const at = `teams[${index}]`
    if (parent !== null && !ids.teams.has(parent)) yield fault(`${at}.parent`, `there is no team ${parent}`)
    if (isMissing(settings.roleId, ids.roles)) yield missingRole(settings.roleId, at)
    const level = levels.get(id)
    if (level === inCircle) yield fault(`${at}.parent`, 'is below the team itself')
    // [seed.team-depth] Of a chain the first team that is too deep says it for all below it.
    if (level === deepestTeam + 1)
      yield fault(`${at}.parent`, `must leave the team at most ${deepestTeam} deep`)
  }
}

const inCircle = 0

/** How deep each team lies, by id: 1 without a parent. Each is looked at once, whatever the tree is like. */
function levelsOf(teams: Seed['teams']): ReadonlyMap<number, number> {
  const parents = new Map(teams.map(({ id, parent }) => [id, parent]))
  const levels = new Map<number | null | undefined, number>()
  for (const { id: start } of teams) {
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

function* profileFaults({ profiles, statusOptions = [] }: Seed, ids: Ids): Generator<Fault> {
  const statuses = new Set([
    ...Settings.properties.status.anyOf.map((value): string => value.const),
    ...statusOptions,
  ])
  for (let index = 0; index < profiles.length; index += 1) {
    const { settings, rawData } = profiles[index] as StoredProfile
    const { roleId, teamIds, status } = settings
    if (isMissing(roleId, ids.roles)) yield missingRole(roleId, `profiles[${index}]`)
    if (teamIds !== undefined && !teamIds.every((id) => ids.teams.has(id))) {
      yield* missingTeams(teamIds, ids, `profiles[${index}].settings.teamIds`)
    }
    if (status !== undefined && !statuses.has(status)) {
      yield fault(`profiles[${index}].settings.status`, `must be one of ${[...statuses].join(', ')}`)
    }
    if (rawData !== undefined) yield* unkeepable(rawData, `profiles[${index}].rawData`)
  }
}

function* missingTeams(teamIds: readonly number[], { teams }: Ids, at: string): Generator<Fault> {
  for (const [place, id] of teamIds.entries()) {
    if (!teams.has(id)) yield fault(`${at}[${place}]`, `there is no team ${id}`)
  }
}

function* unkeepable(rawData: object, at: string): Generator<Fault> {
  if (isDeeperThan(deepestData, rawData)) {
    yield fault(at, `must be nested at most ${deepestData} deep`)
    return
  }
  yield* notPlain(rawData, at)
  if (!hasSecretKey(rawData)) return
  const found: string[] = []
  withoutSecrets(rawData, at, (path) => found.push(path))
  for (const path of found) yield fault(path, 'secrets are not kept; leave it out')
}

const isMissing = (id: number | undefined, ids: ReadonlySet<number>): id is number =>
  id !== undefined && !ids.has(id)

const missingRole = (id: number, at: string) => fault(`${at}.settings.roleId`, `there is no role ${id}`)

const fault = (path: string, problem: string): Fault => ({ path, message: `${path}: ${problem}` })
