import {
  AddressedProfileUpdate,
  type UpdateProfilesBody,
} from '../../schemas/update-profiles.ts'
import { createValidator, type Fault } from '../validation.ts'

/** An item that does not fit, or without `index` a body that does not. */
export type BadItem = { index?: number; id?: number; message: string }

const itemSchema = createValidator(AddressedProfileUpdate)

/** Of one item this many faults are named, and this many bad items are listed: a hostile body must not exhaust us (A). */
const mostFaults = 10
const mostBadItems = 100_000

/** Deeper data could not be merged or shown again without exhausting the stack (A). */
const deepestRawData = 100

/**
 * What is wrong with a body, by item and in request order; empty when every item fits the schema (S; A for the required `id`). The published
 * schema cannot be used as it stands: it lets an item without an id through, and its `oneOf` refuses every valid one.
 */
export function checkUpdateProfiles(body: unknown): BadItem[] {
  const items = profilesOf(body)
  if (!items) return [{ message: 'profiles array is required' }]
  const bad: BadItem[] = []
  let unlisted = 0
  for (const [index, item] of items.entries()) {
    if (itemSchema.accepts(item) && !hasDeepRawData(item)) continue
    if (bad.length < mostBadItems) bad.push(badItem(item, index))
    else unlisted += 1
  }
  if (unlisted > 0) bad.push({ message: `${unlisted} more bad items` })
  return bad
}

function profilesOf(body: unknown): readonly unknown[] | undefined {
  const profiles = (body as Partial<UpdateProfilesBody> | null | undefined)?.profiles
  return Array.isArray(profiles) ? profiles : undefined
}

function badItem(item: unknown, index: number): BadItem {
  const id = (item as { id?: unknown } | null)?.id
  const message = itemMessages(item, `profiles[${index}]`).join('; ')
  return Number.isInteger(id) ? { index, id: id as number, message } : { index, message }
}

function itemMessages(item: unknown, at: string): string[] {
  const messages: string[] = []
  for (const { message } of itemFaults(item, at)) {
    if (messages.length === mostFaults) return [...messages, 'and more']
    messages.push(message)
  }
  return messages
}

/** Every fault of one item, by path. */
export function* itemFaults(item: unknown, at: string): Generator<Fault> {
  yield* itemSchema.faults(item, at)
  if (hasDeepRawData(item)) {
    const path = `${at}.rawData`
    yield { path, message: `${path} must be nested at most ${deepestRawData} deep` }
  }
}

function hasDeepRawData(item: unknown): boolean {
  const rawData = (item as { rawData?: unknown } | null)?.rawData
  return typeof rawData === 'object' && isDeeper(rawData, deepestRawData)
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((entry) => isDeeper(entry, levels - 1))
}
