import { Seed } from '../../schemas/seed.ts'
import { statusesOf } from '../stores/directory.ts'
import { deepestData, isDeeperThan } from '../values/depth.ts'
import { withoutSecrets } from '../values/secrets.ts'
import { createValidator, type Fault } from '../values/validation.ts'

/** A seed document that cannot be used, with everything that is wrong with it. */
export class SeedError extends Error {
  readonly faults: readonly Fault[]
  constructor(faults: readonly Fault[]) {
    super(`the seed has ${faults.length} fault${faults.length === 1 ? '' : 's'}`)
    this.faults = faults
  }
}

const mostFaults = 100

/** The value as a seed. @throws {SeedError} naming every fault by path, at most 100 of them */
export function parseSeed(value: unknown): Seed {
  const faults = checkSeed(value)
  if (faults.length > 0) throw new SeedError(faults)
  return value as Seed
}

/** What keeps a value from being a seed, by path; at most 100 faults, none when it is one. */
export function checkSeed(value: unknown): Fault[] {
  const faults: Fault[] = []
  for (const fault of seedFaults(value)) {
    faults.push(fault)
    if (faults.length === mostFaults) break
  }
  return faults
}

const shape = createValidator(Seed)

function* seedFaults(value: unknown): Generator<Fault> {
  if (!shape.accepts(value)) return yield* shape.faults(value, '')
  const seed = value as Seed
  yield* duplicates(seed.roles, 'roles')
  yield* duplicates(seed.teams, 'teams')
  yield* duplicates(seed.tags ?? [], 'tags')
  yield* duplicates(seed.subchannels ?? [], 'subchannels')
  yield* duplicates(seed.profiles, 'profiles')
  yield* danglingReferences(seed)
  yield* circular(seed.teams, 'teams')
  yield* circular(seed.tags ?? [], 'tags')
  yield* unkeepable(seed)
}

function* duplicates(entries: readonly { id: number }[], list: string): Generator<Fault> {
  const seen = new Set<number>()
  for (const [index, { id }] of entries.entries()) {
    if (seen.has(id)) yield fault(`${list}[${index}].id`, `${id} is taken by an earlier entry`)
    seen.add(id)
  }
}

function* danglingReferences(seed: Seed): Generator<Fault> {
  const roles = new Set(seed.roles.map((role) => role.id))
  const teams = new Set(seed.teams.map((team) => team.id))
  const profiles = new Set(seed.profiles.map((profile) => profile.id))
  const tags = new Set(seed.tags?.map((tag) => tag.id))
  const statuses = statusesOf(seed)

  for (const [name, id] of Object.entries(seed.personas)) {
    if (!profiles.has(id)) yield fault(`personas.${name}`, `there is no profile ${id}`)
  }
  for (const [index, { baseRoleId }] of seed.roles.entries()) {
    if (baseRoleId !== undefined && !roles.has(baseRoleId))
      yield fault(`roles[${index}].baseRoleId`, `there is no role ${baseRoleId}`)
  }
  for (const [index, { parent }] of (seed.tags ?? []).entries()) {
    if (isId(parent) && !tags.has(parent)) yield fault(`tags[${index}].parent`, `there is no tag ${parent}`)
  }
  for (const [index, { parent, settings }] of seed.teams.entries()) {
    const at = `teams[${index}]`
    if (parent !== null && !teams.has(parent)) yield fault(`${at}.parent`, `there is no team ${parent}`)
    yield* missingRole(settings.roleId, roles, at)
  }
  for (const [index, { settings }] of seed.profiles.entries()) {
    const at = `profiles[${index}]`
    yield* missingRole(settings.roleId, roles, at)
    for (const [place, id] of (settings.teamIds ?? []).entries()) {
      if (!teams.has(id)) yield fault(`${at}.settings.teamIds[${place}]`, `there is no team ${id}`)
    }
    if (settings.status !== undefined && !statuses.includes(settings.status)) {
      yield fault(`${at}.settings.status`, `must be one of ${statuses.join(', ')}`)
    }
    if (
      settings.supersetRole !== undefined &&
      seed.supersetRoles !== undefined &&
      !seed.supersetRoles.includes(settings.supersetRole)
    ) {
      yield fault(`${at}.settings.supersetRole`, `must be one of ${seed.supersetRoles.join(', ')}`)
    }
  }
}

function* unkeepable(seed: Seed): Generator<Fault> {
  for (const [index, { rawData }] of seed.profiles.entries()) {
    const at = `profiles[${index}].rawData`
    if (isDeeperThan(deepestData, rawData)) {
      yield fault(at, `must be nested at most ${deepestData} deep`)
      continue
    }
    const found: string[] = []
    withoutSecrets(rawData, at, (path) => found.push(path))
    for (const path of found) yield fault(path, 'secrets are not kept; leave it out')
  }
}

function* missingRole(id: number | undefined, roles: ReadonlySet<number>, at: string): Generator<Fault> {
  if (id !== undefined && !roles.has(id)) yield fault(`${at}.settings.roleId`, `there is no role ${id}`)
}

type Node = { id: number; parent?: number | null }

function* circular(nodes: readonly Node[], list: string): Generator<Fault> {
  const kind = list.slice(0, -1)
  const parents = new Map(nodes.map(({ id, parent }) => [id, parent]))
  for (const [index, node] of nodes.entries()) {
    const above = new Set<number>()
    let id: number | null | undefined = node.id
    while (isId(id) && !above.has(id)) {
      above.add(id)
      id = parents.get(id)
    }
    if (id === node.id) yield fault(`${list}[${index}].parent`, `is below the ${kind} itself`)
  }
}

const isId = (id: number | null | undefined): id is number => id !== null && id !== undefined

const fault = (path: string, problem: string): Fault => ({ path, message: `${path}: ${problem}` })
