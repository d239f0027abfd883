import t from 'tap'
import { checkItem, checkUpdateProfiles, itemValidator } from '../../src/profiles/check-update-profiles.ts'
import type { Misfit } from '../../src/values/validation.ts'

const items = itemValidator(['available', 'busy'])
/** What is said of each, without its parts. */
const told = (body: unknown) => checkUpdateProfiles(body, items).map(({ misfits, ...bad }) => bad)
const inWords = (misfits: Misfit[]) => misfits.map(({ message }) => message).join('; ')

const good = { id: 1, firstName: 'Max', settings: { status: 'busy' }, rawData: { any: [null, {}] } }

const missing: [what: string, body: unknown][] = [
  ['no body', undefined],
  ['null', null],
  ['a text', 'profiles'],
  ['an array', [good]],
  ['no profiles', {}],
  ['profiles: null', { profiles: null }],
  ['profiles: an object', { profiles: { 0: good, length: 1 } }],
]

for (const [what, body] of missing) {
  t.test(`a body that is or holds ${what} lacks the profiles array`, async (t) =>
    t.strictSame(told(body), [{ message: 'profiles array is required' }]),
  )
}

const fitting: [what: string, body: unknown][] = [
  ['no items', { profiles: [] }],
  ['an id alone', { profiles: [{ id: 1 }] }],
  [
    'the documented keys and unknown ones',
    { profiles: [good, { id: 2, nickname: 'M', settings: null }], extra: 1 },
  ],
]

for (const [what, body] of fitting) {
  t.test(`a body with ${what} fits`, async (t) => t.strictSame(told(body), []))
}

t.test('each bad item is one entry in request order, with the id when it has an integer one', async (t) => {
  const profiles = [{ id: 5, lang: 1 }, good, { id: '1' }, null, { lang: 2, phone: true }, [], { id: 1.5 }]
  t.strictSame(told({ profiles }), [
    { index: 0, id: 5, message: 'profiles[0].lang must be a string (got 1)' },
    { index: 2, message: 'profiles[2].id must be an integer (got a string of 1 character)' },
    { index: 3, message: 'profiles[3] must be an object (got null)' },
    {
      index: 4,
      message:
        'profiles[4].id is required; profiles[4].phone must be a string (got true); profiles[4].lang must be a string (got 2)',
    },
    { index: 5, message: 'profiles[5] must be an object (got an array)' },
    { index: 6, message: 'profiles[6].id must be an integer (got 1.5)' },
  ])
})

const elements = (count: number) => Array.from({ length: count }, () => 'x')
const elementFault = (index: number) =>
  `.settings.teamIds[${index}] must be an integer (got a string of 1 character)`

t.test('ten faults of an item are all named, of eleven the first ten', async (t) => {
  const messagesFor = (count: number) =>
    inWords(checkItem({ id: 1, settings: { teamIds: elements(count) } }, 'item', items))
  const ten = Array.from({ length: 10 }, (_, index) => `item${elementFault(index)}`)
  t.equal(messagesFor(10), ten.join('; '))
  t.equal(messagesFor(11), [...ten, 'and more'].join('; '))
  const eleven = checkItem({ id: 1, settings: { teamIds: elements(11) } }, 'item', items)
  t.strictSame(eleven.at(-1), { path: '', expected: '', got: '', message: 'and more' })
})

t.test('of a huge bad item no more is looked at than is named', async (t) => {
  const teamIds = elements(1_000_000)
  let read = 0
  const counted = new Proxy(teamIds, {
    get: (target, key) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) read += 1
      return Reflect.get(target, key)
    },
  })
  const [item] = checkUpdateProfiles({ profiles: [{ id: 1, settings: { teamIds: counted } }] }, items)
  t.match(item?.message, /; and more$/)
  t.ok(read < 100, `${read} of 1,000,000 elements were read`)
})

const nested = (levels: number, inner: object = {}): object =>
  levels === 1 ? inner : { a: nested(levels - 1, inner) }
const depths: [what: string, rawData: unknown, fits: boolean][] = [
  ['an object 100 deep', nested(100), true],
  ['an object 101 deep', nested(101), false],
  ['an array as the hundredth level', nested(100, []), true],
  ['an array with an object as the hundred and first level', nested(100, [{}]), false],
]

