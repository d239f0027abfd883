import { type TSchema, Type } from '@sinclair/typebox'
import { Enum } from '../../schemas/enum.ts'
import { Settings } from '../../schemas/mind-profile.ts'
import {
  AddressedProfileUpdate,
  ProfileUpdate,
  type UpdateProfilesBody,
} from '../../schemas/update-profiles.ts'
import { deepestData, isDeeperThan } from '../depth.ts'
import { createValidator, type Fault, type Validator } from '../validation.ts'

/** An item that does not fit, or without `index` a body that does not. */
export type BadItem = { index?: number; id?: number; message: string }

/** Of one item this many faults are named, and this many bad items are listed: a hostile body must not exhaust us (A). */
const mostFaults = 10
const mostBadItems = 100_000

/**
 * What is wrong with a body, by item and in request order; empty when every item fits the schema (S; A for the
 * required `id`).
 */
export function checkUpdateProfiles(body: unknown, items: Validator = publishedItems): BadItem[] {
  const profiles = profilesOf(body)
  if (!profiles) return [{ message: 'profiles array is required' }]
  const bad: BadItem[] = []
  let unlisted = 0
  for (const [index, item] of profiles.entries()) {
    if (items.accepts(item) && !hasDeepRawData(item)) continue
    if (bad.length < mostBadItems) bad.push(badItem(item, index, items))
    else unlisted += 1
  }
  if (unlisted > 0) bad.push({ message: `${unlisted} more bad items` })
  return bad
}

/** What is wrong with one item, in one sentence; empty when it fits. `at` is its path. */
export function checkItem(item: unknown, at: string, items: Validator = publishedItems): string {
  const messages: string[] = []
  for (const { message } of itemFaults(item, at, items)) {
    if (messages.length === mostFaults) return [...messages, 'and more'].join('; ')
    messages.push(message)
  }
  return messages.join('; ')
}

const publishedItems = createValidator(AddressedProfileUpdate)

const itemsByStatus = new WeakMap<readonly string[], Validator>()

/** Items as published, or with a client's own list of statuses, as the vendor's newer pages have it (P). */
export function itemValidator(statusOptions: readonly string[] | undefined): Validator {
  if (!statusOptions) return publishedItems
  const validator = itemsByStatus.get(statusOptions) ?? createValidator(itemsWithStatus(statusOptions))
  itemsByStatus.set(statusOptions, validator)
  return validator
}

function itemsWithStatus(statusOptions: readonly string[]): TSchema {
  const status = Type.Partial(Type.Object({ status: Enum(statusOptions) }))
  const settings = Type.Composite([Type.Omit(Settings, ['status']), status])
  const [mindProfile, ...rest] = ProfileUpdate.allOf
  return Type.Intersect([
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

function badItem(item: unknown, index: number, items: Validator): BadItem {
  const id = (item as { id?: unknown } | null)?.id
  const message = checkItem(item, `profiles[${index}]`, items)
  return Number.isInteger(id) ? { index, id: id as number, message } : { index, message }
}

function* itemFaults(item: unknown, at: string, items: Validator): Generator<Fault> {
  yield* items.faults(item, at)
  if (hasDeepRawData(item)) {
    const path = `${at}.rawData`.replace(/^\./, '')
    yield { path, message: `${path} must be nested at most ${deepestData} deep` }
  }
}

function hasDeepRawData(item: unknown): boolean {
  const rawData = (item as { rawData?: unknown } | null)?.rawData
  return typeof rawData === 'object' && isDeeperThan(deepestData, rawData)
}
