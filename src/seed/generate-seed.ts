import { readFile } from 'node:fs/promises'
import type { Faker } from '@faker-js/faker'
import { RoutingStatus } from '../../schemas/routing-status.ts'
import type { Seed, StoredProfile, StoredSettings, Team } from '../../schemas/seed.ts'
import { SettingsError } from '../settings.ts'
import { defaultSeedFile } from '../values/package-info.ts'

/** The built-in personas come first in every seed. */
export const fewestProfiles = 4

export type SeedSize = {
  /** How many, the personas included; at least 4. */
  profiles: number
  /** The same number makes the same people. */
  randomSeed?: number
}

/**
 * A large believable seed: the built-in roles and personas, and made-up teams and people from several countries.
 * @throws {SettingsError} when the optional library of names is not installed
 */
export async function generateSeed(
  { profiles, randomSeed = 1 }: SeedSize,
  loadNames: () => Promise<Names> = () => import('@faker-js/faker'),
): Promise<Seed> {
  const fakers = await localFakers(randomSeed, loadNames)
  const [main] = fakers
  const builtIn: Seed = JSON.parse(await readFile(defaultSeedFile, 'utf8'))
  const teams = makeTeams(main, Math.min(mostTeams, Math.ceil(profiles / peoplePerTeam)), builtIn)
  const people = builtIn.profiles.slice(0, fewestProfiles).map((profile) => withoutTeams(profile))
  for (let id = fewestProfiles + 1; id <= profiles; id += 1) {
    people.push(makeProfile(id, main.helpers.arrayElement(fakers), teams, builtIn))
  }
  return { ...builtIn, teams, profiles: people }
}

const peoplePerTeam = 12
const mostTeams = 500

type Names = typeof import('@faker-js/faker')
type Fakers = [Faker, ...Faker[]]

/** Mostly German people, and some of others: one source of chance for each, all set from one number. */
async function localFakers(randomSeed: number, loadNames: () => Promise<Names>): Promise<Fakers> {
  const { Faker, de, en, pl, tr, vi } = await loadNames().catch(() => {
    throw new SettingsError(
      'The library of made-up names is missing; install it with npm install @faker-js/faker.',
    )
  })
  const locales = [[de, en], [de, en], [de, en], [en], [pl, en], [tr, en], [vi, en]]
  return locales.map((locale, index) => {
    const faker = new Faker({ locale })
    faker.seed(randomSeed + index)
    return faker
  }) as Fakers
}

const topics = [
  'Strom',
  'Gas',
  'Wärme',
  'Abrechnung',
  'Umzug',
  'Störung',
  'Beschwerden',
  'Zählerstand',
  'Verträge',
]
const channels = ['chat', 'email', 'letter', 'phone', 'whatsapp']

/** A tree of at most three levels: one root, a few departments, the rest below them. */
function makeTeams(faker: Faker, count: number, builtIn: Seed): Team[] {
  const tags = tagsOf(faker, builtIn)
  const departments = Math.min(topics.length, Math.ceil(Math.sqrt(count)))
  return Array.from({ length: count }, (_, index): Team => {
    const id = index + 1
    if (id === 1)
      return { id, name: 'Kundenservice', parent: null, settings: { skills: { channels: ['email'] } } }
    const parent = id <= departments + 1 ? 1 : 2 + ((id - departments - 2) % departments)
    const topic = topics[(parent === 1 ? id - 2 : parent - 2) % topics.length]
    return {
      id,
      name: parent === 1 ? `${topic}` : `${topic} ${faker.location.city()}`,
      parent,
      settings: {
        skills: {
          tagIds: tags(3),
          channels: faker.helpers.arrayElements(channels, { min: 0, max: 2 }),
        },
        ...(id % 10 === 0 && { roleId: 3 }),
        ...(id % 7 === 0 && { limitTicketBacklogAccess: true, ticketBacklogRequiredTagIds: tags(2) }),
        ...(id % 5 === 0 && { tagsOnRoute: tags(1), tagsOnEdit: tags(1) }),
      },
    }
  })
}

/** Lists of the built-in tags that people can work on. */
const tagsOf =
  (faker: Faker, { tags = [] }: Seed) =>
  (most: number) =>
    faker.helpers.arrayElements(
      tags.filter(({ type, visibility }) => type === 'skill' && visibility === undefined).map(({ id }) => id),
      { min: 0, max: most },
    )

/** The built-in personas refer to the built-in teams. */
function withoutTeams({
  settings: { teamIds: _builtIn, ...settings },
  ...profile
}: StoredProfile): StoredProfile {
  return { ...profile, settings }
}

const referenceDate = '2026-01-01T08:00:00.000Z'

function makeProfile(id: number, faker: Faker, teams: readonly Team[], builtIn: Seed): StoredProfile {
  const firstName = faker.person.firstName()
  const lastName = faker.person.lastName()
  const seen = faker.date.recent({ days: 30, refDate: referenceDate }).toISOString()
  return {
    id,
    firstName,
    lastName,
    email: faker.internet.email({ firstName, lastName, provider: 'stadtwerke.example' }).toLowerCase(),
    phone: `+49 30 23125 ${String(id % 1000).padStart(3, '0')}`,
    lastSeen: seen.slice(0, 19).replace('T', ' '),
    type: 'user',
    isSsoOnly: faker.number.int(9) === 0 ? 1 : 0,
    lang: faker.getMetadata().code as string,
    externalId: `EMP-${10_000 + id}`,
    ...(faker.number.int(2) > 0 && {
      rawData: { costCenter: String(faker.number.int({ min: 4700, max: 4799 })) },
    }),
    settings: makeSettings(faker, teams, builtIn),
  }
}

function makeSettings(faker: Faker, teams: readonly Team[], builtIn: Seed): StoredSettings {
  const { helpers, number } = faker
  // Most people are agents; the base role 1 stays with the personas.
  const roleId = number.int(9) < 8 ? 2 : helpers.arrayElement(builtIn.roles.slice(1)).id
  return {
    status: helpers.arrayElement(['available', 'busy'] as const),
    roleId,
    teamIds: helpers.uniqueArray(() => helpers.arrayElement(teams).id, number.int({ min: 0, max: 2 })),
    inheritTeamSettings: number.int(2) > 0,
    skills: {
      tagIds: tagsOf(faker, builtIn)(4),
      channels: helpers.arrayElements(channels, { min: 0, max: 2 }),
    },
    callRoutingStatus: helpers.arrayElement(RoutingStatus.anyOf).const,
    chatRoutingStatus: helpers.arrayElement(RoutingStatus.anyOf).const,
  }
}
