#!/usr/bin/env node
// npm run mutation [-- <module> …]: breaks each module of modules.mjs in every way Stryker knows, one at a time, and
// tells which breaks no test noticed. Takes minutes a module.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { argv, chdir, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { modules } from './modules.mjs'

chdir(fileURLToPath(new URL('../..', import.meta.url)))
if (!existsSync('.ci/mutation/node_modules'))
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', '.ci/mutation'], {
    stdio: 'inherit',
  })
const { Stryker } = await import('@stryker-mutator/core')

const named = argv.slice(2)
const unknown = named.filter((name) => !(name in modules))
if (unknown.length > 0) {
  console.error(`there is no module ${unknown.join(', ')}; there are ${Object.keys(modules).join(', ')}`)
  exit(2)
}

const noticed = ['Killed', 'Timeout', 'RuntimeError']
const rows = []
for (const name of named.length > 0 ? named : Object.keys(modules)) {
  const [sources, tests] = modules[name]
  const results = await new Stryker({
    mutate: sources,
    testRunner: 'command',
    commandRunner: { command: `node .ci/mutation/tests.mjs ${tests.join(' ')}` },
    reporters: [],
    checkers: [],
    plugins: [],
    ignorePatterns: ['dist', 'bench', 'examples', '.tap', '.ci/mutation/node_modules'],
    tempDirName: '.tap/mutation',
    concurrency: 2,
    timeoutMS: 10_000,
    allowEmpty: true,
    logLevel: 'error',
  }).runMutationTest()
  const survivors = results.filter(({ status }) => !noticed.includes(status) && status !== 'Ignored')
  const all = results.filter(({ status }) => status !== 'Ignored').length
  for (const { fileName, location, replacement, mutatorName } of survivors) {
    const place = fileName.slice(fileName.indexOf('src/'))
    const { line, column } = location.start
    console.log(
      `survived: ${place}:${line}:${column} ${mutatorName} → ${replacement.replace(/\s+/g, ' ').slice(0, 160)}`,
    )
  }
  rows.push([name, all, all - survivors.length])
  console.log(`${name}: ${all - survivors.length} of ${all} noticed`)
}
const total = rows.reduce((sum, [, all]) => sum + all, 0)
const killed = rows.reduce((sum, [, , count]) => sum + count, 0)
console.log(`all: ${killed} of ${total} noticed, ${((killed / total) * 100).toFixed(1)} %`)
