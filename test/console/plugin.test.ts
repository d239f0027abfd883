import { readdirSync } from 'node:fs'
import Fastify from 'fastify'
import t from 'tap'
import { consolePlugin } from '../../src/console/plugin.ts'
import { enneoMock } from '../../src/index.ts'
import { createMock } from '../../src/library/create-mock.ts'
import { pageFolder } from '../../src/values/package-info.ts'

// [console.page]
t.test('the page and its files need no token, and are gone where the control plane is', async (t) => {
  const mock = await createMock({ listen: false, adminApiToken: 'secret' })
  t.teardown(() => mock.close())
  const page = await mock.inject('/__admin/')
  t.match(page, { statusCode: 200, headers: { 'content-type': 'text/html; charset=utf-8' } })
  t.match(await mock.inject('/__admin'), { statusCode: 302, headers: { location: '/__admin/' } })
  for (const path of ['/', '/__sandbox/a/'])
    t.match(await mock.inject(path), { statusCode: 302, headers: { location: './__admin/' } }, path)
  t.match(await mock.inject('/__sandbox/a/__admin/'), { statusCode: 200, body: /<!doctype html>/ })
  for (const file of readdirSync(pageFolder()).filter((name) => !name.endsWith('.html')))
    t.match(await mock.inject(`/__admin/console/${file}`), { statusCode: 200 }, file)
  for (const path of [
    'console/index.html',
    'console/nothing.js',
    'console/..%2fplugin.ts',
    'reference/package.json',
  ])
    t.not((await mock.inject(`/__admin/${path}`)).statusCode, 200, path)
  t.equal((await mock.inject('/__admin/state')).statusCode, 401)
  const without = await createMock({ listen: false, disableAdminApi: true })
  t.teardown(() => without.close())
  for (const path of ['/', '/__admin/', '/__admin/console/main.js', '/__admin/reference'])
    t.equal((await without.inject(path)).statusCode, 404, path)
})

// [console.policy]
t.test('every file comes with the strict policy', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  for (const path of [
    '',
    'console/main.js',
    'console/console.css',
    'reference',
    'reference/swagger-ui.css',
  ]) {
    const { headers } = await mock.inject(`/__admin/${path}`)
    t.equal(
      headers['content-security-policy'],
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      path,
    )
    t.match(headers, { 'x-content-type-options': 'nosniff' })
  }
})

t.test('a reference whose package is not installed says what to do', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(consolePlugin, { prefix: '/__admin', reference: 'no-such-package' })
  t.match(await app.inject('/__admin/reference'), { statusCode: 200, body: /npm install swagger-ui-dist/ })
  t.equal((await app.inject('/__admin/reference/swagger-ui.css')).statusCode, 404)
})

t.test('inside another application it stands below its prefix, and / stays the host’s', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(enneoMock, { prefix: '/mock' })
  t.match(await app.inject('/mock/__admin'), { statusCode: 302, headers: { location: '/mock/__admin/' } })
  t.match(await app.inject('/mock/__admin/'), { statusCode: 200 })
  t.equal((await app.inject('/mock/')).statusCode, 404)
  t.equal((await app.inject('/')).statusCode, 404)
})