for (const [what, rawData, fits] of depths) {
  t.test(`rawData with ${what} ${fits ? 'fits' : 'is refused'}`, async (t) => {
    const message = 'profiles[0].rawData must be nested at most 100 deep'
    const expected = fits ? [] : [{ index: 0, id: 1, message }]
    t.strictSame(told({ profiles: [{ id: 1, rawData }] }), expected)
  })
}

t.test(
  'of 1000 bad items the parts of what is wrong are told, of those beyond the words alone',
  async (t) => {
    const bad = checkUpdateProfiles({ profiles: Array(1001).fill({}) }, items)
    const message = (index: number) => `profiles[${index}].id is required`
    const parts = { path: 'profiles[999].id', expected: 'an integer', got: 'nothing', message: message(999) }
    t.strictSame(bad.slice(999), [
      { index: 999, message: message(999), misfits: [parts] },
      { index: 1000, message: message(1000), misfits: [] },
    ])
  },
)

t.test('rawData nested 100,000 deep is refused without exhausting the stack', async (t) => {
  let rawData: object = {}
  for (let level = 1; level < 100_000; level += 1) rawData = level % 2 ? [rawData] : { rawData }
  t.equal(
    inWords(checkItem({ id: 1, rawData: { rawData } }, '', items)),
    'rawData must be nested at most 100 deep',
  )
})

t.test('another list has other statuses, and all else as before', async (t) => {
  const statuses = ['away', 'busy']
  const items = itemValidator(statuses)
  const check = (settings: unknown, more?: object) =>
    inWords(checkItem({ id: 1, settings, ...more }, 'item', items))
  t.equal(check({ status: 'away' }), '')
  t.equal(check(null), '')
  t.equal(check({ status: 'available' }), 'item.settings.status must be one of away, busy (got "available")')
  t.equal(check({ roleId: '1' }), 'item.settings.roleId must be an integer (got a string of 1 character)')
  t.equal(check({}, { lang: 1 }), 'item.lang must be a string (got 1)')
  t.equal(check({}, { rawData: nested(101) }), 'item.rawData must be nested at most 100 deep')
  t.equal(inWords(checkItem({ settings: {} }, 'item', items)), 'item.id is required')
  t.equal(itemValidator(statuses), items, 'made once for each list')
})

const parts: [what: string, body: unknown, misfits: Pick<Misfit, 'path' | 'expected' | 'got'>[]][] = [
  ['profiles missing', {}, [{ path: 'profiles', expected: 'an array', got: 'nothing' }]],
  [
    'profiles as text',
    { profiles: 'x' },
    [{ path: 'profiles', expected: 'an array', got: 'a string of 1 character' }],
  ],
  ['no body', undefined, [{ path: 'profiles', expected: 'an array', got: 'nothing' }]],
  [
    'a bad item',
    { profiles: [{ settings: { status: 'sleeping' }, isSsoOnly: true }] },
    [
      { path: 'profiles[0].id', expected: 'an integer', got: 'nothing' },
      { path: 'profiles[0].settings.status', expected: 'one of available, busy', got: '"sleeping"' },
      { path: 'profiles[0].isSsoOnly', expected: 'one of 0, 1', got: 'true' },
    ],
  ],
  [
    'a secret of the wrong kind',
    { profiles: [{ id: 1, password: 123456 }] },
    [{ path: 'profiles[0].password', expected: 'a string', got: 'a number' }],
  ],
  [
    'deep data',
    { profiles: [{ id: 1, rawData: nested(101) }] },
    [{ path: 'profiles[0].rawData', expected: 'nested at most 100 deep', got: 'deeper data' }],
  ],
]

for (const [what, body, misfits] of parts) {
  t.test(`${what} is told in parts: where, what was expected, what came`, async (t) => {
    const [bad] = checkUpdateProfiles(body, items)
    t.strictSame(
      bad?.misfits.map(({ message, ...part }) => part),
      misfits,
    )
  })
}

// [message.many-items]
t.test('100,000 bad items are listed, what is beyond is counted', async (t) => {
  const last = { index: 99_999, message: 'profiles[99999].id is required', misfits: [] }
  for (const [count, message] of [
    [100_001, '1 more bad item'],
    [100_002, '2 more bad items'],
  ] as const) {
    const bad = checkUpdateProfiles({ profiles: Array(count).fill({}) }, items)
    t.strictSame(bad.slice(99_999), [last, { message, misfits: [] }])
  }
})
