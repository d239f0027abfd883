import { type TSchema, Type } from '@sinclair/typebox'
import { Enum } from '../../schemas/enum.ts'
import { ProfileSettings } from '../../schemas/mind-profile.ts'
import { UndocumentedSettings } from '../../schemas/undocumented-settings.ts'
import { ProfileUpdate, type UpdateProfilesBody } from '../../schemas/update-profiles.ts'
import { deepestData, isDeeperThan } from '../values/depth.ts'
import { createValidator, type Misfit, type Validator, whatCame } from '../values/validation.ts'

/** An item that does not fit, or without `index` a body that does not. */
export type BadItem = { index?: number; id?: number; message: string; misfits: Misfit[] }

/**
 * Of one item this many faults are named [message.ten-faults], and this many bad items are listed [message.many-items]:
 * a hostile body must not exhaust us (A).
 */
const mostFaults = 10
const mostBadItems = 100_000
/** Of one call no more violations are kept. */
const mostInParts = 1000

/**
 * What is wrong with a body, by item and in request order [refusal.order]; empty when every item fits the schema
 * [item.shape], as an empty list does [item.empty-list].
 */
export function checkUpdateProfiles(body: unknown, items: Validator): BadItem[] {
  const profiles = profilesOf(body)
  if (!profiles) return [profilesMissing(body)]
  const bad: BadItem[] = []
  let unlisted = 0
  for (let index = 0; index < profiles.length; index += 1) {
    const item = profiles[index]
    if (items.accepts(item) && !hasDeepRawData(item)) continue
    if (bad.length < mostInParts) bad.push(badItem(item, index, items))
    else if (bad.length < mostBadItems) bad.push({ ...badItem(item, index, items), misfits: [] })
    else unlisted += 1
  }
  if (unlisted > 0)
    bad.push({ message: `${unlisted} more bad item${unlisted === 1 ? '' : 's'}`, misfits: [] })
  return bad
}

/** What is wrong with one item; nothing when it fits. `at` is its path. */
export function checkItem(item: unknown, at: string, items: Validator): Misfit[] {
  const misfits: Misfit[] = []
  for (const misfit of itemMisfits(item, at, items)) {
    if (misfits.length === mostFaults) return [...misfits, andMore]
    misfits.push(misfit)
  }
  return misfits
}

const andMore: Misfit = { path: '', expected: '', got: '', message: 'and more' }

const itemsByStatus = new WeakMap<readonly string[], Validator>()

/** Items as published, with the statuses of a world and the settings keys of the vendor's other pages (P). Statuses are
 * compared to the letter [item.status-letter]. */
export function itemValidator(statuses: readonly string[]): Validator {
  const validator = itemsByStatus.get(statuses) ?? createValidator(itemsWith(statuses))
  itemsByStatus.set(statuses, validator)
  return validator
}

function itemsWith(statuses: readonly string[]): TSchema {
  const settings = Type.Partial(
    Type.Object({
      ...ProfileSettings.properties,
      // [item.status] [item.client-status]
      status: Enum(statuses),
      ...UndocumentedSettings.properties,
    }),
  )
  const [mindProfile, ...rest] = ProfileUpdate.allOf
  return Type.Intersect([
    // [item.id-required] The document does not ask for it (A).
    Type.Object({ id: Type.Integer() }),
    Type.Omit(mindProfile, ['settings']),
    Type.Partial(Type.Object({ settings: Type.Union([settings, Type.Null()]) })),
    ...rest,
  ])
}

function profilesOf(body: unknown): readonly unknown[] | undefined {
  const profiles = (body as Partial<UpdateProfilesBody> | null | undefined)?.profiles
  return Array.isArray(profiles) ? profiles : undefined
}

/** [refusal.profiles-array] The one message whose wording is published (S). */
function profilesMissing(body: unknown): BadItem {
  const got = whatCame((body as { profiles?: unknown } | null | undefined)?.profiles, 'profiles')
  const message = 'profiles array is required'
  return { message, misfits: [{ path: 'profiles', expected: 'an array', got, message }] }
}

function badItem(item: unknown, index: number, items: Validator): BadItem {
  const id = (item as { id?: unknown } | null)?.id
  const misfits = checkItem(item, `profiles[${index}]`, items)
  const bad = { index, message: misfits.map(({ message }) => message).join('; '), misfits }
  return Number.isSafeInteger(id) ? { id: id as number, ...bad } : bad
}

function* itemMisfits(item: unknown, at: string, items: Validator): Generator<Misfit> {
  yield* items.faults(item, at)
  if (hasDeepRawData(item)) {
    const path = `${at}.rawData`.replace(/^\./, '')
    const expected = `nested at most ${deepestData} deep`
    yield { path, message: `${path} must be ${expected}`, expected, got: 'deeper data' }
  }
}

/** [item.raw-data-depth] */
function hasDeepRawData(item: unknown): boolean {
  return isDeeperThan(deepestData, (item as { rawData?: unknown } | null)?.rawData)
}
