import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { play } from '../src/checks/case-request.ts'
import { uncoveredOf } from '../src/checks/coverage/text.ts'
import { mergeCoverage } from '../src/contract/coverage-report.ts'
import { basePath } from '../src/http/paths.ts'
import { readSeed } from '../src/seed/seed-file.ts'
import { developmentSecret } from '../src/start.ts'
import {
  type Case,
  caseFiles,
  differences,
  onSeed,
  signInWith,
  type WireAnswer,
  type WireRequest,
  wireRequest,
} from './support/cases.ts'
import { createTestMock } from './support/mock.ts'

const { personas } = await readSeed()
const signIn = signInWith(developmentSecret, personas)

type Send = (app: FastifyInstance, request: WireRequest) => Promise<WireAnswer>

const transports: Record<string, Send> = {
  inject: async (app, { method, path, headers, body }) => {
    const answer = await app.inject({
      method: method as 'GET',
      url: path,
      headers,
      ...(body !== undefined && { body }),
    })
    return { status: answer.statusCode, headers: answer.headers, body: answer.body }
  },
  socket: async (app, { method, path, headers, body }) => {
    const origin = app.server.listening ? app.listeningOrigin : await app.listen({ port: 0 })
    const answer = await fetch(origin + path, { method, headers, ...(body !== undefined && { body }) })
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
  },
}

/** One mock per set of settings serves all its cases; each begins with a reset. */
const mocks = new Map<string, Promise<FastifyInstance>>()
t.teardown(async () => {
  for (const app of mocks.values()) await (await app).close()
})

for (const [transport, send] of Object.entries(transports)) {
  for (const { name, cases } of caseFiles) {
    t.test(`${name} over ${transport}`, async (t) => {
      for (const example of cases) t.same(await run(example, send), [], example.name)
    })
  }
}

t.test('together the cases exercise all that the contract documents', async (t) => {
  const reports = await Promise.all(
    [...mocks.values()].map(async (app) => (await (await app).inject('/__admin/coverage')).json()),
  )
  const report = mergeCoverage(reports)
  t.strictSame(uncoveredOf(report), {})
  t.equal(report.percent, 100)
})

async function mockFor({ settings = {} }: Case): Promise<FastifyInstance> {
  const key = JSON.stringify(settings)
  const mock = mocks.get(key) ?? createTestMock(settings)
  mocks.set(key, mock)
  const app = await mock
  await app.inject({ method: 'POST', url: '/__admin/reset' })
  return app
}

async function run(example: Case, send: Send): Promise<string[]> {
  const app = await mockFor(example)
  const here = onSeed(example, personas)
  const ask = (request: Case['request']) => {
    const wire = wireRequest(request, signIn)
    return send(app, { ...wire, path: basePath + wire.path })
  }
  const state = async () => (await app.inject('/__admin/state')).json()
  let start = await state()
  const { before, answer } = await play(here, ask, async () => {
    start = await state()
  })
  return answer ? differences(here, answer, start, await state()) : [`before: ${before.at(-1)?.body}`]
}
