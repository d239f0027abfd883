import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Bytes that are still referred to. */
export function heapInUse(): number {
  // What a finalizer lets go is free only after the next round.
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed
}
