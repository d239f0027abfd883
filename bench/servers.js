// Who takes part, and how each is started: `args` of a port and the document, `path` before the call's own.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const installed = (...path) => join(here, 'node_modules', ...path)
const glue = (name) => (port, document) => [join(here, 'servers', `${name}.js`), port, document]
const path = '/api/mind'

export const cli = join(here, '../dist/src/cli.js')
export const mock = { name: 'this mock', path, args: (port) => [cli, '--port', port] }
const bare = [
  { name: 'bare node:http', path, args: glue('bare-http') },
  { name: 'bare Fastify', path, packages: ['fastify'], args: glue('bare-fastify') },
]

/** In their ways of starting, but without logs. `node` is the oldest that each runs on. */
const rivals = [
  { name: 'openapi-backend', packages: ['openapi-backend'], args: glue('openapi-backend') },
  { name: 'MSW behind node:http', packages: ['msw'], node: 22, args: glue('msw') },
  {
    name: 'Scalar mock server',
    packages: ['@scalar/mock-server', '@hono/node-server'],
    node: 22,
    args: glue('scalar'),
  },
  {
    name: 'Prism',
    packages: ['@stoplight/prism-cli'],
    node: 24,
    args: (port, document) => [
      ...[installed('@stoplight/prism-cli/dist/index.js'), 'mock', document],
      ...['--port', port, '--verboseLevel', 'silent'],
    ],
  },
  {
    name: 'Mockoon',
    packages: ['@mockoon/cli'],
    path,
    args: (port, document) => [
      ...[installed('@mockoon/cli/bin/run.js'), 'start', '--data', document, '--port', port],
      ...['--hostname', '127.0.0.1', '--disable-log-to-file', '--disable-admin-api'],
    ],
  },
  {
    name: 'WireMock',
    packages: ['wiremock'],
    command: 'java',
    // Its journal has no bound of its own; this mock's keeps 1,000 calls.
    args: (port, document) => [
      ...['-jar', installed('wiremock/build/wiremock-standalone-3.13.2.jar'), '--port', port],
      ...['--bind-address', '127.0.0.1', '--max-request-journal-entries', '1000'],
      ...['--root-dir', wireMockStubs(JSON.parse(readFileSync(document, 'utf8')))],
    ],
  },
]

/** Each with the Node that runs it; `say` hears which rivals cannot run here. */
export function participants(withRivals, say) {
  const ready = (withRivals ? rivals : []).filter(({ name, command, node = 0 }) => {
    const isReady = command ? spawnSync(command, ['-version']).status === 0 : nodeFor(node) !== undefined
    if (!isReady) say(`${name} is left out: it needs ${command ?? `Node ${node}`}.`)
    return isReady
  })
  return [...bare, mock, ...ready].map((server) => ({ ...server, nodePath: nodeFor(server.node ?? 0) }))
}

/** This run's Node where it is new enough, else the newest of the installed ones. */
const nodeFor = (major) =>
  Number.parseInt(process.versions.node, 10) >= major ? process.execPath : nodes()[24]

/** Programs by major version: those that bench/package.json brings. */
export function nodes() {
  const all = [20, 24].map((major) => [major, installed(`node-${major}/bin/node`)])
  return Object.fromEntries(all.filter(([, program]) => existsSync(program)))
}

/** A folder for the files of this run, gone with it. */
export const scratch = mkdtempSync(join(tmpdir(), 'enneo-mock-bench-'))
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }))

/** WireMock reads no OpenAPI: stubs by hand, with the document's schema for the 400. */
function wireMockStubs({ paths, components }) {
  const schema = { ...paths['/profiles'].patch.requestBody.content['application/json'].schema, components }
  const stub = (priority, status, jsonBody, match) => ({
    priority,
    request: { method: 'PATCH', urlPath: '/profiles', ...match },
    response: { status, jsonBody, headers: { 'Content-Type': 'application/json' } },
  })
  const mappings = [
    stub(1, 401, { success: false }, { headers: { Authorization: { absent: true } } }),
    stub(2, 200, { results: [{ id: 5, success: true }] }, { bodyPatterns: [{ matchesJsonSchema: schema }] }),
    stub(3, 400, { results: [] }),
  ]
  mkdirSync(join(scratch, 'mappings'), { recursive: true })
  writeFileSync(join(scratch, 'mappings/profiles.json'), JSON.stringify({ mappings }))
  return scratch
}
