import t from 'tap'
import { createMock } from '../../src/library/create-mock.ts'
import { readSeed } from '../../src/seed/seed-file.ts'
import { seedWarnings } from '../../src/seed/seed-warnings.ts'
import { profileWith, roleWith, seedWith } from '../support/seeds.ts'

const slips = seedWith({
  roles: [
    roleWith(1, ['updateSpecificProfile', 'updateSpecificProfil']),
    roleWith(2, ['updateSpecificProfil']),
  ],
  profiles: [
    profileWith(1, { type: 'usr' }),
    profileWith(2, { type: 'usr' }),
    profileWith(3, { type: 'Enneo' }),
    profileWith(4, { type: 'serviceWorker' }),
    profileWith(5),
  ],
})
const warnings = [
  'profiles[0].type and 1 more: "usr" is none of the known types user, enneo, serviceWorker',
  'profiles[2].type: "Enneo" is none of the known types user, enneo, serviceWorker',
  'roles[0].permissions[1] and 1 more: "updateSpecificProfil" is no permission that the mock knows',
]

t.test('unknown types and permissions are slips, each told once; the built-in seed has none', async (t) => {
  t.strictSame(await seedWarnings(slips), warnings)
  t.strictSame(await seedWarnings(await readSeed()), [])
})

t.test('PUT /state takes a seed with slips, and tells of them', async (t) => {
  const mock = await createMock({ listen: false })
  t.teardown(() => mock.close())
  const put = async (seed: object) =>
    (await mock.fetch(`${mock.adminUrl}/state`, { method: 'PUT', body: JSON.stringify(seed) })).json()
  t.strictSame(await put(slips), { status: 'replaced', warnings })
  t.strictSame(await put(seedWith()), { status: 'replaced' })
})
