import t from 'tap'
import type { ProfilesQuery } from '../../schemas/read-profiles.ts'
import { profileSearch } from '../../src/profiles/search-profiles.ts'
import { createDirectory } from '../../src/stores/directory.ts'
import type { Page, ProfileFilter } from '../../src/stores/profile-filter.ts'
import { seedWith, teamWith } from '../support/seeds.ts'

const now = Date.UTC(2026, 10, 20, 10)

/** Team 1 is above 2 is above 3; 4 stands alone, 5 has no skills. */
const directory = createDirectory(
  seedWith({
    teams: [
      teamWith(1, null, { skills: { tagIds: [10], channels: ['email'] } }),
      teamWith(2, 1, { skills: { tagIds: [20] } }),
      teamWith(3, 2, { skills: { channels: ['chat'] } }),
      teamWith(4, null, { skills: { tagIds: [20, 40], channels: ['email', 'chat'] } }),
      teamWith(5),
    ],
  }),
)

const filters: [rule: string, query: ProfilesQuery, filter: ProfileFilter][] = [
  ['nothing is users', {}, { types: ['user'], skills: [] }],
  ['users', { show: ['users'] }, { types: ['user'], skills: [] }],
  ['enneo', { show: ['enneo'] }, { types: ['enneo'], skills: [] }],
  ['service workers', { show: ['serviceWorkers'] }, { types: ['serviceWorker'], skills: [] }],
  ['all has no types', { show: ['all'] }, { skills: [] }],
  ['all wins over others', { show: ['enneo', 'all'] }, { skills: [] }],
  ['several in order', { show: ['users', 'enneo'] }, { types: ['enneo', 'user'], skills: [] }],
  ['the same in one order', { show: ['enneo', 'users', 'enneo'] }, { types: ['enneo', 'user'], skills: [] }],
  ['text in small letters', { q: 'MÜLLER' }, { types: ['user'], text: 'müller', skills: [] }],
  ['an empty text is none', { q: '' }, { types: ['user'], skills: [] }],
  ['ids as they are', { userIds: [3, 1, 3] }, { ids: [3, 1, 3], types: ['user'], skills: [] }],
  ['teams', { teamIds: [3, 1] }, { types: ['user'], teams: { ids: [3, 1], unassigned: false }, skills: [] }],
  [
    'no team',
    { teamIds: ['unassigned'] },
    { types: ['user'], teams: { ids: [], unassigned: true }, skills: [] },
  ],
  [
    'teams or no team',
    { teamIds: [3, 'unassigned'] },
    { types: ['user'], teams: { ids: [3], unassigned: true }, skills: [] },
  ],
  [
    'tags with the teams that provide one, themselves or through a parent',
    { tagIds: [20] },
    { types: ['user'], skills: [{ kind: 'tagIds', values: [20], providedBy: [2, 3, 4] }] },
  ],
  [
    'any of several tags',
    { tagIds: [10, 40] },
    { types: ['user'], skills: [{ kind: 'tagIds', values: [10, 40], providedBy: [1, 2, 3, 4] }] },
  ],
  [
    'a tag that no team provides',
    { tagIds: [99] },
    { types: ['user'], skills: [{ kind: 'tagIds', values: [99], providedBy: [] }] },
  ],
  [
    'channels',
    { channels: ['chat'] },
    { types: ['user'], skills: [{ kind: 'channels', values: ['chat'], providedBy: [3, 4] }] },
  ],
  [
    'tags and channels, each for itself',
    { tagIds: [40], channels: ['email'] },
    {
      types: ['user'],
      skills: [
        { kind: 'tagIds', values: [40], providedBy: [4] },
        { kind: 'channels', values: ['email'], providedBy: [1, 2, 3, 4] },
      ],
    },
  ],
  ['a role, be it 0', { roleId: 0 }, { types: ['user'], roleId: 0, skills: [] }],
  [
    'who was seen since a date-time',
    { lastSeen: '2026-11-20 09:14:01' },
    { types: ['user'], seenSince: Date.UTC(2026, 10, 20, 9, 14, 1), skills: [] },
  ],
  [
    'who was seen in the last ten minutes',
    { lastSeen: 'online' },
    { types: ['user'], seenSince: Date.UTC(2026, 10, 20, 9, 50), skills: [] },
  ],
  ['format, limit and offset are no filter', { format: 'short', limit: 1 }, { types: ['user'], skills: [] }],
]

for (const [rule, query, filter] of filters) {
  t.test(`a search asks the store for ${rule}`, async (t) => {
    t.strictSame(profileSearch(query, directory, now).filter, filter)
  })
}

const pages: [query: ProfilesQuery, page: Page][] = [
  [{}, { limit: 100, offset: 0 }],
  [{ limit: 1 }, { limit: 1, offset: 0 }],
  [{ offset: 7 }, { limit: 100, offset: 7 }],
  [
    { limit: 1000, offset: 3 },
    { limit: 1000, offset: 3 },
  ],
]

for (const [query, page] of pages) {
  t.test(
    `a search with ${JSON.stringify(query)} asks for ${page.limit} from ${page.offset} on`,
    async (t) => {
      t.strictSame(profileSearch(query, directory, now).page, page)
    },
  )
}
