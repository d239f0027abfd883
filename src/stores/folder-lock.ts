import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join, relative, resolve } from 'node:path'

/**
 * [store.folder] Keeps every other process out of a folder until it is released or this process ends, however it ends: the lock is a
 * socket that this process listens on. Resolves with how to release it. @throws {FolderInUse}
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true })
  const path = addressIn(folder)
  if (await isAnswered(path)) throw new FolderInUse()
  // Left behind by a process that was killed.
  await rm(path, { force: true })
  const server = createServer((socket) => socket.destroy()).unref()
  await new Promise<void>((locked, failed) => server.once('error', failed).listen(path, locked))
  return () => new Promise((released) => server.close(() => released()))
}

/** Longer addresses of sockets are cut by the system without a word, and then two folders could be one (macOS: 103). */
const longestAddress = 100

/**
 * Addresses of sockets are short, so the shorter way to the folder is taken, and for a deep folder a name made of its
 * own, whoever asks from wherever. Windows has names of its own for them.
 */
export function addressIn(folder: string, platform: string = process.platform): string {
  const name = `enneo-mock-${createHash('sha256').update(resolve(folder)).digest('hex')}`
  if (platform === 'win32') return `\\\\.\\pipe\\${name}`
  const absolute = join(resolve(folder), 'lock')
  if (Buffer.byteLength(absolute) > longestAddress) return join('/tmp', name.slice(0, 40))
  const fromHere = relative(process.cwd(), absolute)
  return fromHere.length < absolute.length ? fromHere : absolute
}

const isAnswered = (path: string) =>
  new Promise<boolean>((found) => {
    const socket = connect(path, () => found(true)).on('error', () => found(false))
    socket.on('connect', () => socket.destroy())
  })

/** Another process has the folder. */
export class FolderInUse extends Error {}
