const mostTries = 20_000

/** Asks again and again, and lets everything else run in between, until the answer is yes. Resolves with whether it ever was. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  tries: number = mostTries,
): Promise<boolean> {
  for (let tried = 0; tried < tries; tried += 1) {
    if (await isSo()) return true
    await new Promise(setImmediate)
  }
  return false
}
