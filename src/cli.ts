#!/usr/bin/env node
import { packageInfo } from './values/package-info.ts'

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
  const { runCommandLine, watchedConsole } = await import('./command-line/command.ts')
  globalThis.console = watchedConsole(process)
  process.exitCode = await runCommandLine(process.argv.slice(2))
}
