import { existsSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { SettingsError } from '../settings.ts'
import { defaultWorld, type ProfileStore, StoreAway, type World } from '../stores/profile-store.ts'
import { readSeed } from './seed-file.ts'

/** How long a change may be in memory only, in ms. */
const interval = 2000

/**
 * [store.persist] A store whose default world is also a seed document in a file: read at the start, and written, if
 * anything may have changed, every few seconds and when the store closes. A process that is killed loses those seconds.
 * @throws {SettingsError} when the file cannot be read or written
 */
export async function keepInFile(
  store: ProfileStore,
  path: string,
  beginAnew: boolean,
): Promise<ProfileStore> {
  const wasKept = existsSync(path) && !beginAnew
  const main = await store.world(defaultWorld)
  if (wasKept) await main.replace(await readSeed(path))
  let hasChanged = !wasKept
  let trouble: string | undefined
  const note = () => {
    hasChanged = true
  }
  const write = async () => {
    if (!hasChanged) return
    hasChanged = false
    trouble = undefined
    await replaceFile(path, JSON.stringify(await main.toSeed())).catch(({ code }: NodeJS.ErrnoException) => {
      note()
      trouble = `the state cannot be written to ${path} (${code})`
    })
  }
  await write()
  if (trouble !== undefined) throw new SettingsError(`--persist cannot be used: ${trouble}.`)
  let writing = Promise.resolve()
  const writeNext = () => {
    writing = writing.then(write)
  }
  const timer = setInterval(writeNext, interval).unref()
  const watched = noting(main, note)
  return {
    ...store,
    wasKept,
    world: (name) => (name === defaultWorld ? watched : store.world(name)),
    reseed: (seed) => store.reseed(seed).then(note),
    renew: (seed, at) => store.renew(seed, at).finally(note),
    check: async () => {
      if (trouble !== undefined) throw new StoreAway(trouble)
    },
    close: async () => {
      clearInterval(timer)
      writeNext()
      await writing
      await store.close()
      if (trouble !== undefined) throw new SettingsError(`The last changes are lost: ${trouble}.`)
    },
  }
}

/** The same world; whatever may change its state is noted afterwards. */
function noting(world: World, note: () => void): World {
  const { snapshots } = world
  return {
    ...world,
    update: (ids, revise) => {
      const result = world.update(ids, revise)
      note()
      return result
    },
    replace: (seed) => world.replace(seed).then(note),
    reset: () => world.reset().then(note),
    snapshots: {
      ...snapshots,
      restore: async (name) => {
        const wasThere = await snapshots.restore(name)
        note()
        return wasThere
      },
    },
  }
}

/** At every moment the file is the old one or the new one, whole. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  const file = await open(temporary, 'w')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}
