import t from 'tap'
import { AuthProfile } from '../../schemas/auth-profile.ts'
import { ProfileSettings } from '../../schemas/mind-profile.ts'
import { RoutingStatus } from '../../schemas/routing-status.ts'
import { ProfileUpdate } from '../../schemas/update-profiles.ts'
import { createValidator } from '../../src/values/validation.ts'

const items = createValidator(ProfileUpdate)
const messages = (item: unknown) => [...items.faults(item, 'item')].map(({ message }) => message)

const text = 'hello'
const gotText = 'a string of 5 characters'
const statuses = 'idle, interacting, beingConnected, notResponding, unavailable, offline, acw'

/** By kind: values that pass, and values that do not with what is said of them. */
const kinds = {
  integer: [
    [0, -1, 42],
    'an integer',
    [
      [1.5, '1.5'],
      [text, gotText],
      [null, 'null'],
      [true, 'true'],
      [[], 'an array'],
    ],
  ],
  string: [
    ['', text, '1'],
    'a string',
    [
      [1, '1'],
      [null, 'null'],
      [false, 'false'],
      [{}, 'an object'],
    ],
  ],
  boolean: [
    [true, false],
    'true or false',
    [
      [0, '0'],
      [text, gotText],
      [null, 'null'],
    ],
  ],
  array: [
    [[]],
    'an array',
    [
      [{}, 'an object'],
      [text, gotText],
      [1, '1'],
      [null, 'null'],
    ],
  ],
  object: [
    [{}, { unknown: 1 }],
    'an object',
    [
      [[], 'an array'],
      [text, gotText],
      [null, 'null'],
    ],
  ],
  status: [
    ['available', 'busy'],
    'one of available, busy',
    [
      ['away', '"away"'],
      ['Busy', '"Busy"'],
      ['', '""'],
      [1, '1'],
      [null, 'null'],
      [{}, 'an object'],
    ],
  ],
  routing: [
    RoutingStatus.anyOf.map((value) => value.const),
    `one of ${statuses}`,
    [
      ['busy', '"busy"'],
      [null, 'null'],
      [{}, 'an object'],
    ],
  ],
  zeroOrOne: [
    [0, 1],
    'one of 0, 1',
    [
      [2, '2'],
      [true, 'true'],
      ['1', '"1"'],
      [null, 'null'],
    ],
  ],
  base64: [
    ['', 'aaaa', 'YQ==', 'YWI='],
    'base64',
    [
      ['YQ', 'a string'],
      ['Y=Q=', 'a string'],
      ['a===', 'a string'],
      ['a-_a', 'a string'],
      ['YWI=\n', 'a string'],
    ],
  ],
  secret: [
    ['', text],
    'a string',
    [
      [123456, 'a number'],
      [true, 'a boolean'],
      [null, 'null'],
      [[text], 'an array'],
    ],
  ],
} satisfies Record<string, [good: unknown[], expected: string, bad: [value: unknown, got: string][]]>
type Kind = keyof typeof kinds

/** Every documented key with its kind; below an object by its own keys, of an array by its element. */
const settingsKeys: Record<keyof ProfileSettings, Kind> = {
  status: 'status',
  supersetRole: 'string',
  ticketsFilters: 'object',
  roleId: 'integer',
  teamIds: 'array',
  skills: 'object',
  actualRoleId: 'integer',
  actualTeamIds: 'array',
  actualSkills: 'object',
  limitTicketBacklogAccess: 'boolean',
  ticketBacklogRequiredTagIds: 'array',
  tagsOnRoute: 'array',
  tagsOnEdit: 'array',
  actualLimitTicketBacklogAccess: 'boolean',
  actualTicketBacklogRequiredTagIds: 'array',
  actualTagsOnRoute: 'array',
  actualTagsOnEdit: 'array',
  isPersonalFilters: 'boolean',
  inheritTeamSettings: 'boolean',
  nameReports: 'string',
  callRoutingStatus: 'routing',
  chatRoutingStatus: 'routing',
}
const personKeys: Record<keyof AuthProfile, Kind> = {
  id: 'integer',
  firstName: 'string',
  lastName: 'string',
  email: 'string',
  phone: 'string',
  image: 'base64',
  password: 'secret',
  lastSeen: 'string',
  type: 'string',
  isSsoOnly: 'zeroOrOne',
  lang: 'string',
  nameAlias: 'string',
  externalId: 'string',
}
const otherKeys = { rawData: 'object', callRoutingStatus: 'routing', chatRoutingStatus: 'routing' } as const

t.test('the tables below know every documented key', async (t) => {
  t.strictSame(Object.keys(settingsKeys).sort(), Object.keys(ProfileSettings.properties).sort())
  t.strictSame(Object.keys(personKeys).sort(), Object.keys(AuthProfile.properties).sort())
})

