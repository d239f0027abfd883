import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'
import { options, resolveSettings } from '../src/settings.ts'

type Service = {
  build?: string
  environment?: string[] | Record<string, unknown>
  volumes?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: object
}

const root = fileURLToPath(new URL('..', import.meta.url))
const examples = readdirSync(`${root}/examples`).map((name) => `examples/${name}/compose.yaml`)
const files = ['compose.yaml', ...examples.filter((file) => existsSync(root + file))]
const known: string[] = Object.values(options).flatMap(({ env }) => env)

const variablesOf = ({ environment = {} }: Service): Record<string, string> =>
  Array.isArray(environment)
    ? Object.fromEntries(environment.map((name) => [name, '']))
    : Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]))

for (const file of files) {
  t.test(`${file} names settings, files and services that exist`, async (t) => {
    const folder = `${root}${file.replace(/[^/]*$/, '')}`
    const { services } = parse(readFileSync(root + file, 'utf8'), { merge: true }) as {
      services: Record<string, Service>
    }
    const mocks = Object.values(services).filter(({ build }) => build !== undefined)
    t.ok(mocks.length > 0)
    for (const mock of mocks) {
      t.ok(existsSync(`${folder}/${mock.build}/Dockerfile`))
      t.ok(mock.healthcheck)
      const variables = variablesOf(mock)
      t.strictSame(
        Object.keys(variables).filter((name) => !known.includes(name)),
        [],
      )
      // Secrets come from the environment, where nobody knows what they will be.
      const env = Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, value.replace(/\$\{[^}]*\}/g, 'given')]),
      )
      t.doesNotThrow(() => resolveSettings({ flags: {}, env }))
    }
    for (const { volumes = [], depends_on = {} } of Object.values(services)) {
      const mounted = volumes.filter((volume) => volume.startsWith('./'))
      for (const volume of mounted) t.ok(existsSync(`${folder}/${volume.split(':')[0]}`), volume)
      for (const [name, { condition }] of Object.entries(depends_on)) {
        t.equal(condition, 'service_healthy')
        t.ok(services[name]?.healthcheck, `${name} can be healthy`)
      }
    }
  })
}

t.test('the balancer of examples/replicas has every mock, and no secret is written down', async (t) => {
  const compose = readFileSync(`${root}/examples/replicas/compose.yaml`, 'utf8')
  const { services } = parse(compose, { merge: true }) as { services: Record<string, Service> }
  const site = readFileSync(`${root}/examples/replicas/nginx.conf`, 'utf8')
  const balanced = [...site.matchAll(/^ {2}server (\S+):8005 /gm)].map(([, name]) => name)
  const mocks = Object.keys(services).filter((name) => services[name]?.build !== undefined)
  t.strictSame(balanced, mocks)
  t.strictSame(Object.keys(services.balancer?.depends_on ?? {}), mocks)
  const secrets = Object.values(services)
    .flatMap((service) => Object.entries(variablesOf(service)))
    .filter(([name]) => /SECRET|TOKEN|PASSWORD/.test(name))
  t.equal(secrets.length, 7)
  for (const [name, value] of secrets) t.match(value, /^\$\{\w+:\?/, name)
})
