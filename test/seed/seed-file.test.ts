import { readFileSync } from 'node:fs'
import t from 'tap'
import { stringify } from 'yaml'
import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import { checkSeed } from '../../src/seed/seed.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { defaultSeedFile } from '../../src/values/package-info.ts'
import { profileWith, seedWith } from '../support/seeds.ts'

const builtIn: Seed = JSON.parse(readFileSync(defaultSeedFile, 'utf8'))

const yamlSeed = (rawData: string) =>
  `personas: {}\nroles: []\nteams: []\nprofiles:\n  - { id: 1, settings: {}, rawData: ${rawData} }\n`

t.test('a seed file is checked like every other seed, what YAML has beyond JSON included', async (t) => {
  for (const [rawData, fault] of [
    ['{ a: .nan }', 'a: must be a number that JSON has (got NaN)'],
    ['{ a: -.inf }', 'a: must be a number that JSON has (got -Infinity)'],
    ['{ a: !!binary aGk= }', 'a: must be JSON (got binary data)'],
    ['{ __proto__: { a: 1 } }', '__proto__: the keys __proto__ and constructor.prototype are not accepted'],
  ] as const) {
    const path = `${t.testdir({ 'seed.yaml': yamlSeed(rawData) })}/seed.yaml`
    const message = `The seed file ${path} cannot be used:\n  profiles[0].rawData.${fault}`
    await t.rejects(readSeed(path), { message }, rawData)
  }
  const json = JSON.stringify(seedWith({ profiles: [profileWith(1, { rawData: { a: 1 } })] })).replace(
    '{"a":1}',
    '{"__proto__":{}}',
  )
  const path = `${t.testdir({ 'seed.json': json })}/seed.json`
  await t.rejects(readSeed(path), { message: /profiles\[0\]\.rawData\.__proto__: the keys __proto__/ })
})

t.test('a seed file with more than 100 faults says so', async (t) => {
  const bad = seedWith({ profiles: Array.from({ length: 151 }, () => profileWith(1)) })
  const path = `${t.testdir({ 'seed.json': JSON.stringify(bad) })}/seed.json`
  await t.rejects(readSeed(path), {
    message: /cannot be used \(the seed has more than 100 faults, of which the first 100 are told\):\n/,
  })
})

t.test('merge keys of a YAML seed are merged', async (t) => {
  const text = `personas: {}
roles: []
teams: []
profiles:
  - &first { id: 1, type: user, lang: de, settings: {} }
  - { <<: *first, id: 2 }
`
  const seed = await readSeed(`${t.testdir({ 'seed.yaml': text })}/seed.yaml`)
  t.strictSame(seed.profiles[1], { id: 2, type: 'user', lang: 'de', settings: {} })
})

t.test('a seed file can be JSON or YAML', async (t) => {
  const folder = t.testdir({ 'seed.json': JSON.stringify(builtIn), 'seed.yaml': stringify(builtIn) })
  t.strictSame(await readSeed(`${folder}/seed.json`), builtIn)
  t.strictSame(await readSeed(`${folder}/seed.yaml`), builtIn)
  t.strictSame(await readSeed(), builtIn)
})

t.test('the built-in seed has what the documentation promises', async (t) => {
  const profiles = new Map(builtIn.profiles.map((profile) => [profile.id, profile]))
  const role = (name: string) => builtIn.roles.find((role) => role.name === name)
  const person = (id: number) => {
    const { firstName, lastName, type, settings } = profiles.get(id) as StoredProfile
    return { name: `${firstName} ${lastName}`, type, roleId: settings.roleId }
  }
  t.strictSame(builtIn.personas, { admin: 1, manager: 2, agent: 3, service: 4 })
  t.match(person(1), { name: 'Max Mustermann', type: 'enneo', roleId: role('Administrator')?.id })
  t.match(person(2), { type: 'user', roleId: role('Administrator')?.id })
  t.match(person(3), { type: 'user', roleId: role('Agent')?.id })
  t.match(person(4), { type: 'serviceWorker' })
  t.match([role('Administrator')?.id, role('Agent')?.id], [1, 2])

  const everything = new Set(builtIn.roles.flatMap(({ permissions }) => permissions))
  t.strictSame(new Set(role('Administrator')?.permissions), everything)
  t.ok(everything.has('enneoAdmin') && everything.has('updateSpecificProfile'))
  t.notOk(role('Agent')?.permissions.includes('updateSpecificProfile'))
  t.ok(builtIn.roles.length >= 5)

  const others = builtIn.profiles.filter(({ id }) => id > 4)
  t.ok(others.every(({ type }) => type === 'user'))
  for (let id = 5; id <= 24; id += 1) t.ok(profiles.has(id), `profile ${id}`)
  for (const id of [5, 6, 7, 8])
    t.notOk('rawData' in (profiles.get(id) as StoredProfile), `profile ${id} has no rawData`)
  t.ok(builtIn.profiles.length >= 30)
  t.ok(others.some(({ rawData }) => rawData !== undefined))

  const parentOf = new Map(builtIn.teams.map(({ id, parent }) => [id, parent]))
  const level = (id: number): number => {
    const parent = parentOf.get(id)
    return typeof parent === 'number' ? level(parent) + 1 : 1
  }
  t.equal(Math.max(...builtIn.teams.map(({ id }) => level(id))), 3, 'three levels of teams')
  t.ok(builtIn.teams.filter(({ settings }) => settings.skills?.tagIds?.length).length >= 2)
  t.ok(builtIn.teams.some(({ settings }) => settings.roleId !== undefined))
})

t.test('the built-in seed, which no start checks, has no fault', async (t) => {
  t.strictSame([...checkSeed(builtIn)], [])
})
