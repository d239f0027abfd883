import t from 'tap'
import { createMock } from '../../src/library/create-mock.ts'
import { parseSeed } from '../../src/seed/seed.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { findConfigFile } from '../../src/settings.ts'

const forms = [
  '"__proto__":{"polluted":1}',
  '"\\u005f_proto__":{"polluted":1}',
  '"__proto__":null',
  '"constructor":{"prototype":{"polluted":1}}',
]
const seedText = JSON.stringify(await readSeed())

/** Every object that a client can send, with a place for the key. */
const bodies: [method: string, path: string, body: (key: string) => string][] = [
  ['PATCH', '/api/mind/profiles', (key) => `{${key},"profiles":[]}`],
  ['PATCH', '/api/mind/profiles', (key) => `{"profiles":[{"id":5,${key}}]}`],
  ['PATCH', '/api/mind/profiles', (key) => `{"profiles":[{"id":5,"settings":{${key}}}]}`],
  ['PATCH', '/api/mind/profiles', (key) => `{"profiles":[{"id":5,"settings":{"skills":{${key}}}}]}`],
  ['PATCH', '/api/mind/profiles', (key) => `{"profiles":[{"id":5,"settings":{"skillPriorities":{${key}}}}]}`],
  ['PATCH', '/api/mind/profiles', (key) => `{"profiles":[{"id":5,"rawData":{${key}}}]}`],
  ['PATCH', '/api/mind/profiles', (key) => `{"profiles":[{"id":5,"rawData":{"a":[{"b":{${key}}}]}}]}`],
  ['PATCH', '/api/mind/profile/5', (key) => `{"rawData":{${key}}}`],
  ['PATCH', '/api/mind/profile/5/routingStatus', (key) => `{"callRoutingStatus":"idle",${key}}`],
  [
    'PATCH',
    '/api/mind/profiles/routingStatus',
    (key) => `{"profiles":[{"id":5,"callRoutingStatus":"idle",${key}}]}`,
  ],
  ['POST', '/__admin/tokens', (key) => `{"persona":"admin",${key}}`],
  ['PUT', '/__admin/state', (key) => `{${key},${seedText.slice(1)}`],
  ['PUT', '/__admin/state', (key) => seedText.replace('"personas":{', `"personas":{${key},`)],
  ['PUT', '/__admin/state', (key) => seedText.replace('"settings":{', `"settings":{${key},`)],
  ['PUT', '/__admin/state', (key) => seedText.replace('"rawData":{', `"rawData":{${key},`)],
  ['POST', '/__admin/faults', (key) => `{"status":500,${key}}`],
  ['POST', '/__admin/faults', (key) => `{"status":500,"match":{"path":"/nothing",${key}}}`],
  ['POST', '/__admin/faults', (key) => `{"status":500,"headers":{${key}}}`],
  ['POST', '/__admin/faults', (key) => `{"status":500,"body":{${key}}}`],
  ['POST', '/__admin/requests/find', (key) => `{"body":{${key}}}`],
  ['POST', '/__admin/requests/count', (key) => `{${key}}`],
  ['POST', '/__admin/settings', (key) => `{"delay":0,${key}}`],
  ['PUT', '/__admin/scenario', (key) => `{"name":"happy",${key}}`],
  ['POST', '/__admin/verify', (key) => `{${key}}`],
]

/** Names that every object inherits, where a name is looked up. */
const inherited = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
const lookups: [method: string, path: (name: string) => string, body?: (name: string) => string][] = [
  ['GET', (name) => `/api/mind/profiles?${name}[polluted]=1&${name}.polluted=1&${name}=1`],
  ['GET', (name) => `/api/mind/profiles?constructor[prototype][polluted]=${name}`],
  ['GET', (name) => `/api/mind/profiles?show=${name}`],
  ['GET', (name) => `/api/mind/profile/${name}`],
  ['GET', (name) => `/__admin/requests?${name}=1`],
  ['GET', (name) => `/__admin/state/profiles/${name}`],
  ['POST', (name) => `/__admin/snapshots/${name}/restore`],
  ['DELETE', (name) => `/__admin/faults/${name}`],
  ['POST', () => '/__admin/tokens', (name) => `{"persona":"${name}"}`],
  ['PUT', () => '/__admin/scenario', (name) => `{"name":"${name}"}`],
]

const prototypes = [Object, Array, Function, String, Map].map(({ prototype }) => prototype as object)
const shape = () => prototypes.map((prototype) => Object.getOwnPropertyNames(prototype).sort().join())

t.test('no object that is sent reaches a prototype', async (t) => {
  const mock = await createMock()
  t.teardown(() => mock.close())
  const headers = { authorization: `Bearer ${mock.token('admin')}` }
  const send = (method: string, path: string, body?: string) =>
    fetch(new URL(path, mock.url), { method, headers, ...(body !== undefined && { body }) })
  const untouched = shape()
  const before = await mock.state()
  for (const [method, path, body] of bodies) {
    for (const form of forms) {
      const text = body(form)
      t.ok(text.includes(form))
      const { status } = await send(method, path, text)
      t.equal(status, 400, `${method} ${path} ${text.slice(0, 80)}`)
    }
  }
  for (const [method, path, body] of lookups) {
    for (const name of inherited) {
      const { status } = await send(method, path(name), body?.(name))
      t.ok(status < 500, `${method} ${path(name)} answers ${status}`)
      // Unknown parameters of the vendor's API are ignored.
      if (!path(name).startsWith('/api/mind/profiles?')) t.ok(status >= 400, `${path(name)} finds nothing`)
    }
  }
  t.strictSame(await mock.state(), before)
  t.strictSame(shape(), untouched)
})

t.test('no seed and no configuration file reaches a prototype', async (t) => {
  const untouched = shape()
  for (const form of forms) {
    const texts = [`{${form},${seedText.slice(1)}`, seedText.replace('"rawData":{', `"rawData":{${form},`)]
    for (const text of texts) t.throws(() => parseSeed(JSON.parse(text)), form)
    for (const name of ['file.json', 'file.yaml']) {
      const folder = t.testdir({ [name]: texts[1] as string })
      await t.rejects(readSeed(`${folder}/${name}`), form)
      const config = t.testdir({ [name]: `{"port":"8005",${form}}` })
      await t.rejects(findConfigFile(`${config}/${name}`), form)
    }
  }
  t.strictSame(shape(), untouched)
})
