import { readFileSync } from 'node:fs'
import fc from 'fast-check'

type Schema = {
  $ref?: string
  type?: string
  enum?: unknown[]
  properties?: Record<string, Schema>
  items?: Schema
  oneOf?: Schema[]
  allOf?: Schema[]
}
const published = JSON.parse(
  readFileSync(new URL('../../fixtures/contract/published-structure.json', import.meta.url), 'utf8'),
)
const itemSchema: Schema =
  published.paths['/profiles'].patch.requestBody.content['application/json'].schema.properties.profiles.items

const word = fc.oneof(fc.string({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 4 }))
/** Small ones, so that ids meet. */
const anyInteger = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 99, 999, 2 ** 31, 2 ** 53 - 1) },
)
const rawKey = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'toString', 'Pass-Word', 'token', 'tokens', 'x_api_key', 'api key', '', 'é'),
  fc.string({ maxLength: 3 }).filter((key) => key !== '__proto__'),
)

/** Objects of the client's own, with null at any depth. */
export const rawData = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, 1.5, -7),
    word,
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(rawKey, tie('value'), { maxKeys: 4 }).map((entries) => ({ ...entries })),
})).object

/** What is of no documented type, or nearly of one. */
const wrong = fc.constantFrom<unknown>(
  null,
  '',
  '1',
  'true',
  0,
  1,
  2,
  -1,
  1.5,
  2 ** 53,
  true,
  false,
  [],
  {},
  [null],
  ['1'],
  [1.5],
  [[]],
  { id: 1 },
  { length: 0 },
  'idle',
  'IDLE',
  'a===',
)

const special: Record<string, fc.Arbitrary<unknown>> = {
  rawData,
  image: fc.oneof(fc.base64String({ maxLength: 12 }), word),
  // The client's own list as well.
  status: fc.constantFrom('available', 'busy', 'active', 'offwork', 'away', 'absent'),
  teamIds: fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 3 }),
  roleId: fc.integer({ min: 1, max: 8 }),
  type: fc.constantFrom('enneo', 'user', 'serviceWorker', 'x'),
}

function ofSchema(schema: Schema, key = ''): fc.Arbitrary<unknown> {
  const own = special[key]
  if (own) return own
  if (schema.$ref) return ofSchema(published.components.schemas[schema.$ref.split('/').at(-1) as string], key)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.allOf)
    return fc.tuple(...schema.allOf.map((part) => ofSchema(part))).map((parts) => Object.assign({}, ...parts))
  // Its branches overlap; what is meant is either, or null.
  if (schema.oneOf)
    return fc.oneof(
      { weight: 6, arbitrary: withExtras(ofSchema(schema.oneOf[0] as Schema)) },
      { weight: 1, arbitrary: fc.constant(null) },
    )
  if (schema.type === 'object') {
    const properties = Object.entries(schema.properties ?? {})
    return someOf(Object.fromEntries(properties.map(([name, property]) => [name, ofSchema(property, name)])))
  }
  if (schema.type === 'array') return fc.array(ofSchema(schema.items as Schema), { maxLength: 3 })
  if (schema.type === 'integer') return anyInteger
  if (schema.type === 'number')
    return fc.oneof(anyInteger, fc.double({ noNaN: true, noDefaultInfinity: true }))
  if (schema.type === 'boolean') return fc.boolean()
  return word
}

/** A few of the keys, so that bodies stay small. */
function someOf(properties: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  const names = Object.keys(properties)
  return fc
    .subarray(names, { maxLength: Math.min(4, names.length) })
    .chain((chosen) =>
      fc.record(Object.fromEntries(chosen.map((name) => [name, properties[name] as fc.Arbitrary<unknown>]))),
    )
}

const undocumented = someOf({
  excludedTagIds: fc.array(anyInteger, { maxLength: 2 }),
  skillPriorities: fc.dictionary(fc.constantFrom('1', '2', 'token'), fc.oneof(anyInteger, word), {
    maxKeys: 2,
  }),
  lang: word,
  phone: word,
  translateTicketContent: fc.boolean(),
  translationLanguages: fc.array(word, { maxLength: 2 }),
  nonsense: wrong,
})
const withExtras = (settings: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 4, arbitrary: settings },
    {
      weight: 1,
      arbitrary: fc.tuple(settings, undocumented).map(([some, more]) => ({ ...(some as object), ...more })),
    },
  )

const ids = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 24 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 999, -5) },
)
const paths = [
  'id',
  'settings',
  'firstName',
  'rawData',
  'isSsoOnly',
  'settings.teamIds',
  'settings.status',
  'settings.skills',
  'settings.skills.tagIds',
  'settings.actualSkills',
  'settings.skillPriorities',
  'settings.ticketsFilters.groups',
  'callRoutingStatus',
  'image',
  'x',
]

