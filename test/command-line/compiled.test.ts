import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { requireCompiled } from '../../src/command-line/compiled.ts'

/** A file in a folder of its own, as an hour ago. */
function scriptIn(t: Test, source: string) {
  const folder = t.testdir()
  const file = `${folder}/command.cjs`
  const write = (text: string, hoursAgo: number) => {
    writeFileSync(file, text)
    const time = Date.now() / 1000 - hoursAgo * 3600
    utimesSync(file, time, time)
  }
  write(source, 1)
  return {
    folder,
    write,
    load: (isWanted = true) => requireCompiled(pathToFileURL(file), isWanted),
    kept: () => readdirSync(folder).filter((name) => name !== 'command.cjs'),
  }
}

t.test('a file finds what it was written for: require, its module, its own place', async (t) => {
  const { load, folder } = scriptIn(
    t,
    "exports.path = require('node:path').join(__dirname, 'x')\nexports.file = __filename\nmodule.exports.both = 1",
  )
  t.strictSame(load().exports, { path: `${folder}/x`, file: `${folder}/command.cjs`, both: 1 })
})

t.test('what was compiled is kept on request, once, and taken by the next process', async (t) => {
  const { load, kept, folder } = scriptIn(t, 'module.exports = () => 5')
  const first = load()
  t.strictSame(kept(), [])
  first.keep()
  const [name = ''] = kept()
  t.strictSame(kept(), [`command.cjs.${process.versions.v8}-${process.arch}.cache`])
  const second = load()
  t.equal((second.exports as () => number)(), 5)
  // Nothing is written again: it was good.
  rmSync(`${folder}/${name}`)
  second.keep()
  t.strictSame(kept(), [])
})

t.test('a newer file of the same length is compiled anew', async (t) => {
  const { load, write } = scriptIn(t, 'module.exports = () => 5')
  load().keep()
  write('module.exports = () => 6', -1)
  t.equal((load().exports as () => number)(), 6)
})

t.test('what the engine cannot use is replaced', async (t) => {
  const { load, kept, folder } = scriptIn(t, 'module.exports = () => 5')
  load().keep()
  const file = `${folder}/${kept()[0]}`
  writeFileSync(file, 'of another engine')
  const { exports, keep } = load()
  t.equal((exports as () => number)(), 5)
  keep()
  // It is good again, so nothing is written once more.
  const { keep: keepAgain } = load()
  rmSync(file)
  keepAgain()
  t.strictSame(kept(), [])
})

t.test('where it is not wanted nothing is kept, and nothing that was kept is looked at', async (t) => {
  const { load, kept, folder } = scriptIn(t, 'module.exports = () => 5')
  load(false).keep()
  t.strictSame(kept(), [])
  load().keep()
  writeFileSync(`${folder}/${kept()[0]}`, 'not to be taken')
  load(false).keep()
  t.equal(readFileSync(`${folder}/${kept()[0]}`, 'utf8'), 'not to be taken')
})

t.test('where nothing can be written nothing is kept, and nobody is bothered', async (t) => {
  const { load, folder } = scriptIn(t, 'module.exports = () => 5')
  const { keep } = load()
  rmSync(folder, { recursive: true })
  t.doesNotThrow(keep)
})
