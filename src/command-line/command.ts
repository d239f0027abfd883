// What the command is, in one file once it is built: build.mjs.
export { runCommandLine } from './command-line.ts'
export { watchedConsole } from './output.ts'
