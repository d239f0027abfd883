import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'

/** A file as it was loaded, and how to leave for the next process what this one has compiled of it. */
export type Compiled = { exports: unknown; keep: () => void }

/**
 * Loads a file that was written for `require` and imports nothing, with what an earlier process compiled of it where
 * that is still good: a fourth of the whole start (docs/decisions/compiled-command.md). It is kept beside the file, so
 * only who may change the one can change the other; where nothing can be written or it is not wanted, nothing is kept.
 */
export function requireCompiled(url: URL, isWanted: boolean): Compiled {
  const file = fileURLToPath(url)
  const kept = `${file}.${process.versions.v8}-${process.arch}.cache`
  const cachedData = isWanted && isNewer(kept, file) ? readFileSync(kept) : undefined
  // As Latin-1, because the build writes ASCII: nothing to decode, and half the memory.
  const source = `(function(exports,require,module,__filename,__dirname){${readFileSync(file, 'latin1')}\n})`
  const script = new vm.Script(source, { filename: file, ...(cachedData && { cachedData }) })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file))
  const isGood = cachedData !== undefined && script.cachedDataRejected === false
  return {
    exports: module.exports,
    keep: () => {
      if (isWanted && !isGood) write(kept, script.createCachedData())
    },
  }
}

/** The engine compares no more than the length of the source with that of what it compiled. */
function isNewer(kept: string, file: string): boolean {
  const [of, than] = [kept, file].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  return (of as number) > 0 && (of as number) >= (than as number)
}

/** Other processes may start meanwhile: they find all of it or nothing. */
function write(file: string, bytes: Buffer): void {
  const unfinished = `${file}.${process.pid}`
  try {
    writeFileSync(unfinished, bytes)
    renameSync(unfinished, file)
  } catch {
    // The folder is read-only, as in an image.
  }
}