const keys: [path: string, kind: Kind][] = [
  ...Object.entries({ ...personKeys, ...otherKeys }),
  ...Object.entries(settingsKeys).map(([key, kind]) => [`settings.${key}`, kind] as [string, Kind]),
]

const itemWith = (path: string, value: unknown): object =>
  path.split('.').reduceRight((inner: unknown, key) => ({ [key]: inner }), value) as object

for (const [path, kind] of keys) {
  t.test(`${path} takes ${kinds[kind][1]} and nothing else`, async (t) => {
    const [good, expected, bad] = kinds[kind]
    for (const value of good) {
      t.ok(items.accepts(itemWith(path, value)), JSON.stringify(value))
      t.strictSame(messages(itemWith(path, value)), [])
    }
    for (const [value, got] of bad) {
      t.notOk(items.accepts(itemWith(path, value)), JSON.stringify(value))
      t.strictSame(messages(itemWith(path, value)), [`item.${path} must be ${expected} (got ${got})`])
    }
  })
}

const nested: [path: string, good: unknown, bad: unknown, fault: string][] = [
  [
    'settings.ticketsFilters.groups',
    [1, 1.5],
    [1, text],
    '[1] must be a number (got a string of 5 characters)',
  ],
  ['settings.ticketsFilters.intents', ['a'], [1], '[0] must be a string (got 1)'],
  ['settings.ticketsFilters.tagIds', [1.5], [null], '[0] must be a number (got null)'],
  ['settings.ticketsFilters.personalQueue', true, 1, ' must be true or false (got 1)'],
  ['settings.ticketsFilters.onlyIntents', false, null, ' must be true or false (got null)'],
  ['settings.skills.tagIds', [1], [1.5], '[0] must be an integer (got 1.5)'],
  ['settings.skills.channels', ['a'], [{}], '[0] must be a string (got an object)'],
  ['settings.actualSkills.intents', ['a'], [[]], '[0] must be a string (got an array)'],
  ['settings.actualSkills.tagIds', [1.5], ['1'], '[0] must be a number (got a string of 1 character)'],
  ['settings.actualSkills.channels', ['a'], [true], '[0] must be a string (got true)'],
  ...[
    'teamIds',
    'actualTeamIds',
    'ticketBacklogRequiredTagIds',
    'tagsOnRoute',
    'tagsOnEdit',
    'actualTicketBacklogRequiredTagIds',
    'actualTagsOnRoute',
    'actualTagsOnEdit',
  ].map((key): [string, unknown, unknown, string] => [
    `settings.${key}`,
    [1, 2],
    [1, 1.5],
    '[1] must be an integer (got 1.5)',
  ]),
]

for (const [path, good, bad, fault] of nested) {
  t.test(`${path} is looked into`, async (t) => {
    t.ok(items.accepts(itemWith(path, good)))
    t.notOk(items.accepts(itemWith(path, bad)))
    t.strictSame(messages(itemWith(path, bad)), [`item.${path}${fault}`])
  })
}

t.test('settings is an object or null', async (t) => {
  t.ok(items.accepts({ settings: null }))
  const said = (got: string) => [`item.settings must be an object or null (got ${got})`]
  t.strictSame(messages({ settings: [] }), said('an array'))
  t.strictSame(messages({ settings: text }), said(gotText))
})

t.test('every fault is named, each once, with its path', async (t) => {
  t.strictSame(
    messages({ id: '1', settings: { status: 'away', skills: { tagIds: [1, 'x', null] } }, lang: 1 }),
    [
      'item.id must be an integer (got a string of 1 character)',
      'item.settings.status must be one of available, busy (got "away")',
      'item.settings.skills.tagIds[1] must be an integer (got a string of 1 character)',
      'item.settings.skills.tagIds[2] must be an integer (got null)',
      'item.lang must be a string (got 1)',
    ],
  )
})

t.test('a place in a list is told by its number, however large', async (t) => {
  const teamIds = [...Array(123).fill(1), 'x']
  teamIds[10] = null
  t.strictSame(messages({ settings: { teamIds } }), [
    'item.settings.teamIds[10] must be an integer (got null)',
    'item.settings.teamIds[123] must be an integer (got a string of 1 character)',
  ])
})

t.test('an enum shows what came up to 64 characters, other strings never', async (t) => {
  const told = (got: string) => [`item.settings.status must be one of available, busy (got ${got})`]
  const status = (value: string) => messages({ settings: { status: value } })
  t.strictSame(status('x'.repeat(64)), told(`"${'x'.repeat(64)}"`))
  t.strictSame(status('x'.repeat(65)), told('a string of 65 characters'))
  t.strictSame(status('"\n'), told('"\\"\\n"'))
})
