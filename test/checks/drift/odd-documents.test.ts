import t from 'tap'
import { driftOf } from '../../../src/checks/drift/drift.ts'
import { jsonOf, markdownOf } from '../../../src/checks/drift/report.ts'
import { openApiDocument } from '../../../src/contract/openapi.ts'
import type { JsonObject } from '../../../src/values/json.ts'

/** The same numbers from 0 to 1 in every run (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const contract = openApiDocument()
const served = JSON.stringify(contract)

const odd: unknown[] = [
  ...[null, true, false, 0, -1.5, '', 'x', 'constructor', '__proto__', [], {}, [null], [[]], [{}]],
  ...[{ toString: 1 }, [{ toString: 1 }], { $ref: '#' }, { $ref: '#/components' }, { $ref: 1 }, { allOf: 1 }],
]

/** Some values of a document become odd, or are what stands elsewhere in it. */
function mutate(document: JsonObject, random: () => number): void {
  const places: [holder: JsonObject, key: string][] = []
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, entry] of Object.entries(value)) {
      places.push([value as JsonObject, key])
      walk(entry)
    }
  }
  walk(document)
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T
  for (let count = 1 + Math.floor(random() * 5); count > 0; count -= 1) {
    const [holder, key] = pick(places)
    const [other, name] = pick(places)
    holder[key] = structuredClone(random() < 0.7 ? pick(odd) : (other[name] ?? null))
  }
}

t.test('documents changed at random are compared, and the report is written', async (t) => {
  const random = numbersFrom(1)
  for (let round = 0; round < 200; round += 1) {
    const document = JSON.parse(served)
    mutate(document, random)
    const drift = driftOf(contract, document)
    const isReported = typeof markdownOf(drift) === 'string' && jsonOf(drift).startsWith('{')
    if (!isReported) t.fail(JSON.stringify(document))
    for (const { file } of drift.differences)
      if (!/^(schemas|src)\/\S+\.ts$/.test(`${file}`)) t.fail(`${file}`)
  }
})

/** What is not as OpenAPI has it says nothing. */
// biome-ignore lint/suspicious/noExplicitAny: an edit is about any part of a document
const ignored: [name: string, edit: (document: any) => unknown][] = [
  ['required', ({ components }) => (components.schemas.AuthProfile.required = [{ toString: 1 }, 1, null])],
  ['properties of a schema', ({ components }) => (components.schemas.Unused = { properties: null })],
  [
    'a parameter',
    ({ paths }) => {
      paths['/profiles'].patch.parameters = [
        { name: { toString: 1 }, in: 'query' },
        { name: 'a', in: { toString: 1 } },
        { name: 1, in: 'query' },
        1,
      ]
    },
  ],
  [
    'how a parameter is sent',
    ({ paths }) =>
      Object.assign(paths['/profiles'].get.parameters[0], { style: { toString: 1 }, explode: 1 }),
  ],
  [
    'scopes',
    ({ security }) => {
      security[0].cookieAuth?.push({ toString: 1 })
      security[0].bearerAuth?.push({ toString: 1 })
    },
  ],
  [
    'a scheme',
    ({ components }) =>
      Object.assign(components.securitySchemes.cookieAuth, { bearerFormat: { toString: 1 } }),
  ],
]

for (const [name, edit] of ignored) {
  t.test(`${name} that cannot be understood is no difference`, async (t) => {
    const document = JSON.parse(served)
    edit(document)
    t.strictSame(driftOf(contract, document).differences, [])
  })
}

t.test('a type that cannot be understood is none', async (t) => {
  for (const [type, got] of [
    [{ toString: 1 }, 'any type'],
    [1, 'any type'],
    [['integer', { toString: 1 }], 'integer'],
  ]) {
    const document = JSON.parse(served)
    document.components.schemas.AuthProfile.properties.lang.type = type
    t.strictSame(
      driftOf(contract, document).differences.map((difference) => difference.got),
      [got],
    )
  }
})
