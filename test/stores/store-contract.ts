import type { Test } from 'tap'
import type { Seed, StoredProfile } from '../../schemas/seed.ts'
import type { Page, ProfileFilter } from '../../src/stores/profile-filter.ts'
import { defaultWorld, type ProfileStore, type Revise } from '../../src/stores/profile-store.ts'
import { freshNotes } from '../../src/stores/world-notes.ts'
import { deepFrozen, profileWith, roleWith, seedWith, teamWith } from '../support/seeds.ts'

/** What every store promises. Profiles are not in order, so that the order of an answer is the store's own. */
export function storeContract(
  t: Test,
  name: string,
  open: (seed: Seed) => Promise<ProfileStore>,
): Promise<unknown> {
  const seed = deepFrozen(
    seedWith({
      personas: { admin: 3 },
      statusOptions: ['available', 'busy', 'away'],
      supersetRoles: ['Alpha'],
      roles: [roleWith(1, ['read', 'write'])],
      teams: [teamWith(1), teamWith(2, 1)],
      profiles: [
        profileWith(10, { firstName: 'Ten', settings: { roleId: 1, teamIds: [2] } }),
        profileWith(3, { type: 'enneo', firstName: 'Three', lastName: 'Wood', settings: { roleId: 1 } }),
        profileWith(7, { type: 'user', email: 'Seven@example.org', settings: { skills: { tagIds: [5] } } }),
        profileWith(8, { settings: { teamIds: [1], inheritTeamSettings: true } }),
      ],
    }),
  )
  const inOrder = { ...seed, profiles: [...seed.profiles].sort((a, b) => a.id - b.id) }

  const setName =
    (ids: number[], firstName: string): Revise<string> =>
    (stored) => ({
      changed: ids.flatMap((id) => stored.get(id) ?? []).map((profile) => ({ ...profile, firstName })),
      result: firstName,
    })

  return t.test(`${name} keeps the promises of a profile store`, async (t) => {
    const opened = async (t: Test) => {
      const store = await open(seed)
      t.teardown(() => store.close())
      return store
    }

    t.test('a new world is the seed, profiles ordered by id', async (t) => {
      const world = await (await opened(t)).world('new')
      t.strictSame(await world.toSeed(), inOrder)
      t.strictSame(
        (await world.toSeed()).profiles.map(({ id }) => id),
        [3, 7, 8, 10],
      )
    })

    t.test('profile() gives the profile, or undefined for nobody', async (t) => {
      const world = await (await opened(t)).world('one')
      t.strictSame(await world.profile(7), seed.profiles[2])
      t.equal(await world.profile(99), undefined)
    })

    t.test('directory() gives everything that is not a profile, ready for look-up', async (t) => {
      const directory = await (await (await opened(t)).world('one')).directory()
      t.strictSame(directory.personas, { admin: 3 })
      t.strictSame([...(directory.statusOptions?.keys() ?? [])], ['available', 'busy', 'away'])
      t.strictSame(directory.supersetRoles, ['Alpha'])
      t.strictSame([...directory.roles.keys()], [1])
      t.strictSame([...(directory.roles.get(1)?.permissions ?? [])], ['read', 'write'])
      t.strictSame([...directory.teams.values()], seed.teams)
    })

    t.test('the same name is the same world', async (t) => {
      const store = await opened(t)
      await (await store.world('one')).update([7], setName([7], 'changed'))
      t.equal((await (await store.world('one')).profile(7))?.firstName, 'changed')
    })

    t.test('another name is another world, which begins as the seed', async (t) => {
      const store = await opened(t)
      const [one, two] = [await store.world('one'), await store.world('two')]
      await one.update([7], setName([7], 'changed'))
      t.strictSame(await two.toSeed(), inOrder)
      t.strictSame(await (await store.world('three')).toSeed(), inOrder)
    })

    t.test('update() shows the asked profiles that exist', async (t) => {
      const world = await (await opened(t)).world('one')
      const seen = await world.update(new Set([99, 10, 3]), (stored, { roles }) => ({
        changed: [],
        result: { profiles: [99, 10, 3].map((id) => stored.get(id)), roles: [...roles.keys()] },
      }))
      t.strictSame(seen.profiles, [undefined, seed.profiles[0], seed.profiles[1]])
      t.strictSame(seen.roles, [1])
    })

    t.test('update() saves what changed, leaves the rest and gives the result', async (t) => {
      const world = await (await opened(t)).world('one')
      t.equal(await world.update([10, 7], setName([10, 7], 'changed')), 'changed')
      const profiles = inOrder.profiles.map((profile) =>
        [7, 10].includes(profile.id) ? { ...profile, firstName: 'changed' } : profile,
      )
      t.strictSame(await world.toSeed(), { ...inOrder, profiles })
    })

    t.test('the next update() sees what the last one saved', async (t) => {
      const world = await (await opened(t)).world('one')
      await world.update([7], setName([7], 'changed'))
      const stored = await world.update([7], (stored) => ({ changed: [], result: stored.get(7) }))
      t.equal(stored?.firstName, 'changed')
    })

    t.test('update() that throws writes nothing, and the world goes on', async (t) => {
      const world = await (await opened(t)).world('one')
      const failing = async () =>
        world.update([3, 7], () => {
          throw new Error('refused')
        })
      await t.rejects(failing(), { message: 'refused' })
      t.strictSame(await world.toSeed(), inOrder)
      await world.update([7], setName([7], 'later'))
      t.equal((await world.profile(7))?.firstName, 'later')
    })

    t.test('200 concurrent updates of one profile lose nothing', async (t) => {
      const world = await (await opened(t)).world('one')
      const addTag: Revise<void> = (stored) => {
        const { settings, ...profile } = stored.get(7) as StoredProfile
        const tagsOnEdit = settings.tagsOnEdit ?? []
        const changed = [
          { ...profile, settings: { ...settings, tagsOnEdit: [...tagsOnEdit, tagsOnEdit.length] } },
        ]
        return { changed, result: undefined }
      }
      await Promise.all(Array.from({ length: 200 }, () => world.update([7], addTag)))
      t.strictSame(
        (await world.profile(7))?.settings.tagsOnEdit,
        Array.from({ length: 200 }, (_, index) => index),
      )
    })

    t.test('two profiles that always change together never differ', async (t) => {
      const world = await (await opened(t)).world('one')
      const differing: unknown[] = []
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          world.update([7, 8], (stored) => {
            const names = [7, 8].map((id) => stored.get(id)?.firstName)
            if (index > 0 && names[0] !== names[1]) differing.push(names)
            return setName([7, 8], `name ${index}`)(stored, undefined as never)
          }),
        ),
      )
      t.strictSame(differing, [])
    })

    t.test('reset() restores the seed, in that world only', async (t) => {
      const store = await opened(t)
      const [one, two] = [await store.world('one'), await store.world('two')]
      for (const world of [one, two]) await world.update([7, 10], setName([7, 10], 'changed'))
      await one.reset()
      t.strictSame(await one.toSeed(), inOrder)
      t.strictSame(await one.profile(10), seed.profiles[0])
      t.equal((await two.profile(10))?.firstName, 'changed')
      await one.update([10], setName([10], 'again'))
      t.equal((await one.profile(10))?.firstName, 'again')
    })

    t.test('countByRole() counts own roles as they are now', async (t) => {
      const world = await (await opened(t)).world('one')
      t.strictSame([...(await world.countByRole())], [[1, 2]])
      await world.update([7], (stored) => ({
        changed: [{ ...(stored.get(7) as StoredProfile), settings: { roleId: 1 } }],
        result: undefined,
      }))
      t.strictSame([...(await world.countByRole())], [[1, 3]])
    })

    const other = deepFrozen(
      seedWith({ personas: { boss: 5 }, profiles: [profileWith(6), profileWith(5)], roles: [roleWith(2)] }),
    )
    const otherInOrder = { ...other, profiles: [...other.profiles].reverse() }

    t.test('replace() puts another document into that world, until its next reset', async (t) => {
      const store = await opened(t)
      const [one, two] = [await store.world('one'), await store.world('two')]
      await one.update([7], setName([7], 'changed'))
      await one.replace(other)
      t.strictSame(await one.toSeed(), otherInOrder)
      t.strictSame((await one.directory()).personas, { boss: 5 })
      t.equal(await one.profile(7), undefined)
      await one.update([5, 7], setName([5, 7], 'changed'))
      t.equal((await one.profile(5))?.firstName, 'changed')
      t.strictSame(await two.toSeed(), inOrder)
      await one.reset()
      t.strictSame(await one.toSeed(), inOrder)
    })

    t.test('a snapshot is restored as it was taken, however often', async (t) => {
      const { snapshots, ...world } = await (await opened(t)).world('one')
      await world.update([7], setName([7], 'kept'))
      await snapshots.take('first')
      const taken = await world.toSeed()
      for (const change of [
        world.update([7, 8], setName([7, 8], 'lost')),
        world.replace(other),
        world.reset(),
      ]) {
        await change
        t.equal(await snapshots.restore('first'), true)
        t.strictSame(await world.toSeed(), taken)
        await world.update([7], setName([7], 'lost'))
      }
    })

    t.test('snapshots are listed by name, replaced by name and removed by name', async (t) => {
      const { snapshots, ...world } = await (await opened(t)).world('one')
      t.strictSame(await snapshots.list(), [])
      for (const name of ['b', 'c', 'a']) await snapshots.take(name)
      await world.update([7], setName([7], 'later'))
      await snapshots.take('b')
      t.strictSame(await snapshots.list(), ['a', 'b', 'c'])
      t.equal(await snapshots.restore('a'), true)
      t.strictSame(await world.toSeed(), inOrder)
      t.equal(await snapshots.restore('b'), true)
      t.equal((await world.profile(7))?.firstName, 'later')
      t.equal(await snapshots.remove('b'), true)
      t.equal(await snapshots.remove('b'), false)
      t.equal(await snapshots.restore('b'), false)
      t.equal((await world.profile(7))?.firstName, 'later')
    })

    t.test('snapshots stay through a reset and belong to their world', async (t) => {
      const store = await opened(t)
      const one = await store.world('one')
      await one.snapshots.take('first')
      await one.reset()
      t.strictSame(await one.snapshots.list(), ['first'])
      t.strictSame(await (await store.world('two')).snapshots.list(), [])
    })

    t.test('drop() forgets a world and its snapshots, and no other', async (t) => {
      const store = await opened(t)
      for (const name of ['one', 'two']) {
        const world = await store.world(name)
        await world.update([7], setName([7], 'changed'))
        await world.snapshots.take('first')
      }
      await store.drop('one')
      await store.drop('never there')
      const one = await store.world('one')
      t.strictSame(await one.toSeed(), inOrder)
      t.strictSame(await one.snapshots.list(), [])
      t.equal((await (await store.world('two')).profile(7))?.firstName, 'changed')
    })

    t.test('seedWorld() shows the seed whatever became of the worlds', async (t) => {
      const store = await opened(t)
      await (await store.world('one')).update([7], setName([7], 'changed'))
      const people = await store.seedWorld()
      t.strictSame(await people.profile(7), seed.profiles[2])
      t.strictSame((await people.directory()).personas, { admin: 3 })
    })

    // [demo.reset]
    t.test('renew() begins anew once for each time, however many ask for it', async (t) => {
      const store = await opened(t)
      const main = await store.world(defaultWorld)
      const one = await store.world('a')
      for (const world of [main, one]) await world.update([10], setName([10], 'Changed'))
      await main.snapshots.take('s')
      await main.notes.change((notes) => {
        notes.delay = 5
      })
      const next = { ...seed, personas: { other: 10 } }
      const answers = await Promise.all([1, 2, 3].map(() => store.renew(next, 1000)))
      t.strictSame(answers.sort(), [false, false, true])
      t.equal((await main.profile(10))?.firstName, 'Ten')
      t.strictSame((await main.directory()).personas, { other: 10 })
      t.strictSame(await main.snapshots.list(), [])
      t.strictSame(await main.notes.read(), freshNotes())
      t.equal(await store.find('a'), undefined)
      await main.update([10], setName([10], 'Again'))
      t.strictSame([await store.renew(next, 999), await store.renew(next, 1000)], [false, false])
      t.equal((await main.profile(10))?.firstName, 'Again', 'what was done for that time stays')
      t.equal(await store.renew(next, 1001), true)
      t.equal((await main.profile(10))?.firstName, 'Ten')
    })

    t.test('reseed() resets every world to another seed, and new ones begin with it', async (t) => {
      const store = await opened(t)
      const one = await store.world('one')
      await one.update([7], setName([7], 'changed'))
      await store.reseed(other)
      for (const world of [one, await store.world('one'), await store.world('new')]) {
        t.strictSame(await world.toSeed(), otherInOrder)
      }
      t.strictSame((await (await store.seedWorld()).directory()).personas, { boss: 5 })
      await one.update([5], setName([5], 'changed'))
      await one.reset()
      t.strictSame(await one.toSeed(), otherInOrder)
    })

    t.test('texts and ids of every kind are kept as they are', async (t) => {
      const store = await opened(t)
      const world = await store.world('one')
      const rawData = {
        nul: '\u0000',
        'key\u0000': ['\ud800', 'a\udc00b', '\uffff'],
        quotes: '"\\{},\'$1',
        number: 1e21,
        empty: {},
      }
      const profiles = [2 ** 31 + 7, Number.MAX_SAFE_INTEGER].map((id) => profileWith(id, { rawData }))
      await world.replace(seedWith({ profiles }))
      t.strictSame((await world.toSeed()).profiles, profiles)
      const changed = profiles.map((profile) => ({ ...profile, lastName: 'NULL\u0000 \udfff' }))
      const ids = changed.map(({ id }) => id)
      await world.update(ids, () => ({ changed, result: undefined }))
      t.strictSame(await world.find({ ids }, { offset: 0, limit: 9 }), changed)
      t.strictSame(await world.profile(Number.MAX_SAFE_INTEGER), changed[1])
    })

    t.test('ids that can be no profile are nobody', async (t) => {
      const world = await (await opened(t)).world('one')
      const ids = [Number.NaN, 1.5, -1, 2 ** 60, Number.POSITIVE_INFINITY]
      for (const id of ids) t.equal(await world.profile(id), undefined)
      t.strictSame(await world.find({ ids }, { offset: 0, limit: 9 }), [])
      const seen = await world.update(ids, (stored) => ({
        changed: [],
        result: ids.map((id) => stored.get(id)),
      }))
      t.strictSame(
        seen,
        ids.map(() => undefined),
      )
    })

    t.test('a world is listed by its last use, and looking for it is none', async (t) => {
      const store = await opened(t)
      for (const name of ['b', 'a', 'c', 'b']) await store.world(name)
      t.ok(await store.find('a'))
      t.equal(await store.find('never there'), undefined)
      t.strictSame(await store.names(), ['a', 'c', 'b'])
    })

    t.test('a world that was dropped is not found, and is another one afterwards', async (t) => {
      const store = await opened(t)
      const { id, notes } = await store.world('one')
      await notes.change((kept) => Object.assign(kept, { delay: 5 }))
      t.equal((await store.world('one')).id, id)
      t.equal((await store.find('one'))?.id, id)
      await store.drop('one')
      t.equal(await store.find('one'), undefined)
      t.strictSame(await store.names(), [])
      const again = await store.world('one')
      t.not(again.id, id)
      t.strictSame(await again.notes.read(), freshNotes())
    })

    t.test('notes are kept with the world, whatever becomes of its profiles', async (t) => {
      const store = await opened(t)
      const world = await store.world('one')
      t.strictSame(await world.notes.read(), freshNotes())
      t.equal(await world.notes.change((notes) => (notes.delay = '1-2')), '1-2')
      await world.reset()
      await world.replace(other)
      t.strictSame(await (await store.world('one')).notes.read(), { ...freshNotes(), delay: '1-2' })
      t.strictSame(await (await store.world('two')).notes.read(), freshNotes())
    })

    t.test('100 concurrent changes of notes are counted exactly', async (t) => {
      const { notes } = await (await opened(t)).world('one')
      const numbers = await Promise.all(
        Array.from({ length: 100 }, () => notes.change((kept) => ++kept.scenarioCalls)),
      )
      t.strictSame(
        numbers.sort((a, b) => a - b),
        Array.from({ length: 100 }, (_, index) => index + 1),
      )
    })

    t.test('check() resolves while the store is there', async (t) => {
      await t.resolves((await opened(t)).check())
    })

    const all = { offset: 0, limit: 100 }
    const searches: [rule: string, filter: ProfileFilter, page: Page, found: number[]][] = [
      ['without a filter finds all, ordered by id', {}, all, [3, 7, 8, 10]],
      ['pages', {}, { offset: 1, limit: 2 }, [7, 8]],
      ['beyond the last finds none', {}, { offset: 9, limit: 2 }, []],
      ['by ids drops unknown and repeated ones', { ids: [10, 99, 3, 10] }, all, [3, 10]],
      ['by type counts a profile without one as user', { types: ['user'] }, all, [7, 8, 10]],
      ['by ids and types wants both', { ids: [3, 10], types: ['enneo'] }, all, [3]],
      ['by text looks at the first name', { text: 'ten' }, all, [10]],
      ['by text looks at the full name', { text: 'three wo' }, all, [3]],
      ['by text looks at the mail address', { text: 'seven@' }, all, [7]],
      ['by team finds its members', { teams: { ids: [2], unassigned: false } }, all, [10]],
      ['by team finds those without one', { teams: { ids: [1], unassigned: true } }, all, [3, 7, 8]],
      ['by skill finds own ones', { skills: [skill([5, 6], [])] }, all, [7]],
      ['by skill finds inherited ones', { skills: [skill([9], [1])] }, all, [8]],
      ['by several skills wants all', { skills: [skill([5], []), skill([9], [1])] }, all, []],
      ['pages what matches', { text: 'e', types: ['user'] }, { offset: 1, limit: 1 }, [10]],
      ['stops at a full page', { text: 'e' }, { offset: 0, limit: 2 }, [3, 7]],
    ]
    for (const [rule, filter, page, found] of searches) {
      t.test(`find() ${rule}`, async (t) => {
        const world = await (await opened(t)).world('one')
        const expected = inOrder.profiles.filter(({ id }) => found.includes(id))
        t.strictSame(await world.find(filter, page), expected)
      })
    }

    t.test('find() by no type at all finds nobody, whatever was asked before', async (t) => {
      const world = await (await opened(t)).world('one')
      for (const [filter, found] of [
        [{ types: [] }, []],
        [{}, inOrder.profiles],
        [{ types: [] }, []],
      ] as const)
        t.strictSame(await world.find(filter, all), found)
    })

    t.test('find() sees profiles as they are now', async (t) => {
      const world = await (await opened(t)).world('one')
      await world.update([8], setName([8], 'Renamed'))
      t.strictSame(
        (await world.find({ text: 'renamed' }, all)).map(({ id }) => id),
        [8],
      )
    })
  })
}

const skill = (values: number[], providedBy: number[]) => ({ kind: 'tagIds' as const, values, providedBy })
