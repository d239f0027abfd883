import { writableFields } from '../../profiles/writable-fields.ts'
import { mergePatch } from '../../values/merge-patch.ts'
import { isObject, type Json } from './json.ts'

/** The profile after an item that a server took whole, whatever it holds. */
export function laxlyChanged(view: Json, { id: _id, ...item }: Json): Json {
  return mergePatch(view, routingInSettings(item)) as Json
}

/** The profile after an item that succeeded, by the rules of an update. */
export function correctlyChanged(view: Json, item: Json): Json {
  return mergePatch(view, routingInSettings(writableFields(item).fields)) as Json
}

/** Both places of a routing status are one value, and the top level wins (A). */
function routingInSettings({ callRoutingStatus, chatRoutingStatus, ...item }: Json): Json {
  const statuses = Object.entries({ callRoutingStatus, chatRoutingStatus }).filter(
    ([, value]) => value !== undefined,
  )
  if (statuses.length === 0) return item
  const settings = isObject(item.settings) ? item.settings : {}
  return { ...item, settings: { ...settings, ...Object.fromEntries(statuses) } }
}
