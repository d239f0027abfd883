import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { addressIn, FolderInUse, lockFolder } from '../../src/stores/folder-lock.ts'

function temporaryFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'enneo-mock-lock-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

// [store.folder]
t.test('a folder is locked until it is released, and again after a process was killed', async (t) => {
  const folder = join(temporaryFolder(t), 'data')
  const release = await lockFolder(folder)
  await t.rejects(lockFolder(folder), { constructor: FolderInUse, message: '' })
  await release()
  writeFileSync(join(folder, 'lock'), '')
  await (await lockFolder(folder))()
})

t.test(
  'deep folders that begin alike are locked each by itself, and again after a process was killed',
  async (t) => {
    const deep = join(temporaryFolder(t), 'd'.repeat(120))
    const [one, two] = [join(deep, 'one'), join(deep, 'two')]
    const unlock = await lockFolder(one)
    await t.rejects(lockFolder(one), { constructor: FolderInUse, message: '' })
    await (await lockFolder(two))()
    await unlock()
    writeFileSync(addressIn(one), '')
    await (await lockFolder(one))()
  },
)

const byteLong = (length: number) => `/${'d'.repeat(length - '//lock'.length)}`
const addresses: [what: string, folder: string, platform: string, address: RegExp][] = [
  ['a folder below this one by the way from here', 'data', 'linux', /^data\/lock$/],
  ['a folder with an address of 100 bytes by its name', byteLong(100), 'linux', /d{94}\/lock$/],
  ['a folder with a longer one by a name made of its own', byteLong(101), 'linux', made(29)],
  [
    'a folder with letters of several bytes by a name made of its own',
    `/${'ü'.repeat(48)}`,
    'linux',
    made(29),
  ],
  [
    'a folder on Windows by a name made of its own',
    'data',
    'win32',
    /^\\\\\.\\pipe\\enneo-mock-[0-9a-f]{64}$/,
  ],
]

function made(length: number) {
  return new RegExp(`^/tmp/enneo-mock-[0-9a-f]{${length}}$`)
}

for (const [what, folder, platform, address] of addresses) {
  t.test(`the lock of ${what}`, async (t) => t.match(addressIn(folder, platform), address))
}

t.test('a far folder is locked by its whole name, where that is the shorter one', async (t) =>
  t.equal(addressIn('/x', 'linux'), '/x/lock'),
)
