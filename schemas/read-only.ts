import type { TSchema } from '@sinclair/typebox'

/** Read only in words [item.read-only], or not among the fields that the vendor lists as writable [item.type]. */
const readOnlyInWords = new Set(['email', 'lastSeen', 'type'])

/**
 * Whether a key of a profile cannot be written: by its flag (S), as `actual…`, which is derived [item.derived], or in
 * words.
 */
export const isReadOnly = (key: string, schema: TSchema): boolean =>
  schema.readOnly === true || key.startsWith('actual') || readOnlyInWords.has(key)
