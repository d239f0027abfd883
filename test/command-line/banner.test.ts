import t from 'tap'
import type { Seed } from '../../schemas/seed.ts'
import { banner } from '../../src/command-line/banner.ts'
import { createTokens } from '../../src/http/tokens.ts'
import type { StartedMock } from '../../src/start.ts'
import { profileWith, roleWith, seedWith } from '../support/seeds.ts'

const tokens = await createTokens('secret', Date.now)
const origin = 'http://localhost:8005'
const bannerOf = (
  seed: Seed,
  madeUp: StartedMock['madeUp'] = {},
  adminAccess: StartedMock['adminAccess'] = { kind: 'loopback' },
) => banner({ origin, seed, tokens, adminAccess, madeUp } as StartedMock)

const roles = [roleWith(1, ['updateSpecificProfile'], 'May'), roleWith(2, [], 'May not')]
const boss = profileWith(1, { firstName: 'Bo', lastName: 'Ss', type: 'user', settings: { roleId: 1 } })
const guest = profileWith(2, { firstName: 'Gu', lastName: 'Est', type: 'user', settings: { roleId: 2 } })
const enneo = profileWith(3, { type: 'enneo' })
const member = profileWith(4, { type: 'user' })

const succeeds =
  /This succeeds \(as boss\):\n\n {2}curl -X PATCH http:\/\/localhost:8005\/api\/mind\/profiles /
const isRefused = /This is refused with 403 \(as guest\):\n\n {2}curl /

const seeds: [what: string, seed: Seed, shown: RegExp[], missing: RegExp[]][] = [
  [
    'one who may and one who may not',
    seedWith({ personas: { boss: 1, guest: 2 }, roles, profiles: [boss, guest, enneo, member] }),
    [
      succeeds,
      isRefused,
      /^ {2}boss {7}1 {2}Bo Ss, type user, role May$/m,
      /"id":4,"settings":\{"roleId":2\}/,
    ],
    [],
  ],
  [
    'nobody who may not',
    seedWith({ personas: { boss: 1 }, roles, profiles: [boss] }),
    // The one who is printed is not to lose what they may.
    [succeeds, /"profiles":\[\{"id":1,"lang":"en"\}\]/],
    [isRefused, /roleId/],
  ],
  [
    'nobody who may, one role and no other profile',
    seedWith({ personas: { guest: 2 }, roles: roles.slice(1), profiles: [guest] }),
    [isRefused, /"profiles":\[\{"id":2,"lang":"en"\}\]/],
    [succeeds],
  ],
  [
    'a persona without a role',
    seedWith({ personas: { lone: 4 }, profiles: [member] }),
    [/role none$/m, /"profiles":\[\{"id":4,"lang":"en"\}\]/],
    [],
  ],
  ['a persona of nobody', seedWith({ personas: { ghost: 9 } }), [/Personas:/], [/ghost/, /curl -X/]],
]

for (const [what, seed, shown, missing] of seeds) {
  t.test(`the banner of a seed with ${what}`, async (t) => {
    const text = bannerOf(seed)
    for (const pattern of shown) t.match(text, pattern)
    for (const pattern of missing) t.notMatch(text, pattern)
    t.notMatch(text, /made up|undefined/)
  })
}

t.test('the banner shows secrets that were made up, and uses them', async (t) => {
  const token = { kind: 'token', token: 'made-up-2' } as const
  const text = bannerOf(seedWith(), { jwtSecret: 'made-up-1', adminApiToken: 'made-up-2' }, token)
  t.match(text, /JWT secret +made-up-1 \(made up for this start\)/)
  t.match(text, /admin token +made-up-2 \(made up for this start\)/)
  t.match(text, 'curl -H "Authorization: Bearer made-up-2" http://localhost:8005/__admin/state')
  t.match(bannerOf(seedWith()), 'curl http://localhost:8005/__admin/state')
})

t.test(
  'the banner does not repeat an admin token that was given, and shows no way that is closed',
  async (t) => {
    const given = bannerOf(seedWith(), {}, { kind: 'token', token: 'given' })
    t.match(
      given,
      'curl -H "Authorization: Bearer $MOCK_ADMIN_API_TOKEN" http://localhost:8005/__admin/state',
    )
    t.notMatch(given, 'given')
    t.notMatch(bannerOf(seedWith(), {}, { kind: 'disabled' }), '/__admin/state')
  },
)

t.test('a state that was there before is told, and how to begin anew', async (t) => {
  const told = banner({
    ...{ origin, seed: seedWith({ personas: { boss: 1 }, roles, profiles: [boss] }), tokens, madeUp: {} },
    ...{ adminAccess: { kind: 'loopback' }, wasKept: true },
  } as StartedMock)
  t.match(told, /^ {2}state {10}kept from before; --reseed begins anew with the seed$/m)
})
