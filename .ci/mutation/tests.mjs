// Runs test files one after the other until one fails.
import { spawnSync } from 'node:child_process'
import { argv, env, execPath, exit } from 'node:process'

for (const file of argv.slice(2)) {
  const args = ['--import=./test/support/typescript.mjs', file]
  const { status } = spawnSync(execPath, args, { env: { ...env, TAP_BAIL: '1' }, stdio: 'ignore' })
  if (status !== 0) exit(1)
}
