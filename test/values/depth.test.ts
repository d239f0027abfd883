import t, { type Test } from 'tap'
import { readSeed } from '../../src/seed/seed-file.ts'
import { deepestData, isDeeperThan } from '../../src/values/depth.ts'
import { createTestMock } from '../support/mock.ts'
import { bearer } from '../support/signed-in.ts'

const seed = await readSeed()

const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

const depths: [json: string, levels: number][] = [
  ['1', 0],
  ['"[[["', 0],
  ['null', 0],
  ['{}', 1],
  ['[]', 1],
  ['[1,{"a":[2]},3]', 3],
  ['{"a":1,"b":{"c":{}}}', 3],
  [lists(50), 50],
  [objects(50), 50],
]

for (const [json, levels] of depths) {
  t.test(`${json.slice(0, 40)} has ${levels} levels`, async (t) => {
    const value = JSON.parse(json)
    t.notOk(isDeeperThan(levels, value))
    if (levels > 0) t.ok(isDeeperThan(levels - 1, value))
  })
}

t.test('data of any depth can be measured', async (t) => {
  t.ok(isDeeperThan(deepestData, JSON.parse(lists(1_000_000))))
  t.ok(isDeeperThan(deepestData, JSON.parse(objects(1_000_000))))
})

async function opened(t: Test) {
  const app = await createTestMock()
  t.teardown(() => app.close())
  const send = (method: 'GET' | 'PATCH' | 'PUT' | 'POST', url: string, payload?: string) =>
    app.inject({ method, url, headers: bearer(), ...(payload !== undefined && { payload }) })
  return { app, send }
}

for (const [form, nested] of Object.entries({ lists, objects })) {
  t.test(`rawData of ${deepestData} levels of ${form} is kept, merged, shown and put back`, async (t) => {
    const { send } = await opened(t)
    // The object that holds it is a level, too.
    const rawData = `{"deep":${nested(deepestData - 1)}}`
    for (let round = 0; round < 2; round += 1) {
      const answer = await send('PATCH', '/api/mind/profiles', `{"profiles":[{"id":5,"rawData":${rawData}}]}`)
      t.strictSame(answer.json(), { results: [{ id: 5, success: true }] })
    }
    const read = await send('GET', '/api/mind/profile/5?includeRawData=true')
    t.equal(JSON.stringify(read.json().rawData), rawData)
    const state = (await send('GET', '/__admin/state')).body
    t.equal((await send('PUT', '/__admin/state', state)).statusCode, 200)
    t.equal((await send('GET', '/__admin/state')).body, state)
    const { requests } = (await send('GET', '/__admin/requests')).json()
    t.equal(JSON.stringify(requests[0].body.profiles[0].rawData), rawData)
  })

  t.test(
    `rawData of one level of ${form} more is refused with its path, and nothing is written`,
    async (t) => {
      const { send } = await opened(t)
      const item = `{"id":5,"rawData":{"deep":${nested(deepestData)}}}`
      const answer = await send('PATCH', '/api/mind/profiles', `{"profiles":[{"id":6,"lang":"xx"},${item}]}`)
      const message = `profiles[1].rawData must be nested at most ${deepestData} deep`
      t.strictSame(
        [answer.statusCode, answer.json()],
        [400, { results: [{ id: 5, success: false, message }] }],
      )
      const one = await send('PATCH', '/api/mind/profile/5', `{"rawData":{"deep":${nested(deepestData)}}}`)
      t.strictSame(
        [one.statusCode, one.json()],
        [400, { success: false, message: `rawData must be nested at most ${deepestData} deep` }],
      )
      t.strictSame((await send('GET', '/__admin/state')).json(), seed)
    },
  )

  t.test(`a seed with rawData of one level of ${form} more is refused with its path`, async (t) => {
    const { send } = await opened(t)
    const profiles = `[{"id":1,"settings":{},"rawData":{"deep":${nested(deepestData)}}}]`
    const answer = await send(
      'PUT',
      '/__admin/state',
      `{"personas":{},"roles":[],"teams":[],"profiles":${profiles}}`,
    )
    t.equal(answer.statusCode, 400)
    const path = 'profiles[0].rawData'
    t.strictSame(answer.json().faults, [
      { path, message: `${path}: must be nested at most ${deepestData} deep` },
    ])
  })
}

/** Every place of a body where data can be put. */
const places: [what: string, body: (deep: string) => string][] = [
  ['the body', (deep) => deep],
  ['profiles', (deep) => `{"profiles":${deep}}`],
  ['an unknown key of the body', (deep) => `{"profiles":[],"x":${deep}}`],
  ['an item', (deep) => `{"profiles":[${deep}]}`],
  ['an id', (deep) => `{"profiles":[{"id":${deep}}]}`],
  ['a text', (deep) => `{"profiles":[{"id":5,"lang":${deep}}]}`],
  ['a secret', (deep) => `{"profiles":[{"id":5,"password":${deep}}]}`],
  ['an unknown key', (deep) => `{"profiles":[{"id":5,"x":${deep}}]}`],
  ['settings', (deep) => `{"profiles":[{"id":5,"settings":${deep}}]}`],
  ['team ids', (deep) => `{"profiles":[{"id":5,"settings":{"teamIds":${deep}}}]}`],
  ['an unknown key in settings', (deep) => `{"profiles":[{"id":5,"settings":{"x":${deep}}}]}`],
  ['skills', (deep) => `{"profiles":[{"id":5,"settings":{"skills":${deep}}}]}`],
  ['rawData', (deep) => `{"profiles":[{"id":5,"rawData":${deep}}]}`],
]

for (const levels of [1000, 100_000]) {
  for (const [what, body] of places) {
    t.test(`${levels} levels in ${what} are answered and can be seen in the journal`, async (t) => {
      const { send } = await opened(t)
      for (const nested of [lists, objects]) {
        const answer = await send('PATCH', '/api/mind/profiles', body(nested(levels)))
        t.ok([200, 400].includes(answer.statusCode), `answered ${answer.statusCode}`)
      }
      const { requests } = (await send('GET', '/__admin/requests')).json()
      t.equal(requests.length, 2)
      t.equal((await send('GET', '/__admin/state')).statusCode, 200)
    })
  }

  t.test(`${levels} levels in any body of the control plane are answered, and do no harm`, async (t) => {
    const { send } = await opened(t)
    for (const [method, path] of [
      ['POST', '/tokens'],
      ['PUT', '/state'],
      ['POST', '/faults'],
      ['POST', '/settings'],
      ['PUT', '/scenario'],
      ['POST', '/requests/count'],
      ['POST', '/requests/find'],
      ['POST', '/reset'],
      ['POST', '/snapshots/s'],
    ] as const) {
      for (const deep of [lists(levels), objects(levels)]) {
        for (const body of [
          deep,
          `{"body":${deep}}`,
          `{"match":${deep}}`,
          `{"profiles":${deep}}`,
          `{"name":${deep}}`,
        ]) {
          const { statusCode } = await send(method, `/__admin${path}`, body)
          t.ok(
            [200, 400].includes(statusCode),
            `${method} ${path} ${body.slice(0, 20)} answered ${statusCode}`,
          )
        }
      }
    }
    for (const path of ['/state', '/faults', '/settings', '/scenario', '/requests', '/snapshots'])
      t.equal((await send('GET', `/__admin${path}`)).statusCode, 200, path)
    t.equal((await send('GET', '/api/mind/profile')).statusCode, 200)
  })
}
