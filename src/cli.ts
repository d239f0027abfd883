#!/usr/bin/env node
import module from 'node:module'
import { packageInfo } from './values/package-info.ts'

const { enableCompileCache } = module as typeof module & { enableCompileCache?: () => void }

// Checked before anything else is loaded: an older Node fails on the first import it does not understand.
const floor = packageInfo.engines.node.replace('>=', '')
const isOlder = (version: string, than: string) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number)
  return major < thanMajor || (major === thanMajor && minor < thanMinor)
}

if (isOlder(process.versions.node, floor)) {
  console.error(`enneo-mock needs Node ${floor} or newer, and this is Node ${process.versions.node}.`)
  process.exitCode = 1
} else {
  // Node 22 and newer keep what they have compiled: the next start is a fifth shorter.
  enableCompileCache?.()
  const [{ runCommandLine }, { watchedConsole }] = await Promise.all([
    import('./command-line/command-line.ts'),
    import('./command-line/output.ts'),
  ])
  globalThis.console = watchedConsole(process, (sentence) => {
    process.stderr.write(`${sentence}\n`)
    process.exit(1)
  })
  process.exitCode = await runCommandLine(process.argv.slice(2))
}
