import fc from 'fast-check'
import t from 'tap'
import type { StoredProfile } from '../../schemas/seed.ts'
import type { AddressedProfileUpdate } from '../../schemas/update-profiles.ts'
import { callerOf } from '../../src/profiles/caller.ts'
import { itemValidator } from '../../src/profiles/check-update-profiles.ts'
import { derivedSettings } from '../../src/profiles/derived-settings.ts'
import { updateProfiles } from '../../src/profiles/update-profiles.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { createDirectory } from '../../src/stores/directory.ts'
import { mergePatch } from '../../src/values/merge-patch.ts'
import { withoutSecrets } from '../../src/values/secrets.ts'
import { deepFrozen, roleWith, seedWith, teamWith } from '../support/seeds.ts'
import { item, rawData } from './arbitrary.ts'
import * as oracle from './oracle.ts'

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
const numRuns = Number(process.env.RUNS ?? 1000)
const statuses = ['active', 'offwork', 'away', 'absent']

/** Holds a rule against the oracle, and shrinks what is not alike. */
function alike<T>(
  t: Tap,
  inputs: fc.Arbitrary<T>,
  got: (input: T) => unknown,
  wanted: (input: T) => unknown,
) {
  const plain = (value: unknown) => JSON.stringify(sorted(value))
  const property = fc.property(inputs, (input) => plain(got(input)) === plain(wanted(input)))
  const { failed, counterexample, seed: used } = fc.check(property, { seed, numRuns })
  t.notOk(failed, `SEED=${used}: ${JSON.stringify(counterexample)}`)
}
type Tap = { notOk: (value: unknown, message: string) => unknown }

const sorted = (value: unknown): unknown =>
  typeof value !== 'object' || value === null
    ? value
    : Array.isArray(value)
      ? value.map(sorted)
      : Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, entry]) => [key, sorted(entry)]),
        )

t.test('merge patch is RFC 7396', async (t) => {
  alike(
    t,
    fc.tuple(rawData, rawData),
    ([target, patch]) => mergePatch(target, patch),
    ([target, patch]) => oracle.mergePatch(target as oracle.Data, patch as oracle.Data),
  )
})

t.test('secret keys go at any depth, and nothing else does', async (t) => {
  alike(
    t,
    rawData,
    (value) => withoutSecrets(value, '', () => {}),
    (value) => oracle.withoutSecrets(value as oracle.Data),
  )
})

t.test('an item fits where the published schema and the rules beside it say so', async (t) => {
  const validator = itemValidator(['available', 'busy', ...statuses])
  alike(
    t,
    item,
    (sent) => validator.accepts(sent),
    (sent) => oracle.fitsItem(sent, statuses),
  )
  alike(
    t,
    item,
    (sent) => [...validator.faults(sent, '')].length > 0,
    (sent) => !oracle.fitsItem(sent, statuses),
  )
})

t.test('what becomes of items is what the rules say, and what was stored is left alone', async (t) => {
  const document = deepFrozen(await readSeed())
  const directory = createDirectory(document)
  const stored = new Map(document.profiles.map((profile) => [profile.id, profile]))
  const good = item.filter((sent) => oracle.fitsItem(sent, statuses)) as fc.Arbitrary<AddressedProfileUpdate>
  const caller = callerOf(stored.get(1) as StoredProfile, directory)
  alike(
    t,
    fc.array(good, { maxLength: 6 }),
    (items) => {
      const { result, changed } = updateProfiles({ caller, vendorRules: false }, items, stored, directory)
      const after = new Map([...stored, ...changed.map((profile) => [profile.id, profile] as const)])
      return [result.refused ?? result.results, [...after.values()]]
    },
    (items) => {
      const rules = oracle.createOracle(document)
      return [rules.updateProfiles({ caller: 1 }, { profiles: items }).results, rules.state()]
    },
  )
})

const some = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 })
const settings = fc.record(
  {
    roleId: fc.integer({ min: 1, max: 5 }),
    skills: fc.record(
      { tagIds: some, channels: fc.array(fc.constantFrom('email', 'chat'), { maxLength: 2 }) },
      { requiredKeys: [] },
    ),
    limitTicketBacklogAccess: fc.boolean(),
    ticketBacklogRequiredTagIds: some,
    tagsOnRoute: some,
    tagsOnEdit: some,
  },
  { requiredKeys: [] },
)
const roles = fc
  .array(fc.subarray(['a', 'b', 'c', 'd']), { minLength: 4, maxLength: 4 })
  .map((lists) => lists.map((permissions, index) => roleWith(index + 1, permissions)))
/** Six of them, each below one that stands earlier, or none. */
const teams = fc
  .array(fc.tuple(fc.nat(), settings), { minLength: 6, maxLength: 6 })
  .map((made) =>
    made.map(([above, own], index) =>
      teamWith(index + 1, above % (index + 1) === 0 ? null : above % (index + 1), own),
    ),
  )
const profile = fc
  .tuple(settings, some, fc.constantFrom(true, false, undefined))
  .map(([own, teamIds, inherits]) => ({
    id: 1,
    settings: { ...own, teamIds, ...(inherits !== undefined && { inheritTeamSettings: inherits }) },
  }))
const look = fc.oneof(
  fc.constantFrom({}, { force: true }),
  fc.record({ force: fc.constant(true), teamIds: some }),
)

t.test('derived settings are what the rules say, with every kind of inheritance', async (t) => {
  alike(
    t,
    fc.tuple(roles, teams, profile, look),
    ([roles, teams, profile, look]) =>
      derivedSettings(profile as StoredProfile, createDirectory(seedWith({ roles, teams })), look),
    ([roles, teams, profile, look]) => oracle.derived(profile as never, { roles, teams }, look),
  )
})
