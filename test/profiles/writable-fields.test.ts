import t from 'tap'
import { mergeItem } from '../../src/profiles/writable-fields.ts'
import { deepFrozen } from '../support/seeds.ts'

const readOnly = (path: string) => ({
  path,
  rule: 'read-only',
  message: `${path} cannot be written and was ignored`,
  expected: 'only keys that can be written',
  got: 'a key that is read only',
})
const unknown = (path: string) => ({
  path,
  rule: 'unknown-key',
  message: `${path} is not documented and was ignored`,
  expected: 'a documented key',
  got: path.slice(path.lastIndexOf('.') + 1),
})
const undocumented = (path: string) => ({
  path,
  rule: 'undocumented-key',
  message: `${path} was written, although the published document does not have it`,
  expected: 'a documented key',
  got: path.slice(path.lastIndexOf('.') + 1),
})
const secret = (path: string) => ({
  path,
  rule: 'secret',
  message: `${path} is never kept and was dropped`,
  expected: 'no secret in rawData',
  got: 'a key that names one',
})

const settings = {
  status: 'busy',
  supersetRole: 'Alpha',
  ticketsFilters: { groups: [1.5], intents: ['a'], tagIds: [2], personalQueue: true, onlyIntents: false },
  roleId: 2,
  teamIds: [1],
  skills: { tagIds: [1], channels: ['email'] },
  limitTicketBacklogAccess: true,
  ticketBacklogRequiredTagIds: [1],
  tagsOnRoute: [1],
  tagsOnEdit: [1],
  isPersonalFilters: true,
  inheritTeamSettings: true,
  nameReports: 'Tapfere Feige',
  callRoutingStatus: 'idle',
  chatRoutingStatus: 'acw',
}
const derived = {
  actualRoleId: 1,
  actualTeamIds: [1],
  actualSkills: { tagIds: [1] },
  actualLimitTicketBacklogAccess: true,
  actualTicketBacklogRequiredTagIds: [1],
  actualTagsOnRoute: [1],
  actualTagsOnEdit: [1],
}
const person = {
  firstName: 'Max',
  lastName: 'Mustermann',
  phone: '1',
  isSsoOnly: 1,
  lang: 'de',
  nameAlias: 'M',
  externalId: 'E',
  callRoutingStatus: 'offline',
  chatRoutingStatus: 'idle',
}
const rawData = { id: 1, settings: { actualRoleId: 1 }, deep: [{ type: null }] }

const rules: [rule: string, item: object, fields: object, noted: object[]][] = [
  ['every writable key is kept', { ...person, settings, rawData }, { ...person, settings, rawData }, []],
  ['id only says whom it is for', { id: 5 }, {}, []],
  ['what is write only is dropped without a word', { password: 'p', image: 'aaaa' }, {}, []],
  [
    'what is read only in words is ignored',
    { email: 'a@b', lastSeen: 'now', type: 'enneo' },
    {},
    [readOnly('email'), readOnly('lastSeen'), readOnly('type')],
  ],
  [
    'every derived key is ignored',
    { settings: derived },
    { settings: {} },
    Object.keys(derived).map((key) => readOnly(`settings.${key}`)),
  ],
  [
    'secrets are never kept, wherever they stand',
    { rawData: { kept: 1, password: 'p', logins: [{ Token: 't', user: 'u' }] } },
    { rawData: { kept: 1, logins: [{ user: 'u' }] } },
    [secret('rawData.password'), secret('rawData.logins[0].Token')],
  ],
  [
    'settings keys of the other pages are kept and noted',
    { settings: { excludedTagIds: [1], skillPriorities: { 1: 2, password: 'p' }, lang: 'de' } },
    { settings: { excludedTagIds: [1], skillPriorities: { 1: 2 }, lang: 'de' } },
    [
      undocumented('settings.excludedTagIds'),
      undocumented('settings.skillPriorities'),
      secret('settings.skillPriorities.password'),
      undocumented('settings.lang'),
    ],
  ],
  ['settings: null changes nothing', { settings: null }, {}, []],
  ['an unknown key is ignored', { nickname: 'M' }, {}, [unknown('nickname')]],
  [
    'an unknown key is ignored at any documented depth',
    { settings: { skills: { level: 1 }, ticketsFilters: { x: 1 }, y: 1 } },
    { settings: { skills: {}, ticketsFilters: {} } },
    [unknown('settings.skills.level'), unknown('settings.ticketsFilters.x'), unknown('settings.y')],
  ],
  [
    'a key that every object inherits is unknown too',
    { toString: 1, settings: { constructor: 1 } },
    { settings: {} },
    [unknown('toString'), unknown('settings.constructor')],
  ],
  ['a long unknown key is cut', { ['k'.repeat(101)]: 1 }, {}, [unknown('k'.repeat(100))]],
]

const long = 'k'.repeat(150)
const deep = { [long]: { [long]: { password: 'secret' } } }

t.test('of a secret far down, the first 200 characters of its path are told', async (t) => {
  const noted: object[] = []
  mergeItem({}, { id: 5, rawData: deep }, new Set(), (key) => noted.push(key))
  t.strictSame(noted, [secret(`rawData.${long}.${long}.password`.slice(0, 200))])
})

for (const [rule, item, fields, noted] of rules) {
  t.test(rule, async (t) => {
    const told: object[] = []
    t.strictSame(
      mergeItem({}, deepFrozen(item), new Set(), (key) => told.push(key)),
      fields,
    )
    t.strictSame(told, noted)
  })
}
