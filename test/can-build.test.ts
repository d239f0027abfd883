import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const script = fileURLToPath(new URL('../.ci/can-build.cjs', import.meta.url))
const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
const run = (...args: string[]) => {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, stderr }
}

t.test('npm ci goes on to build where everything is there', async (t) => {
  t.strictSame(run(script), { status: 0, stderr: '' })
  t.match(JSON.parse(manifest).scripts.prepare, /^node \.ci\/can-build\.cjs && /)
})

for (const version of ['12.22.12', '18.20.4', '20.18.3']) {
  t.test(`npm ci on Node ${version} is told in one sentence which one is needed`, async (t) => {
    const folder = t.testdir({
      'old.cjs': `Object.defineProperty(process.versions, 'node', { value: '${version}' })`,
    })
    const stderr = `enneo-mock needs Node 20.19 or newer, and this is Node ${version}.\n`
    t.strictSame(run('--require', `${folder}/old.cjs`, script), { status: 1, stderr })
  })
}

t.test('npm ci --omit=optional is told in one sentence what building needs', async (t) => {
  const folder = t.testdir({
    'package.json': manifest,
    '.ci': { 'can-build.cjs': readFileSync(script, 'utf8') },
  })
  const { status, stderr } = run(`${folder}/.ci/can-build.cjs`)
  t.equal(status, 1)
  t.match(
    stderr,
    /^Building needs @faker-js\/faker, .*pino-pretty, @esbuild\/\S+, which npm left out; run npm ci without --omit=optional\.\n$/,
  )
})