/** An item with one value of another kind at a place that the contract knows. */
const spoiled = (item: object, path: string, value: unknown): object => {
  const copy = structuredClone(item) as Record<string, unknown>
  const keys = path.split('.')
  let at = copy
  for (const key of keys.slice(0, -1)) {
    if (typeof at[key] !== 'object' || at[key] === null) at[key] = {}
    at = at[key] as Record<string, unknown>
  }
  at[keys.at(-1) as string] = value
  return copy
}

const goodItem = fc.tuple(ids, ofSchema(itemSchema)).map(([id, rest]) => ({ ...(rest as object), id }))
/** Items by the published schema, some of them broken at one place. */
export const item: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: goodItem },
  {
    weight: 2,
    arbitrary: fc.tuple(goodItem, fc.constantFrom(...paths), wrong).map((parts) => spoiled(...parts)),
  },
)
const items = (one: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.array(one, { maxLength: 4 }).map((profiles) => ({ profiles })) },
    { weight: 1, arbitrary: wrong },
    { weight: 1, arbitrary: fc.array(wrong, { maxLength: 2 }).map((profiles) => ({ profiles, token: 'x' })) },
    { weight: 1, arbitrary: wrong.map((profiles) => ({ profiles })) },
  )
const statuses = ['idle', 'interacting', 'beingConnected', 'notResponding', 'unavailable', 'offline', 'acw']
const routing = someOf({
  callRoutingStatus: fc.constantFrom(...statuses),
  chatRoutingStatus: fc.constantFrom(...statuses),
  ifCurrent: fc.constantFrom(...statuses),
  nonsense: wrong,
})
const spoiledRouting = fc.oneof(
  { weight: 6, arbitrary: routing },
  {
    weight: 1,
    arbitrary: fc
      .tuple(routing, fc.constantFrom('callRoutingStatus', 'ifCurrent', 'id'), wrong)
      .map((parts) => spoiled(...parts)),
  },
)

export type Query = Record<string, unknown>
const query = someOf({
  q: fc.constantFrom('', 'mü', 'MAX', '@', 'a b', 'ü', 'u\u0308', 'x y z', 'example.com'),
  userIds: fc.array(fc.integer({ min: 1, max: 26 }), { minLength: 1, maxLength: 3 }),
  show: fc.subarray(['users', 'enneo', 'serviceWorkers', 'all'], { minLength: 1 }),
  teamIds: fc.array(fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constant('unassigned')), {
    minLength: 1,
    maxLength: 2,
  }),
  tagIds: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 3 }),
  channels: fc.array(fc.constantFrom('email', 'phone', 'chat', 'Email'), { minLength: 1, maxLength: 2 }),
  roleId: fc.integer({ min: 1, max: 8 }),
  limit: fc.integer({ min: 1, max: 30 }),
  offset: fc.integer({ min: 0, max: 30 }),
}) as fc.Arbitrary<Query>
const look = someOf({
  forceInheritance: fc.boolean(),
  teamIds: fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 2 }),
  includeRawData: fc.boolean(),
}) as fc.Arbitrary<Query>

export type Call =
  | { kind: 'updateProfiles' | 'updateRoutingStatuses'; body: unknown }
  | { kind: 'updateProfile' | 'updateRoutingStatus'; id: number; body: unknown }
  | { kind: 'find'; query: Query }
  | { kind: 'look'; id: number; query: Query }
/** Who calls, and for whom; 999 is nobody. */
export type SentCall = Call & { caller: number; behalf: number | undefined }

const caller = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(1, 1, 2, 2, 3, 4) },
  { weight: 2, arbitrary: fc.integer({ min: 5, max: 24 }) },
  { weight: 1, arbitrary: fc.constant(999) },
)
const call = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('updateProfiles' as const), body: items(item) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('updateProfile' as const),
      id: fc.oneof(
        ids.filter((id) => id >= 0),
        fc.constant(3),
      ),
      body: fc.oneof({ weight: 9, arbitrary: item }, { weight: 1, arbitrary: wrong }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('updateRoutingStatuses' as const),
      body: items(fc.tuple(ids, spoiledRouting).map(([id, rest]) => ({ id, ...rest }))),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('updateRoutingStatus' as const),
      id: ids.filter((id) => id >= 0),
      body: fc.oneof({ weight: 9, arbitrary: spoiledRouting }, { weight: 1, arbitrary: wrong }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('find' as const), query }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('look' as const),
      id: ids.filter((id) => id >= 0),
      query: look,
    }),
  },
)
export const sentCall: fc.Arbitrary<SentCall> = fc
  .tuple(call, caller, fc.option(fc.constantFrom(1, 2, 3, 5, 999), { nil: undefined, freq: 6 }))
  .map(([one, who, behalf]) => ({ ...one, caller: who, behalf }))
