// Loaded into a test: tells at its end which breaks it passed, as a list of their ids.
import { writeFileSync } from 'node:fs'
import { env, pid } from 'node:process'

process.on('exit', () => {
  const { static: atLoad, perTest = {} } = globalThis.__stryker__?.mutantCoverage ?? {}
  const ids = Object.keys(Object.assign({}, atLoad, ...Object.values(perTest)))
  writeFileSync(`${env.REACHED}/${pid}`, JSON.stringify(ids))
})
