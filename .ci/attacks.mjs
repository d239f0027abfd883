#!/usr/bin/env node
// npm run attacks [-- <part of what is tried>]: takes the guard against each attack out of a copy of the sources, one
// at a time, and looks whether the test of that attack fails.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, chdir, execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { attacks } from '../docs/security.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'enneo-mock-attacks-'))
for (const name of ['src', 'schemas', 'test', 'fixtures', 'docs', 'package.json', 'README.md', 'SECURITY.md'])
  cpSync(join(root, name), join(copy, name), { recursive: true })
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
chdir(copy)

/** In milliseconds; a test that hangs without its guard has failed. */
const patience = 300_000

/** The names of the tests that failed in a file, at any depth; `undefined` when it did not end. */
function failedIn(file) {
  const args = ['--import=./test/support/typescript.mjs', file]
  const { stdout, signal } = spawnSync(execPath, args, {
    encoding: 'utf8',
    timeout: patience,
    maxBuffer: 2 ** 30,
  })
  if (signal !== null) return undefined
  return [...stdout.matchAll(/^ *not ok \d+ - (.*?)(?: # time=.*)?$/gm)].map(([, title]) =>
    title.replaceAll('\\', ''),
  )
}

let unnoticed = 0
for (const { tried, test, without } of attacks().filter(({ tried }) => tried.includes(argv[2] ?? ''))) {
  const source = readFileSync(without.file, 'utf8')
  writeFileSync(
    without.file,
    source.replace(without.find, () => without.replace),
  )
  const failed = failedIn(test.file)
  const isNoticed = failed === undefined || failed.some((title) => title.includes(test.title))
  writeFileSync(without.file, source)
  if (!isNoticed) unnoticed += 1
  console.log(`${failed ? (isNoticed ? 'noticed' : 'NOT NOTICED') : 'did not end'}: ${tried}`)
}
rmSync(copy, { recursive: true })
console.log(
  unnoticed === 0
    ? 'every guard that is taken out is missed'
    : `${unnoticed} guards can be taken out unnoticed`,
)
exit(unnoticed === 0 ? 0 : 1)
