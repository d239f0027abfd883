#!/usr/bin/env node
// npm run mutation [-- <module> …]: breaks each module of modules.mjs in every way Stryker knows, one at a time in a
// copy of the sources, and tells which breaks no test noticed. What survivors.yaml has is known, and why it is so.
// Minutes a module; all of them take more than an hour.
import { execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, chdir, env, execPath, exit, kill } from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parse } from 'yaml'
import { modules } from './modules.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../..')
/** Of a hundred breaks, so many are to be noticed. */
const goal = 98

if (!existsSync(join(here, 'node_modules')))
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', here], {
    stdio: 'inherit',
  })
const { Instrumenter } = await import('@stryker-mutator/instrumenter')

const named = argv.slice(2)
const unknown = named.filter((name) => !(name in modules))
if (unknown.length > 0) {
  console.error(`there is no module ${unknown.join(', ')}; there are ${Object.keys(modules).join(', ')}`)
  exit(2)
}

const known = parse(readFileSync(join(here, 'survivors.yaml'), 'utf8'))
const copy = mkdtempSync(join(tmpdir(), 'enneo-mock-mutation-'))
chdir(copy)
const silent = new Proxy({}, { get: (_, name) => (String(name).startsWith('is') ? () => false : () => {}) })

const oneLine = (text) => text.replace(/\s+/g, ' ').trim()

/** What stands at a place of a source. */
function textAt(source, { start, end }) {
  const lines = source.split('\n').slice(start.line, end.line + 1)
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column)
  lines[0] = lines[0].slice(start.column)
  return oneLine(lines.join('\n'))
}

/** Fresh copies of the sources, those of a module with all its breaks in them, asleep. */
async function breaksOf(files) {
  for (const name of ['src', 'schemas', 'test', 'fixtures', 'docs', 'package.json', 'README.md']) {
    rmSync(name, { recursive: true, force: true })
    cpSync(join(root, name), name, { recursive: true })
  }
  if (!existsSync('node_modules')) symlinkSync(join(root, 'node_modules'), 'node_modules')
  const sources = Object.fromEntries(files.map((name) => [name, readFileSync(name, 'utf8')]))
  const given = files.map((name) => ({ name, mutate: true, content: sources[name] }))
  const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false }
  const { files: broken, mutants } = await new Instrumenter(silent).instrument(given, options)
  for (const { name, content } of broken) writeFileSync(name, content)
  return mutants
    .filter(({ status }) => !status)
    .map(({ id, fileName, location, replacement }) => {
      const mutant = `${textAt(sources[fileName], location)} → ${oneLine(replacement)}`
      return { id, file: fileName, line: location.start.line + 1, mutant }
    })
}

/** Whether a test passes; one that takes much longer than before hangs, which is noticed too. */
function passes(file, more, patience, ...imports) {
  return new Promise((resolve) => {
    const args = ['./test/support/typescript.mjs', ...imports].map((name) => `--import=${name}`)
    const child = spawn(execPath, [...args, file], {
      env: { ...env, TAP_BAIL: '1', ...more },
      stdio: 'ignore',
      detached: true,
    })
    // With all that it has started.
    const timer = setTimeout(() => kill(-child.pid, 'SIGKILL'), patience)
    child.on('exit', (code) => {
      clearTimeout(timer)
      resolve(code === 0)
    })
  })
}

/** The tests that pass a break, those first that take the least; nobody else can notice it. */
async function reach(tests) {
  const all = []
  for (const file of tests) {
    const folder = join(copy, 'reached', file.replaceAll('/', '-'))
    mkdirSync(folder, { recursive: true })
    const begun = performance.now()
    if (!(await passes(file, { REACHED: folder }, 600_000, pathToFileURL(join(here, 'reached.mjs')))))
      throw new Error(`${file} fails before anything is broken`)
    const ids = readdirSync(folder).flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
    all.push({ file, ms: performance.now() - begun, ids: new Set(ids) })
    rmSync(folder, { recursive: true })
  }
  return all.sort((a, b) => a.ms - b.ms)
}

async function survives({ id }, tests) {
  for (const { file, ms, ids } of tests)
    if (ids.has(id) && !(await passes(file, { __STRYKER_ACTIVE_MUTANT__: id }, 15_000 + 5 * ms))) return false
  return true
}

let isGood = true
for (const name of named.length > 0 ? named : Object.keys(modules)) {
  const [files, testFiles] = modules[name]
  const breaks = await breaksOf(files)
  const tests = await reach(testFiles)
  console.log(`${name}: ${breaks.length} breaks`)
  const queue = [...breaks]
  const survivors = []
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      if (await survives(next, tests)) {
        survivors.push(next)
        const { file, line, mutant } = next
        const why = known.find((entry) => entry.file === file && entry.mutant === mutant)?.why
        console.log(`survived: ${file}:${line} ${mutant}${why ? ` (${why})` : ''}`)
      }
      if (queue.length > 0 && queue.length % 100 === 0) console.log(`${name}: ${queue.length} left`)
    }
  }
  await Promise.all([work(), work()])
  const share = (1 - survivors.length / breaks.length) * 100
  isGood &&= share >= goal
  console.log(
    `${name}: ${breaks.length - survivors.length} of ${breaks.length} noticed, ${share.toFixed(1)} %`,
  )
}
rmSync(copy, { recursive: true })
exit(isGood ? 0 : 1)
